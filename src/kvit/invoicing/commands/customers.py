"""Make parties customers."""

from dataclasses import dataclass
from typing import ClassVar, Final

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.codec import Bulk, Personal
from kvit.base.command import Ctx, command
from kvit.invoicing.domain import LONGEST_TERMS
from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError
from kvit.parties import commands as parties
from kvit.parties.domain.register import NewParty

LONGEST_NUMBER: Final = 40


class CustomerNumberTaken(DomainError):
    """Another customer has this number, or the party is a customer already."""

    code: ClassVar[str] = "invoicing.customer_number_taken"


class UnknownParty(DomainError):
    """A customer's party is not one of the company's."""

    code: ClassVar[str] = "invoicing.unknown_party"


class BadCustomer(DomainError):
    """A customer number or terms that no customer can have."""

    code: ClassVar[str] = "invoicing.bad_customer"


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A party to be invoiced, under a number of the company's own; terms in days from issue."""

    party_id: int
    number: str
    currency: str
    terms_days: int = 30


@dataclass(frozen=True)
class CustomersRegistered:
    """The customers' ids, in the order they were given."""

    customer_ids: tuple[int, ...]


@dataclass(frozen=True)
class CustomerAdded:
    """The customer, and the party that was registered for it."""

    customer_id: int
    party_id: int


@command
def add_customer(ctx: Ctx, *, party: Personal[NewParty], number: str, currency: str, terms_days: int) -> CustomerAdded:
    """Get to know a party and make it a customer, both or neither.

    Refuses what `parties.register_parties` and `register_customers` refuse.
    """
    (party_id,) = parties.register_parties(ctx, parties=[party]).party_ids
    new = NewCustomer(party_id, number.strip(), currency, terms_days)
    (customer_id,) = register_customers(ctx, customers=(new,)).customer_ids
    return CustomerAdded(customer_id, party_id)


@command
def register_customers(ctx: Ctx, *, customers: Bulk[tuple[NewCustomer, ...]]) -> CustomersRegistered:
    """Make parties customers, all or none.

    Refuses `CustomerNumberTaken`, `BadCustomer`, `UnknownParty`, `UnknownCurrency`.
    """
    for customer in customers:
        if not 0 < len(customer.number.strip()) <= LONGEST_NUMBER or not 0 <= customer.terms_days <= LONGEST_TERMS:
            raise BadCustomer(
                f"customer {customer.number[:LONGEST_NUMBER]!r}: a number has 1 to {LONGEST_NUMBER} characters, "
                f"terms are 0 to {LONGEST_TERMS} days"
            )
    for currency in {customer.currency for customer in customers}:
        currencies.minor_units(currency)
    count = len(customers)
    ids = rows.next_ids("invoicing_customer", count)
    try:
        inserted = rows.insert(
            "invoicing_customer",
            {
                "id": ("bigint", ids),
                "tenant_id": ("int", [ctx.tenant_id] * count),
                "party_id": ("bigint", [c.party_id for c in customers]),
                "number": ("text", [c.number for c in customers]),
                "currency": ("text", [c.currency for c in customers]),
                "terms_days": ("smallint", [c.terms_days for c in customers]),
            },
            tail="ON CONFLICT DO NOTHING RETURNING id",
        )
    except IntegrityError as error:
        if rows.violated(error) == "invoicing_customer_party_id_fk":
            raise UnknownParty("a customer's party is not one of the company's") from error
        raise
    if len(inserted) < count:
        left = set(ids) - {row[0] for row in inserted}
        number = next(c.number for i, c in zip(ids, customers, strict=True) if i in left)
        raise CustomerNumberTaken(f"customer number {number} is taken, or the party is a customer already")
    return CustomersRegistered(tuple(ids))
