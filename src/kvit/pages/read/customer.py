"""A customer at a glance: what is owed, how they pay, how they are reached, and what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kvit.invoicing import queries as invoicing
from kvit.invoicing.queries import CustomerRow, InvoiceRow
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Habit, Item, Owed
from kvit.pages.read import books, document, invoices, standing
from kvit.pages.read.document import Happened
from kvit.pages.read.invoices import Listed
from kvit.parties import queries as parties
from kvit.parties.queries import Checked, Contact, Fact, Party, PortalLogin

LATEST = 20


@dataclass(frozen=True, slots=True)
class Credit:
    """What a customer has paid or been credited and not used; from a payment or a credit note."""

    item: Item
    title: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A customer as its page shows it."""

    customer: CustomerRow
    party: Party
    owed: tuple[Owed, ...]
    open_documents: tuple[Listed, ...]
    credits: tuple[Credit, ...]
    latest: tuple[Listed, ...]
    habit: Habit | None
    contacts: tuple[Contact, ...]
    logins: tuple[PortalLogin, ...]
    numbers: tuple[Checked, ...]
    facts: tuple[Fact, ...]
    history: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A customer of the list, with what it owes per currency."""

    customer: CustomerRow
    name: str
    owed: tuple[Owed, ...]


def shown(customer_id: int, *, today: date, now: datetime) -> Shown | None:
    """A customer, or None where there is no such one. Needs the tenant's scope."""
    customer = invoicing.customer(customer_id)
    party = parties.party(customer.party_id) if customer else None
    if customer is None or party is None:
        return None
    items = ledger.open_items(party.id)
    open_ids = [item.subject_id for item in items if item.side == "debit" and item.subject_kind == "invoice"]
    latest = invoicing.listed(limit=LATEST, customer_id=customer_id)
    known = {document.id: document for document in latest}
    others = invoicing.invoices(missing) if (missing := [i for i in open_ids if i not in known]) else ()
    # Together, for what is open and what is new are mostly the same, and each set costs the same few statements.
    of_ledger = standing.items_of([*latest, *others])
    names = {party.id: party.name}
    listed = {d.id: d for d in invoices.described([*latest, *others], today=today, items=of_ledger, names=names)}
    return Shown(
        customer=customer,
        party=party,
        owed=ledger.owed([party.id], today=today),
        open_documents=_by_due([listed[i] for i in open_ids if i in listed]),
        credits=_credits([item for item in items if item.side == "credit"]),
        latest=tuple(listed[document.id] for document in latest),
        habit=ledger.habit(party.id),
        contacts=tuple(c for c in parties.contacts_of(party.id) if c.closed_at is None or c.closed_at > now),
        logins=tuple(found for found in parties.portal_logins(party.id) if found.closed_at is None),
        numbers=parties.checked_numbers(party.id, today=today),
        facts=parties.facts(party.id, today=today),
        history=_history(latest, of_ledger),
    )


def rows(customers: Sequence[CustomerRow], *, today: date) -> tuple[Row, ...]:
    """Customers with their names and what they owe, in the order given. Needs the tenant's scope."""
    party_ids = [customer.party_id for customer in customers]
    names = parties.names(party_ids)
    owed = ledger.owed(party_ids, today=today)
    return tuple(
        Row(customer, names.get(customer.party_id, ""), tuple(o for o in owed if o.party_id == customer.party_id))
        for customer in customers
    )


def debtors(*, today: date, limit: int, offset: int) -> tuple[Row, ...]:
    """Customers by what they owe, the largest first. Needs the tenant's scope."""
    found = [party_id for party_id, _currency, _minor in ledger.largest_debtors(limit=limit, offset=offset)]
    customers = invoicing.customers_of(found)
    return rows([customers[party_id] for party_id in dict.fromkeys(found) if party_id in customers], today=today)


def _by_due(documents: Sequence[Listed]) -> tuple[Listed, ...]:
    return tuple(sorted(documents, key=lambda d: (d.due_date or date.max, d.id)))


def _credits(items: Sequence[Item]) -> tuple[Credit, ...]:
    titles = books.titles_of([(item.subject_kind, item.subject_id) for item in items]) if items else {}
    return tuple(Credit(item, titles.get((item.subject_kind, item.subject_id), "")) for item in items)


def _history(documents: Sequence[InvoiceRow], items: Mapping[int, Item]) -> tuple[Happened, ...]:
    issued = [d for d in documents if d.number is not None]
    theirs = {d.id: items[d.id] for d in issued if d.id in items}
    return document.history(issued, {}, theirs, named=True)[:LATEST]
