"""Estimates: those that wait for money, what has come of it, and all of them by where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, LiteralString

from kvit.base import rows
from kvit.invoicing.queries.invoices import COLUMNS, InvoiceRow


@dataclass(frozen=True, slots=True)
class OpenEstimate:
    """An issued estimate that is not invoiced yet; minor units, `paid_minor` by advance invoices."""

    id: int
    number: str
    payment_reference: str
    party_id: int
    currency: str
    payable_minor: int
    paid_minor: int
    issue_date: date


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """An estimate that was not discarded; minor units. `invoice_id` is the invoice or the final invoice of it."""

    id: int
    number: str | None
    customer_id: int
    party_id: int
    currency: str
    payable_minor: int
    paid_minor: int
    issue_date: date | None
    due_date: date | None
    invoice_id: int | None
    invoice_number: str | None
    order_number: str | None


_COLUMNS: LiteralString = """
    SELECT i.id, i.number, i.payment_reference, c.party_id, i.currency, i.gross_minor + i.rounding_minor,
           coalesce((SELECT sum(p.amount_minor) FROM invoicing_estimatepayment p
                     WHERE p.estimate_id = i.id), 0)::bigint,
           i.issue_date
"""
_OPEN: LiteralString = """
    JOIN invoicing_customer c ON c.id = i.customer_id
    WHERE i.kind = 'estimate' AND i.state = 'issued' AND NOT EXISTS (
        SELECT FROM invoicing_invoice m WHERE m.estimate_id = i.id AND m.kind <> 'advance_invoice'
          AND m.state <> 'discarded')
    ORDER BY i.id
"""
_QUOTABLE: Final = ("number", "payment_reference")


def open_estimates(*, quoted: Sequence[str] | None = None) -> tuple[OpenEstimate, ...]:
    """Estimates that wait for money, in id order; those alone whose number or reference is `quoted`.

    Needs the tenant's scope.
    """
    if quoted is None:
        return tuple(OpenEstimate(*row) for row in rows.select(_COLUMNS + "FROM invoicing_invoice i" + _OPEN))
    found: dict[int, OpenEstimate] = {}
    for column in _QUOTABLE:
        of = rows.looked_up("invoicing_invoice", column + " = wanted.value", kind="text")
        for row in rows.select(_COLUMNS + of + _OPEN, {"wanted": list(quoted)}):
            found[row[0]] = OpenEstimate(*row)
    return tuple(found[key] for key in sorted(found))


def has_estimates() -> bool:
    """Whether there is any issued estimate that money could quote: most payments need not be asked about one.

    Needs the tenant's scope.
    """
    found = rows.select("SELECT EXISTS (SELECT FROM invoicing_invoice WHERE kind = 'estimate' AND state = 'issued')")
    return bool(found[0][0])


_ALL = """
    SELECT i.id, i.number, i.customer_id, c.party_id, i.currency, i.gross_minor + i.rounding_minor,
           coalesce((SELECT sum(p.amount_minor) FROM invoicing_estimatepayment p
                     WHERE p.estimate_id = i.id), 0)::bigint,
           i.issue_date, i.due_date, m.id, m.number, (
        SELECT o.number FROM invoicing_orderbilling b JOIN invoicing_order o ON o.id = b.order_id
        WHERE b.invoice_id = i.id ORDER BY o.id LIMIT 1)
    FROM invoicing_invoice i JOIN invoicing_customer c ON c.id = i.customer_id
    LEFT JOIN LATERAL (
        SELECT id, number FROM invoicing_invoice WHERE estimate_id = i.id AND kind <> 'advance_invoice'
          AND state <> 'discarded' ORDER BY id LIMIT 1) m ON true
    WHERE i.kind = 'estimate' AND i.state <> 'discarded'
"""


def estimates(*, limit: int) -> tuple[EstimateRow, ...]:
    """Estimates that were not discarded, the newest first. Needs the tenant's scope."""
    return tuple(EstimateRow(*row) for row in rows.select(_ALL + "ORDER BY i.id DESC LIMIT %s", [limit]))


def estimate(estimate_id: int) -> EstimateRow | None:
    """One estimate; None for what is none, or was discarded. Needs the tenant's scope."""
    return next((EstimateRow(*row) for row in rows.select(_ALL + "AND i.id = %s", [estimate_id])), None)


def documents_of_estimate(estimate_id: int) -> tuple[InvoiceRow, ...]:
    """What an estimate became: advance invoices, the final one, or the invoice; in id order. Needs the scope."""
    found = rows.select(
        COLUMNS + "FROM invoicing_invoice i WHERE i.estimate_id = %s AND i.state <> 'discarded' ORDER BY i.id",
        [estimate_id],
    )
    return tuple(InvoiceRow(*row) for row in found)
