"""Cash application: the queue of lines that wait, filtered and added up, and what one of them may pay."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine, LineSum
from kvit.invoicing import queries as invoicing
from kvit.ledger import queries as ledger
from kvit.matching import commands as linking
from kvit.matching import queries as matching
from kvit.matching.queries import AskedRefund, SuggestedItem, Suggestion
from kvit.pages import evidence
from kvit.pages.read import finding, invoices
from kvit.pages.read.customer import Row as CustomerRow
from kvit.pages.read.invoices import Listed
from kvit.pages.words import N_
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties
from kvit.work import queries as work

SHOWN = 40
_CHOICES = 9
_LIKELY_PPM = 500_000
_SEEN = re.compile(r"([0-9]{1,18})=(-?[0-9]{1,18})")


class Order(StrEnum):
    """What stands first in the queue."""

    SUREST = "surest"
    LARGEST = "largest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines of the queue are shown; None and empty let all pass. Amounts in minor units, without their sign."""

    account_id: int | None = None
    least_days: int | None = None
    least_minor: int | None = None
    most_minor: int | None = None
    reason: str = ""
    order: Order = Order.SUREST


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue: why it waits in a few words, and how sure the robot's first suggestion is."""

    line: BankLine
    reason: str
    sure: str
    days: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What the filtered lines of one currency add up to, money in and money out apart."""

    currency: str
    count: int
    in_minor: int
    out_minor: int


@dataclass(frozen=True, slots=True)
class Queue:
    """`ids` are all that pass, in order; `rows` the first of them; `total` is how many wait without any filter.

    Of these `credits` came in.
    """

    ids: tuple[int, ...]
    rows: tuple[Waiting, ...]
    sums: tuple[Sum, ...]
    reasons: tuple[tuple[str, str, int], ...]
    total: int
    credits: int

    def beside(self, line_id: int) -> tuple[int | None, int | None]:
        """The lines before and after one; where it is not among them, none and the first."""
        if line_id not in self.ids:
            return None, next(iter(self.ids), None)
        at = self.ids.index(line_id)
        return (self.ids[at - 1] if at else None), (self.ids[at + 1] if at + 1 < len(self.ids) else None)


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a candidate, and so much of it; a credit note that is deducted has a negative amount."""

    document: Listed
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a line may pay, at one stroke. `rank` is the robot's, 0 where it did not suggest it.

    `seen` is what the form carries along, so that another that took its place is not confirmed; `left_minor` is the
    customer's advance. `lost` says why a runner-up lost; `is_weak` that nothing but the amount speaks
    for it.
    """

    rank: int
    party_id: int
    customer: str
    parts: tuple[Part, ...]
    chips: tuple[str, ...]
    sure: str
    lost: str
    left_minor: int
    seen: str
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Options:
    """All a person may choose from for one line."""

    choices: tuple[Choice, ...]
    documents: tuple[Listed, ...]
    customers: tuple[CustomerRow, ...]
    refunds: tuple[AskedRefund, ...]
    alike: int


_REASONS: Mapping[str, str] = {
    "matching.outgoing": N_("Money out"),
    "matching.no_reference": N_("No reference"),
    "matching.unknown_reference": N_("Unknown reference"),
    "matching.amount_differs": N_("Amount differs"),
    "matching.unsure": N_("Not sure enough"),
    "matching.equal_debts": N_("Equal debts"),
    "matching.would_book": N_("Would be booked"),
    "matching.already_paid": N_("Paid already"),
    "matching.paid_twice": N_("Paid twice"),
    "matching.undone": N_("Link undone"),
    "matching.returned": N_("Taken back by the bank"),
    "matching.robot_off": N_("Robot switched off"),
    "matching.several_invoices": N_("Several invoices"),
    "matching.currency_differs": N_("Other currency"),
}


def reason_text(code: str) -> str:
    """Why a line waits, in two or three words."""
    known = _REASONS.get(code)
    return _(known) if known is not None else _("Other reason")


def queue(wanted: Filter, *, now: datetime, today: date) -> Queue:
    """What waits, as far as it passes the filter. Needs the tenant's scope."""
    reasons = dict(work.reasons_of(linking.WAITS, linking.LINE, now=now))
    sums = banking.line_sums(list(reasons))
    passing = [s for s in sums if _passes(s, reasons[s.id], wanted, today)]
    sure = matching.sureness([s.id for s in passing])
    passing.sort(key=lambda s: _rank(s, sure.get(s.id, 0), wanted.order))
    first = {line.id: line for line in banking.lines([s.id for s in passing[:SHOWN]])}
    counts = Counter(reasons[s.id] for s in sums)
    return Queue(
        ids=tuple(s.id for s in passing),
        rows=tuple(
            Waiting(
                first[s.id],
                reason_text(reasons[s.id]),
                evidence.sure(sure.get(s.id, 0)),
                max(0, (today - s.booking_date).days),
            )
            for s in passing[:SHOWN]
            if s.id in first
        ),
        sums=_sums(passing),
        reasons=tuple((code, reason_text(code), count) for code, count in counts.most_common()),
        total=len(sums),
        credits=sum(s.amount_minor > 0 for s in sums),
    )


def _passes(line: LineSum, reason: str, wanted: Filter, today: date) -> bool:
    amount = abs(line.amount_minor)
    return (
        (wanted.account_id is None or line.account_id == wanted.account_id)
        and (not wanted.reason or reason == wanted.reason)
        and (wanted.least_days is None or (today - line.booking_date).days >= wanted.least_days)
        and (wanted.least_minor is None or amount >= wanted.least_minor)
        and (wanted.most_minor is None or amount <= wanted.most_minor)
    )


def _rank(line: LineSum, sure_ppm: int, order: Order) -> tuple[int, int, int]:
    if order is Order.LARGEST:
        return -abs(line.amount_minor), line.booking_date.toordinal(), line.id
    if order is Order.OLDEST:
        return line.booking_date.toordinal(), -abs(line.amount_minor), line.id
    return -sure_ppm, -line.amount_minor, line.id


def _sums(lines: Sequence[LineSum]) -> tuple[Sum, ...]:
    found: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        found[line.currency].append(line.amount_minor)
    return tuple(
        Sum(currency, len(amounts), sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0))
        for currency, amounts in sorted(found.items())
    )


def options(line: BankLine, *, today: date, text: str = "", asked: Sequence[int] = ()) -> Options:
    """What a line may be; `text` looks for more, and the documents `asked` for are among the documents.

    Needs the tenant's scope.
    """
    if line.amount_minor <= 0:
        owed_back = [r for r in matching.refunds_asked() if (-r.amount_minor, r.currency) == _amount(line)]
        return Options((), (), (), tuple(owed_back), 0)
    suggested = {one.rank: one for one in matching.suggestions([line.id])}
    found = matching.candidates(line.id, limit=_CHOICES)
    searched = finding.find(text, today=today) if text else None
    looked_up = [d.id for d in searched.documents] if searched else []
    wanted = [*asked, *looked_up, *(item.invoice_id for one in found for item in one.items)]
    documents = {
        d.id: d
        for d in invoices.described(invoicing.invoices(list(dict.fromkeys(wanted))), today=today)
        if d.currency == line.currency
    }
    for customer in searched.customers if searched else ():
        documents |= _open_of(customer, line, today)
    names = parties.names([one.party_id for one in found])
    choices = tuple(
        _choice(one, documents, names, suggested, line)
        for one in found
        if one.items and all(item.invoice_id in documents for item in one.items)
    )
    order = {document_id: at for at, document_id in enumerate(dict.fromkeys([*wanted, *documents]))}
    listed = [d for d in documents.values() if d.open_minor and d.is_claim]
    return Options(
        choices=tuple(sorted(choices, key=lambda one: one.is_weak)),
        documents=tuple(sorted(listed, key=lambda d: order[d.id])),
        customers=searched.customers if searched else (),
        refunds=(),
        alike=_alike(suggested.get(1)),
    )


def _alike(first: Suggestion | None) -> int:
    """How many would be confirmed together; what the robot itself finds unlikely is looked at one by one."""
    if first is None or first.confidence_ppm < _LIKELY_PPM:
        return 0
    return len(matching.equals(first.line_id))


def _amount(line: BankLine) -> tuple[int, str]:
    return line.amount_minor, line.currency


def _open_of(customer: CustomerRow, line: BankLine, today: date) -> dict[int, Listed]:
    """The oldest open invoices of a customer that was searched for."""
    items = [
        i for i in ledger.open_items(customer.customer.party_id) if i.side == "debit" and i.subject_kind == "invoice"
    ]
    found = invoices.described(invoicing.invoices([i.subject_id for i in items[:_CHOICES]]), today=today)
    return {d.id: d for d in found if d.currency == line.currency}


def _choice(
    one: matching.Candidate,
    documents: Mapping[int, Listed],
    names: Mapping[int, str],
    suggested: Mapping[int, Suggestion],
    line: BankLine,
) -> Choice:
    best, own = suggested.get(1), suggested.get(one.rank)
    is_rival = one.rank > 1 and best is not None
    return Choice(
        rank=one.rank,
        party_id=one.party_id,
        customer=names.get(one.party_id, ""),
        parts=tuple(Part(documents[item.invoice_id], item.amount_minor) for item in one.items),
        chips=evidence.chips(one.reasons, line.currency),
        sure=evidence.sure(one.confidence_ppm),
        lost=evidence.lost(best.evidence.rival.reason) if is_rival and best is not None else "",
        left_minor=line.amount_minor - sum(item.amount_minor for item in one.items),
        seen=seen(own) if own is not None else "",
        is_weak=one.found_by == "amount",
    )


def seen(suggestion: Suggestion) -> str:
    """What a suggestion would pay, as a form carries it: `item=minor units` with blanks between."""
    return " ".join(f"{item.item_id}={item.amount_minor}" for item in suggestion.items)


def suggested(line_ids: Collection[int]) -> dict[int, str]:
    """What the first suggestion of each of these lines would pay, as `seen` writes it. Needs the tenant's scope."""
    return {one.line_id: seen(one) for one in matching.suggestions(list(line_ids)) if one.rank == 1}


def read_seen(text: str) -> tuple[SuggestedItem, ...]:
    """What `seen` wrote; empty, which is no suggestion, where it is anything else."""
    pairs = [_SEEN.fullmatch(word) for word in text.split()]
    return tuple(SuggestedItem(int(pair[1]), int(pair[2])) for pair in pairs if pair) if all(pairs) else ()


@dataclass(frozen=True, slots=True)
class Alike:
    """A line of the preview of a bulk confirmation, and what it would pay."""

    line: BankLine
    customer: str
    numbers: tuple[str, ...]
    chips: tuple[str, ...]
    sure: str
    left_minor: int
    seen: str


def alike(line_id: int) -> tuple[Alike, ...]:
    """What one key would confirm: suggestions that rest on the same kinds of evidence. Needs the tenant's scope."""
    found = matching.equals(line_id)
    lines = {line.id: line for line in banking.lines([one.line_id for one in found])}
    items = {i.id: i for i in ledger.items_by_id([item.item_id for one in found for item in one.items])}
    numbers = {d.id: d.number or "" for d in invoicing.invoices([i.subject_id for i in items.values()])}
    names = parties.names([one.party_id for one in found])
    return tuple(
        Alike(
            line=lines[one.line_id],
            customer=names.get(one.party_id, ""),
            numbers=tuple(
                numbers.get(items[item.item_id].subject_id, "") for item in one.items if item.item_id in items
            ),
            chips=evidence.chips(one.evidence.reasons, lines[one.line_id].currency),
            sure=evidence.sure(one.confidence_ppm),
            left_minor=lines[one.line_id].amount_minor - sum(item.amount_minor for item in one.items),
            seen=seen(one),
        )
        for one in found
        if one.line_id in lines
    )
