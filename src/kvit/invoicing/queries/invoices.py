"""Documents by id, number and payment reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString

from kvit.base import columns, rows
from kvit.invoicing.domain import CREDITS, is_claim


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A document; amounts in minor units. Number, reference and dates are None for a draft.

    `credits_id` is the invoice that a credit note credits. `supplier_id` and `party_id` are the parties of the two
    sides; a self-billed document's customer is the company itself.
    """

    id: int
    kind: str
    state: str
    number: str | None
    payment_reference: str | None
    customer_id: int
    party_id: int
    currency: str
    gross_minor: int
    issue_date: date | None
    due_date: date | None
    credits_id: int | None
    supplier_id: int

    @property
    def is_claim(self) -> bool:
        """Whether its customer owes it: it may be promised, disputed, said to be paid, made due later."""
        return is_claim(self.kind, self.gross_minor)

    @property
    def counted_minor(self) -> int:
        """Its gross amount, below zero for what is written with positive amounts and takes off."""
        return -self.gross_minor if self.kind in CREDITS else self.gross_minor


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """A customer and the party behind it."""

    customer_id: int
    party_id: int


COLUMNS = """
    SELECT i.id, i.kind, i.state, i.number, i.payment_reference, i.customer_id,
           (SELECT c.party_id FROM invoicing_customer c WHERE c.id = i.customer_id), i.currency,
           i.gross_minor, i.issue_date, i.due_date, i.credits_id, i.supplier_id
"""
_SELECT = COLUMNS + "FROM invoicing_invoice i "
_BY_ID = COLUMNS + rows.looked_up("invoicing_invoice", "id = wanted.value")
_BY_NUMBER = COLUMNS + rows.looked_up("invoicing_invoice", "number = wanted.value", kind="text")
_BY_REFERENCE = COLUMNS + rows.looked_up("invoicing_invoice", "payment_reference = wanted.value", kind="text")


def invoices(invoice_ids: Sequence[int]) -> tuple[InvoiceRow, ...]:
    """Documents by their ids, in id order."""
    return _rows(_BY_ID + "ORDER BY i.id", {"wanted": list(invoice_ids)})


def numbered(number: str) -> InvoiceRow | None:
    """The issued document of this number."""
    return next(iter(_rows(_SELECT + "WHERE i.number = %s", [number])), None)


def by_references(references: Sequence[str]) -> tuple[InvoiceRow, ...]:
    """Issued invoices that carry one of these payment references, in id order."""
    return _rows(_BY_REFERENCE + "WHERE i.state = 'issued' ORDER BY i.id", {"wanted": list(references)})


def by_numbers(numbers: Sequence[str]) -> tuple[InvoiceRow, ...]:
    """Issued documents of these numbers, in id order. Needs the tenant's scope."""
    return _rows(_BY_NUMBER + "WHERE i.state = 'issued' ORDER BY i.id", {"wanted": list(numbers)})


_DOCUMENT_TYPES: Final = {"invoice_id": columns.LONG, "number": columns.TEXT, "reference": columns.TEXT}
_DOCUMENT_COLUMNS: LiteralString = "SELECT i.id, i.number, coalesce(i.payment_reference, '') "


def document_columns(invoice_ids: Sequence[int]) -> columns.Table:
    """Numbers and references of issued documents, by id: a table of columns of invoice_id, number, reference.

    Needs the tenant's scope.
    """
    return columns.read(
        _DOCUMENT_COLUMNS
        + rows.looked_up("invoicing_invoice", "id = wanted.value")
        + "WHERE i.state = 'issued' ORDER BY i.id",
        {"wanted": list(invoice_ids)},
        _DOCUMENT_TYPES,
    )


def document_columns_between(first_id: int, last_id: int) -> columns.Table:
    """The same of all issued documents from an id to an id: many at once are read faster than looked up."""
    return columns.read(
        _DOCUMENT_COLUMNS
        + "FROM invoicing_invoice i WHERE i.id BETWEEN %(first)s AND %(last)s AND i.state = 'issued' ORDER BY i.id",
        {"first": first_id, "last": last_id},
        _DOCUMENT_TYPES,
    )


def all_invoices() -> tuple[InvoiceRow, ...]:
    """Every document that was not discarded, in order of issue, drafts last."""
    return _rows(_SELECT + "WHERE i.state <> 'discarded' ORDER BY i.issue_date, i.series_id, i.sequence, i.id", [])


def issued_since(day: date) -> tuple[InvoiceRow, ...]:
    """Invoices and credit notes issued on a day or later, in id order."""
    return _rows(_SELECT + "WHERE i.state = 'issued' AND i.issue_date >= %s ORDER BY i.id", [day])


def draft_ids() -> list[int]:
    """Documents that wait to be issued, in id order."""
    return [row[0] for row in rows.select("SELECT id FROM invoicing_invoice WHERE state = 'draft' ORDER BY id")]


def find_customer(number: str) -> int | None:
    """The customer with this number."""
    found = rows.select("SELECT id FROM invoicing_customer WHERE number = %s", [number])
    return int(found[0][0]) if found else None


def find_customers(numbers: Sequence[str]) -> dict[str, CustomerKey]:
    """The customers that have these numbers, by number; a number nobody has is left out."""
    found = rows.select(
        "SELECT i.number, i.id, i.party_id "
        + rows.looked_up("invoicing_customer", "number = wanted.value", kind="text"),
        {"wanted": list(numbers)},
    )
    return {number: CustomerKey(customer_id, party_id) for number, customer_id, party_id in found}


def _rows(query: LiteralString, params: Sequence[Any] | Mapping[str, Any]) -> tuple[InvoiceRow, ...]:
    return tuple(InvoiceRow(*row) for row in rows.select(query, params))
