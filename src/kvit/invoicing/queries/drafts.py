"""A kept draft as the value it was written from, so that it can be changed and written anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kvit.base import rows
from kvit.formats.einvoice.model import Adjustment
from kvit.invoicing.domain import (
    Calculated,
    Draft,
    DraftLine,
    Exchange,
    InvoiceState,
    Kind,
    Reckoning,
    References,
    calculate,
    plain_lines,
)
from kvit.invoicing.domain.content import NO_CONTENT, Content, LineContent, content_of, line_content_of
from kvit.invoicing.domain.corrections import applied, comparable, difference


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A document that is not issued yet, as a draft; `state` is draft or discarded."""

    id: int
    state: str
    supplier_id: int
    draft: Draft


def kept_draft(invoice_id: int) -> KeptDraft | None:
    """A document that carries no number, whatever its kind; None for any other. Needs the tenant's scope.

    Allowances and charges in percent have no amount: that is calculated anew.
    """
    heads = rows.select(
        """
        SELECT id, state, supplier_id, customer_id, currency, terms_days, given_reference, kind, tax_point_date,
               exchange_rate, exchange_date, exchange_source, prepaid_minor, rounding_minor, buyer_reference,
               order_reference, contract_reference, project_reference, period_start_date, period_end_date, content::text
        FROM invoicing_invoice WHERE id = %s AND number IS NULL
        """,
        [invoice_id],
    )
    if not heads:
        return None
    (head,) = heads
    return KeptDraft(*(*head[:3], _draft(head, _lines(invoice_id))))


def lines_as_corrected(invoice_id: int) -> tuple[DraftLine, ...]:
    """The lines of an issued document as its corrections left them. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id FROM invoicing_invoice WHERE credits_id = %s AND kind = %s AND number IS NOT NULL ORDER BY id",
        [invoice_id, Kind.CORRECTION.value],
    )
    return applied(lines_of(invoice_id), [lines_of(row[0]) for row in found])


@dataclass(frozen=True, slots=True)
class KeptChange:
    """A draft that changes an issued document: which one, why, and by which lines.

    Of a credit note they are its own; of a correction all the lines of the document as they become, `effect` with them.
    """

    id: int
    of_id: int
    kind: Kind
    reason: str
    effect: str
    lines: tuple[DraftLine, ...]


def kept_change(invoice_id: int) -> KeptChange | None:
    """A draft of a credit note or of a correction; None for any other. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT id, credits_id, kind, credit_reason, content::text FROM invoicing_invoice
        WHERE id = %s AND credits_id IS NOT NULL AND state = %s
        """,
        [invoice_id, InvoiceState.DRAFT.value],
    )
    if not found:
        return None
    ((draft_id, of_id, kind, reason, content),) = found
    lines, effect = lines_of(draft_id), ""
    if kind == Kind.CORRECTION:
        polish = content_of(content).polish
        effect = polish.correction_effect.value if polish and polish.correction_effect else ""
        lines = applied(lines_as_corrected(of_id), [lines])
    return KeptChange(draft_id, of_id, Kind(kind), reason, effect, lines)


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction would change; `change` is what it carries, None where nothing changes. Minor units."""

    before: Calculated
    after: Calculated
    change: Calculated | None


def reckoned_correction(invoice_id: int, lines: Sequence[DraftLine]) -> Change | None:
    """What a correction to these lines would say; None where there is no such document. Needs the tenant's scope.

    Refuses `BadLine`, `NotRepresentable`.
    """
    found = rows.select(
        "SELECT currency, exchange_rate, accounting_currency, content::text FROM invoicing_invoice WHERE id = %s",
        [invoice_id],
    )
    if not found:
        return None
    ((currency, rate, national, kept),) = found
    by = Reckoning(Content(exemptions=content_of(kept).exemptions), national, rate)
    before = lines_as_corrected(invoice_id)
    after = comparable(plain_lines(lines), currency)
    told = difference(before, after)
    return Change(
        calculate(before, currency, by),
        calculate(after, currency, by),
        calculate(told, currency, by) if told else None,
    )


def _lines(invoice_id: int) -> tuple[DraftLine, ...]:
    return tuple(
        one if one.content is None else replace(one, content=_line_content(one.content)) for one in lines_of(invoice_id)
    )


def lines_of(invoice_id: int) -> tuple[DraftLine, ...]:
    """The lines of a document as those of a draft."""
    return tuple(
        DraftLine(*(*row[:-1], line_content_of(row[-1]) if row[-1] else None))
        for row in rows.select(
            """
            SELECT description, quantity, unit_price, vat_rate, unit, vat_category, content::text
            FROM invoicing_invoiceline WHERE invoice_id = %s ORDER BY position
            """,
            [invoice_id],
        )
    )


def _draft(head: Any, lines: tuple[DraftLine, ...]) -> Draft:
    references = References(*head[14:18])
    content = _content(head[20])
    return Draft(
        *(head[3], lines, head[4], head[5], head[6]),
        kind=Kind(head[7]),
        tax_point_date=head[8],
        exchange=Exchange(*head[9:12]) if head[9] is not None else None,
        prepaid_minor=head[12],
        rounds_cash=bool(head[13]),
        references=references if references != References() else None,
        period=(head[18], head[19]) if head[18] else None,
        content=content if content != NO_CONTENT else None,
    )


def _content(kept: str | None) -> Content:
    content = content_of(kept)
    return replace(content, allowances=_asked(content.allowances), charges=_asked(content.charges))


def _line_content(content: LineContent) -> LineContent:
    return replace(content, allowances=_asked(content.allowances), charges=_asked(content.charges))


def _asked(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(
        one if one.percent is None else replace(one, amount_minor=None, base_minor=None) for one in adjustments
    )
