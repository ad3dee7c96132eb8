"""Issued documents as their buyer sees them, many at a time: lines, VAT, moved due dates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kvit.base import rows
from kvit.invoicing.domain import is_claim
from kvit.invoicing.queries.invoices import COLUMNS, InvoiceRow


@dataclass(frozen=True, slots=True)
class BuyersLine:
    """One line; the net amount is in minor units."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    net_minor: int


@dataclass(frozen=True, slots=True)
class BuyersVat:
    """The VAT of one rate; minor units."""

    vat_rate: Decimal
    base_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class MovedDueDate:
    """A due date that was moved, and what was said about it."""

    id: int
    from_date: date
    to_date: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BuyersCopy:
    """An issued document with all that stands on it; amounts in minor units. A credit note asks for no reference."""

    id: int
    kind: str
    number: str
    payment_reference: str | None
    supplier_id: int
    party_id: int
    customer_number: str
    currency: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    issue_date: date
    due_date: date
    credits_id: int | None
    credit_reason: str
    lines: tuple[BuyersLine, ...]
    vat: tuple[BuyersVat, ...]
    moves: tuple[MovedDueDate, ...]
    rounding_minor: int = 0
    prepaid_minor: int = 0

    @property
    def is_claim(self) -> bool:
        """Whether its customer owes it: it may be promised, disputed, said to be paid."""
        return is_claim(self.kind, self.gross_minor)

    @property
    def payable_minor(self) -> int:
        """What it asks for: with VAT, rounded, less what was paid before."""
        return self.gross_minor + self.rounding_minor - self.prepaid_minor


# One look-up by index per id: while a table grows, there are no statistics to make a planner choose it.
_WANTED = "FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id) wanted CROSS JOIN LATERAL "
_LINES = (
    "SELECT l.* "
    + _WANTED
    + """(SELECT invoice_id, description, quantity, unit, unit_price, vat_rate, net_minor
          FROM invoicing_invoiceline WHERE invoice_id = wanted.id ORDER BY position) l"""
)
_VAT = (
    "SELECT v.* "
    + _WANTED
    + """(SELECT invoice_id, vat_rate, base_minor, vat_minor
          FROM invoicing_vattotal WHERE invoice_id = wanted.id ORDER BY vat_rate) v"""
)
_MOVES = (
    "SELECT m.* "
    + _WANTED
    + """(SELECT invoice_id, id, from_date, to_date, reason, at
          FROM invoicing_duedatemove WHERE invoice_id = wanted.id ORDER BY id) m"""
)


def buyers_copies(document_ids: Sequence[int]) -> dict[int, BuyersCopy]:
    """A set of documents by id, in four statements whatever their number; unknown ids and drafts are left out.

    Needs the tenant's scope.
    """
    ids = [list(document_ids)]
    heads = rows.select(
        """
        SELECT i.id, i.kind, i.number, i.payment_reference, i.supplier_id, c.party_id, c.number, i.currency,
               i.net_minor, i.vat_minor, i.gross_minor, i.issue_date, i.due_date, i.credits_id, i.credit_reason,
               i.rounding_minor, i.prepaid_minor
        """
        + _WANTED
        + "(SELECT * FROM invoicing_invoice WHERE id = wanted.id AND state = 'issued' OFFSET 0) i "
        "CROSS JOIN LATERAL (SELECT party_id, number FROM invoicing_customer WHERE id = i.customer_id OFFSET 0) c",
        ids,
    )
    lines, vat, moves = (_grouped(rows.select(query, ids)) for query in (_LINES, _VAT, _MOVES))
    found = {}
    for head in heads:
        stands = tuple(BuyersLine(*row) for row in lines[head[0]])
        rates = tuple(BuyersVat(*row) for row in vat[head[0]])
        moved = tuple(MovedDueDate(*row) for row in moves[head[0]])
        found[head[0]] = BuyersCopy(*(*head[:-2], stands, rates, moved, *head[-2:]))
    return found


def issued_to(party_id: int, *, limit: int, below: tuple[date, int] | None = None) -> tuple[InvoiceRow, ...]:
    """Issued documents of a party, the newest first; `below` is the (issue date, id) of the last one seen.

    Needs the tenant's scope.
    """
    day, last = below or (date.max, 0)
    found = rows.select(
        COLUMNS
        + """
        FROM (SELECT id FROM invoicing_customer WHERE party_id = %s OFFSET 0) buyer
        JOIN invoicing_invoice i ON i.customer_id = buyer.id AND i.state = 'issued'
        WHERE (i.issue_date, i.id) < (%s, %s) ORDER BY i.issue_date DESC, i.id DESC LIMIT %s
        """,
        [party_id, day, last, limit],
    )
    return tuple(InvoiceRow(*row) for row in found)


def invoices_credited_by(document_ids: Sequence[int]) -> tuple[int, ...]:
    """The invoices that these credit notes credit; other documents are passed over. Needs the tenant's scope."""
    found = rows.select(
        "SELECT DISTINCT i.credits_id " + _WANTED + "(SELECT credits_id FROM invoicing_invoice "
        "WHERE id = wanted.id AND credits_id IS NOT NULL OFFSET 0) i ORDER BY 1",
        [list(document_ids)],
    )
    return tuple(row[0] for row in found)


def _grouped(found: Sequence[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for of, *row in found:
        groups[of].append(row)
    return groups
