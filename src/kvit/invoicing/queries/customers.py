"""Customers by id, party and number."""

from collections.abc import Sequence
from dataclasses import dataclass

from kvit.base import columns, rows


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer: a party under a number, with its currency and its terms in days from issue."""

    id: int
    party_id: int
    number: str
    currency: str
    terms_days: int


_COLUMNS = "SELECT id, party_id, number, currency, terms_days FROM invoicing_customer "


def customer(customer_id: int) -> CustomerRow | None:
    """One customer, or None. Needs the tenant's scope."""
    found = rows.select(_COLUMNS + "WHERE id = %s", [customer_id])
    return CustomerRow(*found[0]) if found else None


def customers_by_id(customer_ids: Sequence[int]) -> dict[int, CustomerRow]:
    """These customers, by id; those that are not there are left out. Needs the tenant's scope."""
    found = rows.select(_COLUMNS + "WHERE id IN (SELECT unnest(%s::bigint[]))", [list(customer_ids)])
    return {row[0]: CustomerRow(*row) for row in found}


def customers_of(party_ids: Sequence[int]) -> dict[int, CustomerRow]:
    """The customers behind these parties, by party. Needs the tenant's scope."""
    found = rows.select(_COLUMNS + "WHERE party_id IN (SELECT unnest(%s::bigint[]))", [list(party_ids)])
    return {row[1]: CustomerRow(*row) for row in found}


def customers(*, limit: int, after: str = "") -> tuple[CustomerRow, ...]:
    """Customers in the order of their numbers, from behind this one on. Needs the tenant's scope."""
    found = rows.select(_COLUMNS + "WHERE number > %s ORDER BY number LIMIT %s", [after, limit])
    return tuple(CustomerRow(*row) for row in found)


def customer_columns() -> columns.Table:
    """Every customer: a table of columns of party_id and number, by party. Needs the tenant's scope."""
    return columns.read(
        "SELECT party_id, number FROM invoicing_customer ORDER BY party_id",
        (),
        {"party_id": columns.LONG, "number": columns.TEXT},
    )


def next_customer_number() -> str:
    """One more than the highest customer number that is a number; `1001` for the first."""
    ((highest,),) = rows.select(
        "SELECT coalesce(max(number::bigint), 1000) FROM invoicing_customer WHERE number ~ '^[0-9]{1,15}$'"
    )
    return str(highest + 1)
