"""Correct an issued document: what it said and what it says now, by their difference."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.formats.einvoice.model import CorrectionEffect, FaKind, PolishTerms
from kvit.invoicing.commands.crediting import Changed, locked
from kvit.invoicing.commands.drafting import put_aside
from kvit.invoicing.commands.writing import DocumentRow, write
from kvit.invoicing.domain import (
    Content,
    Draft,
    DraftLine,
    Kind,
    Reckoning,
    calculate,
    check_lines,
    plain_lines,
)
from kvit.invoicing.domain.corrections import applied, comparable, difference
from kvit.invoicing.domain.kinds import CORRECTABLE
from kvit.invoicing.queries.drafts import lines_of
from kvit.kernel import vat
from kvit.kernel.refusals import DomainError
from kvit.parties import queries as parties

_FA_KINDS: Final = {
    Kind.INVOICE: FaKind.CORRECTION,
    Kind.ADVANCE_INVOICE: FaKind.ADVANCE_CORRECTION,
    Kind.FINAL_INVOICE: FaKind.FINAL_CORRECTION,
}


class NotCorrectable(DomainError):
    """Not an issued invoice, no reason, nothing that changes, more taken off than there is, or it was credited."""

    code: ClassVar[str] = "invoicing.not_correctable"


@dataclass(frozen=True)
class CorrectionDrafted:
    """The draft of the correction, and by how much (minor units) it changes the document: below zero is less."""

    invoice_id: int
    gross_minor: int


@command
def draft_correction(
    ctx: Ctx, *, invoice_id: int, reason: str, lines: tuple[DraftLine, ...], effect: str = "2"
) -> CorrectionDrafted:
    """Draft a correction; `lines` are all the lines of the document as they become, earlier corrections included.

    `effect` is TypKorekty: in whose period the books take it (1 the document's, 2 the correction's, 3 another). What
    changes by its position is told before and after; no lines at all take everything back. The exchange rate stays.
    Refuses `NotCorrectable`, `BadLine`.
    """
    of = locked(invoice_id, CORRECTABLE)
    if of is None or not reason.strip():
        raise NotCorrectable("only an issued invoice can be corrected, and the reason must be given")
    if effect not in set(CorrectionEffect):
        raise NotCorrectable(f"{effect!r} is no effect of a correction; there is 1, 2 and 3")
    changes = _earlier(invoice_id)
    after = plain_lines(lines)
    if after:
        check_lines(after, rates=_rates(of, invoice_id), of="the country on the day of the document")
    told = difference(applied(lines_of(invoice_id), changes), comparable(after, of.currency))
    if not told:
        raise NotCorrectable("nothing would change")
    calculated = calculate(told, of.currency, _reckoning(of, reason, effect))
    if of.gross_minor + _changed_minor(invoice_id) + calculated.gross_minor < 0:
        raise NotCorrectable("more would be taken off than the document is over")
    document = DocumentRow(
        kind=Kind.CORRECTION,
        supplier_id=of.supplier_id,
        customer_id=of.customer_id,
        currency=of.currency,
        terms_days=of.terms_days,
        draft=Draft(of.customer_id, told, references=of.references),
        calculated=calculated,
        credits_id=invoice_id,
        credit_reason=reason.strip()[:200],
        accounting_currency=of.accounting_currency,
        exchange=of.exchange,
    )
    return CorrectionDrafted(write(ctx, [document])[0], calculated.gross_minor)


@command
def redraft_correction(
    ctx: Ctx, *, invoice_id: int, reason: str, lines: tuple[DraftLine, ...], effect: str = "2"
) -> CorrectionDrafted:
    """Replace a draft of a correction by a changed one: what was written stays as it was.

    Refuses `NotMovable` where it is no such draft any more, and what `draft_correction` refuses.
    """
    corrected_id = put_aside(ctx, invoice_id, {Kind.CORRECTION})
    return draft_correction(ctx, invoice_id=corrected_id, reason=reason, lines=lines, effect=effect)


def _rates(of: Changed, invoice_id: int) -> set[Decimal]:
    ((day,),) = rows.select(
        "SELECT coalesce(tax_point_date, issue_date) FROM invoicing_invoice WHERE id = %s", [invoice_id]
    )
    supplier = parties.parties([of.supplier_id])[of.supplier_id]
    return set(vat.rates_on(supplier.country, day))


def _reckoning(of: Changed, reason: str, effect: str) -> Reckoning:
    polish = PolishTerms(
        kind=_FA_KINDS[of.kind], correction_reason=reason.strip()[:256], correction_effect=CorrectionEffect(effect)
    )
    return Reckoning(
        content=Content(exemptions=of.content.exemptions, polish=polish),
        accounting_currency=of.accounting_currency,
        exchange_rate=of.exchange.rate if of.exchange else None,
    )


def _earlier(invoice_id: int) -> list[tuple[DraftLine, ...]]:
    """The lines of each correction of the document so far, drafts refused. Refuses `NotCorrectable`."""
    found = rows.select(
        "SELECT id, kind, state FROM invoicing_invoice WHERE credits_id = %s AND state <> 'discarded' ORDER BY id",
        [invoice_id],
    )
    kinds: dict[str, list[int]] = defaultdict(list)
    for document_id, kind, state in found:
        kinds[kind].append(document_id)
        if state == "draft":
            raise NotCorrectable("the document is being changed by another draft; issue or discard that first")
    if kinds[Kind.CREDIT_NOTE]:
        raise NotCorrectable("the document was credited; what is left of it is credited too")
    return [lines_of(document_id) for document_id in kinds[Kind.CORRECTION]]


def _changed_minor(invoice_id: int) -> int:
    ((total,),) = rows.select(
        """
        SELECT coalesce(sum(gross_minor), 0)::bigint FROM invoicing_invoice
        WHERE credits_id = %s AND kind = 'correction' AND state <> 'discarded'
        """,
        [invoice_id],
    )
    return int(total)
