"""A movement at the bank: what it is linked to and why, or which invoices it may pay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine, LineDetails
from kvit.invoicing import queries as invoicing
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Allocated, Item
from kvit.matching import queries as matching
from kvit.matching.domain.reference import reference_keys
from kvit.matching.queries import MadeLink
from kvit.pages.read import document, inbox, invoices, people
from kvit.pages.read.inbox import Waiting
from kvit.pages.read.invoices import Listed
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties

CANDIDATES = 12
_NAMES = 3
_SHORTEST_REFERENCE = 6
_LONGEST_REFERENCE = 25


@dataclass(frozen=True, slots=True)
class Settled:
    """So much of a payment settled this document."""

    document_id: int
    number: str
    amount_minor: int
    is_live: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A link, live or undone: who made it, why, and what it settled; `advance_minor` was left to the customer."""

    made: MadeLink
    customer: str
    who: str
    why: str
    settled: tuple[Settled, ...]
    advance_minor: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice that a payment may pay, and what speaks for it."""

    invoice: Listed
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A movement as its page shows it."""

    line: BankLine
    details: LineDetails | None
    account: str
    links: tuple[Link, ...]
    waiting: Waiting | None
    returned: tuple[int, int, str] | None
    """(the movement that takes back, the one taken back, the bank's reason) where it is one of the two."""

    @property
    def live(self) -> Link | None:
        """The link that holds."""
        return next((link for link in self.links if link.made.state == "live"), None)


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement of the list: what became of it in a word."""

    line: BankLine
    link: MadeLink | None
    customer: str
    why: str
    is_returned: bool


def shown(line_id: int) -> Shown | None:
    """A booked movement, or None where there is no such one. Needs the tenant's scope."""
    line = next(iter(banking.lines([line_id])), None)
    if line is None:
        return None
    number, _currency, name = banking.accounts()[line.account_id]
    return Shown(
        line=line,
        details=banking.line_details(line_id),
        account=f"{name} {number}",
        links=_links(line_id),
        waiting=inbox.about("bank_line", line_id, currency=line.currency),
        returned=banking.return_of(line_id),
    )


def shares() -> tuple[int, int]:
    """(payments the robot linked, payments linked in all). Needs the tenant's scope."""
    return matching.shares()


def made(link_id: int) -> MadeLink | None:
    """One link, or None. Needs the tenant's scope."""
    return matching.made_link(link_id)


def receivable(invoice_id: int) -> Item | None:
    """What is open of one invoice, or None where nothing ever was. Needs the tenant's scope."""
    return matching.receivables([invoice_id]).get(invoice_id)


def movements(lines: Sequence[BankLine]) -> tuple[Movement, ...]:
    """Movements with the link of each that holds, in the order given. Needs the tenant's scope."""
    return _linked(lines, [link for link in matching.made_links([line.id for line in lines]) if link.state == "live"])


def of_links(links: Sequence[MadeLink]) -> tuple[Movement, ...]:
    """The movements behind links that hold, in the order of the links. Needs the tenant's scope."""
    lines = {line.id: line for line in banking.lines([link.line_id for link in links])}
    return _linked([lines[link.line_id] for link in links if link.line_id in lines], links)


def _linked(lines: Sequence[BankLine], live: Sequence[MadeLink]) -> tuple[Movement, ...]:
    links = {link.line_id: link for link in live}
    names = parties.names([link.party_id for link in links.values()])
    returned = banking.settled_by_return([line.id for line in lines])
    return tuple(
        Movement(
            line,
            link,
            names.get(link.party_id, "") if link else "",
            document.why(link) if link else "",
            line.id in returned,
        )
        for line in lines
        for link in (links.get(line.id),)
    )


def _links(line_id: int) -> tuple[Link, ...]:
    made = matching.made_links([line_id])
    names = parties.names([link.party_id for link in made])
    who = people.names_of(link.made_by for link in made)
    items = ledger.items_of_entries([link.entry_id for link in made])
    credits: dict[int, list[Item]] = {link.entry_id: [] for link in made}
    for item in items:
        if item.side == "credit":
            credits[item.entry_id].append(item)
    allocations = ledger.allocations_of([item.id for item in items if item.side == "credit"])
    numbers = {row.id: row.number or "" for row in invoicing.invoices([a.debit_subject[1] for a in allocations])}
    return tuple(
        Link(
            made=link,
            customer=names.get(link.party_id, ""),
            who=who[link.made_by],
            why=document.why(link),
            settled=_settled(allocations, {item.id for item in credits[link.entry_id]}, numbers),
            advance_minor=sum(item.open_minor for item in credits[link.entry_id]),
        )
        for link in reversed(made)
    )


def _settled(allocations: Sequence[Allocated], item_ids: set[int], numbers: Mapping[int, str]) -> tuple[Settled, ...]:
    return tuple(
        Settled(a.debit_subject[1], numbers.get(a.debit_subject[1], ""), a.amount_minor, a.is_live)
        for a in allocations
        if a.credit_item_id in item_ids and a.reverses_id is None and a.debit_subject[0] == "invoice"
    )


def candidates(line: BankLine, *, today: date, asked: Sequence[int] = ()) -> tuple[Candidate, ...]:
    """Invoices with something open that the payment may pay, the best first; those `asked` for come before all.

    Found by the reference, by references one wrong or swapped digit away, by the payer's name and by the amount.
    """
    near = {key: wrong for key in reference_keys(line.reference, line.text) for key, wrong in _near(key)}
    evidence: dict[int, list[str]] = {invoice_id: [] for invoice_id in asked}
    for row in invoicing.by_references(list(near)):
        evidence.setdefault(row.id, []).append(near[row.payment_reference or ""])
    named = {hit.party_id for hit in parties.search(line.counterparty_name, limit=_NAMES)}
    of_names = [item for party_id in named for item in ledger.open_items(party_id) if item.side == "debit"]
    of_amount = ledger.open_of_amount(line.amount_minor, line.currency, limit=CANDIDATES)
    for item in (*of_names, *of_amount):
        if item.subject_kind == "invoice":
            evidence.setdefault(item.subject_id, [])
    found = []
    for invoice in invoices.described(_of_currency(evidence, line.currency), today=today):
        if invoice.open_minor and invoice.kind == "invoice":
            found.append(_judged(invoice, evidence[invoice.id], line, named))
    ranked = sorted(found, key=lambda c: (c.invoice.id not in asked, -len(c.evidence), c.invoice.due_date or today))
    return tuple(ranked[:CANDIDATES])


def _of_currency(ids: Mapping[int, object], currency: str) -> list[InvoiceRow]:
    return [row for row in invoicing.invoices(list(ids)) if row.currency == currency]


def _judged(invoice: Listed, by_reference: Sequence[str], line: BankLine, named: set[int]) -> Candidate:
    said = list(by_reference)
    if invoice.open_minor == line.amount_minor:
        said.append(_("Same amount"))
    if invoice.party_id in named:
        said.append(_("Same name"))
    return Candidate(invoice, tuple(said))


def _near(key: str) -> Iterator[tuple[str, str]]:
    """The reference itself, and every one that one mistyped or two swapped digits make of it, with what is wrong."""
    if _SHORTEST_REFERENCE <= len(key) <= _LONGEST_REFERENCE:
        for place in range(len(key)):
            for digit in "0123456789" if key[place].isdigit() else "":
                yield key[:place] + digit + key[place + 1 :], _("Digit %(place)s differs") % {"place": place + 1}
        for place in range(len(key) - 1):
            swapped = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
            yield swapped, _("Digits %(place)s and %(next)s swapped") % {"place": place + 1, "next": place + 2}
    yield key, _("Same reference")
