"""A movement at the bank: what it is linked to and why, or which invoices it may pay."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine, LineDetails
from kvit.invoicing import queries as invoicing
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.ledger.queries import Allocated, Entry, Item
from kvit.matching import queries as matching
from kvit.matching.queries import AskedRefund, Explained, MadeLink
from kvit.pages import evidence
from kvit.pages.read import document, inbox, people
from kvit.pages.read.inbox import Waiting
from kvit.parties import queries as parties

_OF_CUSTOMERS = frozenset({Accounts.UNALLOCATED, Accounts.RECEIVABLE})


@dataclass(frozen=True, slots=True)
class Settled:
    """So much of a payment settled this document of this customer."""

    document_id: int
    number: str
    customer: str
    amount_minor: int
    is_live: bool


@dataclass(frozen=True, slots=True)
class Advance:
    """So much of a payment a customer has not used; `amount_minor` of it was theirs at first."""

    customer: str
    open_minor: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link, live or undone: who made it, why, what it settled, what was left to customers.

    `others` are amounts on other accounts by their codes: fees, a rest written off, what a line was set aside to. A
    debit is positive. `refund` waits to be paid back out of this payment.
    """

    made: MadeLink
    customer: str
    who: str
    why: str
    settled: tuple[Settled, ...]
    advances: tuple[Advance, ...]
    others: tuple[tuple[str, int], ...]
    refund: AskedRefund | None

    @property
    def advance_minor(self) -> int:
        """What of it has not been used."""
        return sum(advance.open_minor for advance in self.advances)


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Why a line was decided as it was, or waits, in the reader's words.

    `documents` and `rivals` are numbers of documents; a rival is the best alternative, `lost` why it was not taken.
    """

    outcome: str
    by_robot: bool
    customer: str
    documents: tuple[str, ...]
    chips: tuple[str, ...]
    sure: str
    confidence: str
    threshold: str
    rivals: tuple[str, ...]
    rival_confidence: str
    lost: str
    changes: tuple[str, ...]


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


def shown(line_id: int, *, only: int | None = None) -> Shown | None:
    """A booked movement, or None where there is no such one; with `only` this one of its links.

    Needs the tenant's scope.
    """
    line = next(iter(banking.lines([line_id])), None)
    if line is None:
        return None
    number, _currency, name = banking.accounts()[line.account_id]
    return Shown(
        line=line,
        details=banking.line_details(line_id),
        account=f"{name} {number}",
        links=tuple(link for link in _links(line_id) if only is None or link.made.id == only),
        waiting=inbox.about("bank_line", line_id, currency=line.currency),
        returned=banking.return_of(line_id),
    )


def shares() -> tuple[int, int]:
    """(payments the robot linked, payments linked in all). Needs the tenant's scope."""
    return matching.shares()


def made(link_id: int) -> MadeLink | None:
    """One link, or None. Needs the tenant's scope."""
    return matching.made_link(link_id)


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


def reasoned(line_id: int, currency: str) -> Reasoned | None:
    """What is known of the decision about a line, in words; None where nobody has looked. Needs the tenant's scope."""
    found = matching.explain(line_id)
    if found is None:
        return None
    said, rival = found.evidence, found.evidence.rival
    numbers = _documents([*(item.item_id for item in found.items), *rival.item_ids])
    return Reasoned(
        outcome=found.outcome,
        by_robot=found.by_robot,
        customer=parties.names([found.party_id]).get(found.party_id, "") if found.party_id else "",
        documents=tuple(numbers[item.item_id] for item in found.items if item.item_id in numbers),
        chips=evidence.chips(said.reasons, currency),
        sure=evidence.sure(found.confidence_ppm or 0),
        confidence=_percent(found.confidence_ppm),
        threshold=_percent(found.threshold_ppm),
        rivals=tuple(numbers[item_id] for item_id in rival.item_ids if item_id in numbers),
        rival_confidence=_percent(rival.confidence_ppm or None),
        lost=evidence.lost(rival.reason),
        changes=_changes(found),
    )


def _changes(found: Explained) -> tuple[str, ...]:
    return evidence.changes(found.evidence.change) if found.outcome != "aside" else ()


def _percent(ppm: int | None) -> str:
    return f"{evidence.percent(ppm)} %" if ppm is not None else ""


def _documents(item_ids: Sequence[int]) -> dict[int, str]:
    """Numbers of the documents behind items of the ledger."""
    items = ledger.items_by_id(item_ids)
    numbers = {row.id: row.number or "" for row in invoicing.invoices([item.subject_id for item in items])}
    return {item.id: numbers[item.subject_id] for item in items if item.subject_id in numbers}


def happened(link_id: int) -> tuple[BankLine, Link] | None:
    """A link that holds with its line, to say what was done; None for one undone. Needs the tenant's scope."""
    made = matching.made_link(link_id)
    if made is None or made.state != "live":
        return None
    line = next(iter(banking.lines([made.line_id])), None)
    link = next((one for one in _links(made.line_id) if one.made.id == link_id), None)
    return (line, link) if line is not None and link is not None else None


def _links(line_id: int) -> tuple[Link, ...]:
    made = matching.made_links([line_id])
    who = people.names_of(link.made_by for link in made)
    entries = {entry.id: entry for entry in ledger.entries_about("bank_line", line_id)}
    items: dict[int, list[Item]] = defaultdict(list)
    for item in ledger.items_of_entries([link.entry_id for link in made]):
        items[item.entry_id].append(item)
    opened = [item for of_entry in items.values() for item in of_entry]
    names = parties.names([*(link.party_id for link in made), *(item.party_id for item in opened)])
    allocations = ledger.allocations_of([item.id for item in opened])
    numbers = {row.id: row.number or "" for row in invoicing.invoices([a.debit_subject[1] for a in allocations])}
    asked = {refund.link_id: refund for refund in matching.refunds_asked()} if made else {}
    return tuple(
        Link(
            made=link,
            customer=names.get(link.party_id, ""),
            who=who[link.made_by],
            why=document.why(link),
            settled=tuple(
                settled
                for item in items[link.entry_id]
                for settled in _settled(allocations, item.id, numbers, names.get(item.party_id, ""))
            ),
            advances=tuple(
                Advance(names.get(item.party_id, ""), item.open_minor)
                for item in items[link.entry_id]
                if item.side == "credit" and item.open_minor
            ),
            others=_others(entries.get(link.entry_id)),
            refund=asked.get(link.id),
        )
        for link in reversed(made)
    )


def _others(entry: Entry | None) -> tuple[tuple[str, int], ...]:
    lines = entry.lines if entry is not None else ()
    return tuple((line.account, line.amount_minor) for line in lines if line.account not in _OF_CUSTOMERS)


def _settled(
    allocations: Sequence[Allocated], item_id: int, numbers: Mapping[int, str], customer: str
) -> tuple[Settled, ...]:
    return tuple(
        Settled(a.debit_subject[1], numbers.get(a.debit_subject[1], ""), customer, a.amount_minor, a.is_live)
        for a in allocations
        if a.credit_item_id == item_id and a.reverses_id is None and a.debit_subject[0] == "invoice"
    )
