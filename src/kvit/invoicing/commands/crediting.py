"""Credit an issued invoice: the only way to take it back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.drafting import put_aside
from kvit.invoicing.commands.writing import DocumentRow, write
from kvit.invoicing.domain import (
    CREDITED_BY,
    CREDITS,
    Content,
    Draft,
    DraftLine,
    Exchange,
    InvoiceState,
    Kind,
    Reckoning,
    References,
    calculate,
    check_lines,
    plain_lines,
)
from kvit.invoicing.domain.content import content_of
from kvit.invoicing.queries.drafts import lines_of
from kvit.kernel.refusals import DomainError


class NotCreditable(DomainError):
    """Not an issued invoice, no reason given, or more would be credited than was invoiced."""

    code: ClassVar[str] = "invoicing.not_creditable"


@dataclass(frozen=True)
class CreditDrafted:
    """The draft of the credit note; issue it like an invoice."""

    invoice_id: int
    gross_minor: int


@command
def draft_credit_note(
    ctx: Ctx, *, invoice_id: int, reason: str, lines: tuple[DraftLine, ...] | None = None
) -> CreditDrafted:
    """Draft a credit note for a whole document, or for the lines given. Amounts are positive, as EN 16931 type 381.

    What is self-billed gets a self-billed one (261). Of a document in a foreign currency the rate stays. Allowances and
    charges of the document are credited with the whole. Drafts count as credited until they are discarded.
    Refuses `NotCreditable`, `BadLine`.
    """
    of = _locked(invoice_id)
    if of is None or not reason.strip():
        raise NotCreditable("only an issued invoice can be credited, and the reason must be given")
    whole = lines_of(invoice_id)
    credited_minor = _credited_minor(invoice_id)
    is_whole = lines is None and not credited_minor
    if lines is not None:
        lines = plain_lines(lines)
        check_lines(lines, rates={line.vat_rate for line in whole}, of="the credited invoice")
    reckoning = Reckoning(
        content=replace(Content() if lines is not None else of.content, exemptions=of.content.exemptions),
        accounting_currency=of.accounting_currency,
        exchange_rate=of.exchange.rate if of.exchange else None,
        rounding_minor=of.rounding_minor if is_whole else 0,
    )
    calculated = calculate(lines or whole, of.currency, reckoning)
    left_minor = of.gross_minor - credited_minor
    if not 0 < calculated.gross_minor <= left_minor:
        raise NotCreditable(f"{calculated.gross_minor} minor units to credit, {left_minor} are left of the invoice")
    document = DocumentRow(
        kind=CREDITED_BY[of.kind],
        supplier_id=of.supplier_id,
        customer_id=of.customer_id,
        currency=of.currency,
        terms_days=of.terms_days,
        draft=Draft(of.customer_id, lines or whole, references=of.references),
        calculated=calculated,
        credits_id=invoice_id,
        credit_reason=reason.strip(),
        accounting_currency=of.accounting_currency,
        exchange=of.exchange,
    )
    return CreditDrafted(write(ctx, [document])[0], calculated.gross_minor)


@command
def redraft_credit_note(
    ctx: Ctx, *, invoice_id: int, reason: str, lines: tuple[DraftLine, ...] | None = None
) -> CreditDrafted:
    """Replace a draft of a credit note, self-billed ones too, by a changed one: what was written stays as it was.

    Refuses `NotMovable` where it is no such draft any more, and what `draft_credit_note` refuses.
    """
    credited_id = put_aside(ctx, invoice_id, CREDITS)
    return draft_credit_note(ctx, invoice_id=credited_id, reason=reason, lines=lines)


@dataclass(frozen=True, slots=True)
class Changed:
    """An issued document that is to be changed by another one."""

    kind: Kind
    supplier_id: int
    customer_id: int
    currency: str
    terms_days: int
    gross_minor: int
    rounding_minor: int
    accounting_currency: str
    exchange: Exchange | None
    references: References
    content: Content


def locked(invoice_id: int, kinds: Collection[Kind]) -> Changed | None:
    """The issued document of one of these kinds, locked."""
    found = rows.select(
        """
        SELECT kind, supplier_id, customer_id, currency, terms_days, gross_minor, rounding_minor, accounting_currency,
               exchange_rate, exchange_date, exchange_source, buyer_reference, order_reference, contract_reference,
               project_reference, content::text
        FROM invoicing_invoice
        WHERE id = %s AND kind IN (SELECT unnest(%s::text[])) AND state = %s FOR NO KEY UPDATE
        """,
        [invoice_id, [kind.value for kind in kinds], InvoiceState.ISSUED.value],
    )
    if not found:
        return None
    (row,) = found
    return Changed(
        *(
            *(Kind(row[0]), *row[1:8], Exchange(*row[8:11]) if row[8] is not None else None),
            *(References(*row[11:15]), content_of(row[15])),
        )
    )


def _locked(invoice_id: int) -> Changed | None:
    return locked(invoice_id, CREDITED_BY)


def _credited_minor(invoice_id: int) -> int:
    """What credit notes and corrections took off; read after the invoice is locked: of two one sees the other."""
    ((total,),) = rows.select(
        """
        SELECT coalesce(sum(CASE kind WHEN 'correction' THEN -gross_minor ELSE gross_minor END), 0)::bigint
        FROM invoicing_invoice WHERE credits_id = %s AND state <> %s
        """,
        [invoice_id, InvoiceState.DISCARDED.value],
    )
    return int(total)
