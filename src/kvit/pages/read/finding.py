"""Find a customer or a document by whatever a person types: a name, a number, a reference."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kvit.invoicing import queries as invoicing
from kvit.invoicing.queries import InvoiceRow
from kvit.pages.read import customer, invoices
from kvit.pages.read.customer import Row
from kvit.pages.read.invoices import Listed
from kvit.parties import queries as parties
from kvit.parties.domain.identities import IdentityKind

MOST = 20
_LONGEST = 100
_LONGEST_SEQUENCE = 9


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, customers and documents apart."""

    customers: tuple[Row, ...]
    documents: tuple[Listed, ...]


def find(text: str, *, today: date) -> Found:
    """Customers by name, customer number or registration number; documents by number, running number or reference.

    Needs the tenant's scope.
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]
    if not words:
        return Found((), ())
    party_ids = [hit.party_id for hit in parties.search(words, limit=MOST)]
    party_ids += [holder.party_id for kind in IdentityKind for holder in parties.holders(kind, words)]
    behind = invoicing.customers_of(list(dict.fromkeys(party_ids)))
    numbered = invoicing.find_customer(words)
    customers = {behind[i].id: behind[i] for i in dict.fromkeys(party_ids) if i in behind}
    if numbered is not None and (row := invoicing.customer(numbered)) is not None:
        customers = {row.id: row} | customers
    documents = {row.id: row for row in _documents(words)}
    return Found(
        customer.rows(list(customers.values())[:MOST], today=today),
        invoices.described(list(documents.values())[:MOST], today=today),
    )


def _documents(words: str) -> Iterator[InvoiceRow]:
    bare = "".join(words.split()).upper()
    number = invoicing.numbered(bare)
    if number is not None:
        yield number
    yield from invoicing.by_references([bare])
    tail = bare.rpartition("-")[2]
    if tail.isdecimal() and tail.isascii() and len(tail) <= _LONGEST_SEQUENCE:
        found = invoicing.by_sequence(int(tail))
        yield from (row for row in found if bare == tail or (row.number or "").startswith(bare.rpartition("-")[0]))
