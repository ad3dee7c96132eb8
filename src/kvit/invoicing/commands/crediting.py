"""Credit an issued invoice: the only way to take it back."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.drafting import DocumentRow, write
from kvit.invoicing.domain import Draft, DraftLine, InvoiceState, Kind, calculate, check_lines
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
    """Draft a credit note for a whole invoice, or for the lines given. Amounts are positive, as EN 16931 type 381.

    Drafts count as credited until they are discarded. Refuses `NotCreditable`, `BadLine`.
    """
    found = rows.select(
        """
        SELECT supplier_id, customer_id, currency, terms_days, gross_minor FROM invoicing_invoice
        WHERE id = %s AND kind = %s AND state = %s FOR NO KEY UPDATE
        """,
        [invoice_id, Kind.INVOICE.value, InvoiceState.ISSUED.value],
    )
    if not found or not reason.strip():
        raise NotCreditable("only an issued invoice can be credited, and the reason must be given")
    supplier_id, customer_id, currency, terms_days, gross_minor = found[0]
    credited = _lines_of(invoice_id)
    if lines is not None:
        check_lines(lines, rates={line.vat_rate for line in credited}, of="the credited invoice")
        credited = lines
    calculated = calculate(credited, currency)
    left_minor = gross_minor - _credited_minor(invoice_id)
    if not 0 < calculated.gross_minor <= left_minor:
        raise NotCreditable(f"{calculated.gross_minor} minor units to credit, {left_minor} are left of the invoice")
    document = DocumentRow(
        kind=Kind.CREDIT_NOTE,
        supplier_id=supplier_id,
        customer_id=customer_id,
        currency=currency,
        terms_days=terms_days,
        draft=Draft(customer_id, credited),
        calculated=calculated,
        credits_id=invoice_id,
        credit_reason=reason.strip(),
    )
    return CreditDrafted(write(ctx, [document])[0], calculated.gross_minor)


def _credited_minor(invoice_id: int) -> int:
    """Read after the invoice is locked: of two who credit it at once the second sees the first."""
    ((total,),) = rows.select(
        """
        SELECT coalesce(sum(gross_minor), 0)::bigint FROM invoicing_invoice WHERE credits_id = %s AND state <> %s
        """,
        [invoice_id, InvoiceState.DISCARDED.value],
    )
    return int(total)


def _lines_of(invoice_id: int) -> tuple[DraftLine, ...]:
    return tuple(
        DraftLine(*row)
        for row in rows.select(
            """
            SELECT description, quantity, unit_price, vat_rate, unit FROM invoicing_invoiceline
            WHERE invoice_id = %s ORDER BY position
            """,
            [invoice_id],
        )
    )
