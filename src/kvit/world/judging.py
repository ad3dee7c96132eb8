"""Every automatic link, those undone since as well, against what the payers meant: the robot's true precision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.base import tenant
from kvit.invoicing import queries as invoices
from kvit.ledger import queries as ledger
from kvit.matching import queries as matching
from kvit.matching.queries import MadeLink
from kvit.world import truth
from kvit.world.bank_days import Movement
from kvit.world.founding import Simulated
from kvit.world.truth import WRONG, Verdict

_WHOLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Ruling:
    """One automatic link: what it settled when it was made and what was meant, in minor units by invoice number.

    `is_whole`: nothing that was meant was left out. `asks`: the robot left the money on the customer's account, and a
    person is asked what becomes of it.
    """

    link: MadeLink
    movement: Movement
    booking_date: date
    verdict: Verdict
    is_whole: bool
    settled: Mapping[str, int]
    meant: Mapping[str, int]

    @property
    def asks(self) -> bool:
        """Whether a person is asked in spite of the link."""
        return self.verdict is Verdict.ON_ACCOUNT

    @property
    def is_wrong(self) -> bool:
        """Whether the money is not where its payer meant it to be; left on the right account with a question it is."""
        return self.verdict in WRONG or not (self.is_whole or self.asks)


@dataclass(frozen=True, slots=True)
class Record:
    """What the robot has done over some time, by the truth.

    `payments` is how many payments of customers there were that pay an invoice, `credits` how much money came in all.
    """

    rulings: tuple[Ruling, ...]
    payments: int
    credits: int

    @property
    def wrong(self) -> tuple[Ruling, ...]:
        """The links that are wrong."""
        return tuple(ruling for ruling in self.rulings if ruling.is_wrong)

    @property
    def straight(self) -> int:
        """How many payments of invoices were booked rightly, and nobody was asked."""
        return sum(bool(r.meant) and not r.is_wrong and not r.asks for r in self.rulings)

    @property
    def precision_ppm(self) -> int:
        """How many automatic links in a million are right; a million where there is none."""
        return (len(self.rulings) - len(self.wrong)) * _WHOLE // len(self.rulings) if self.rulings else _WHOLE

    @property
    def straight_through_ppm(self) -> int:
        """How many payments of invoices in a million were booked rightly, and nobody was asked."""
        return self.straight * _WHOLE // self.payments if self.payments else 0

    def between(self, first: date, last: date) -> tuple[Ruling, ...]:
        """The links of money that was booked on these days, both included."""
        return tuple(ruling for ruling in self.rulings if first <= ruling.booking_date <= last)


def record(simulated: Simulated) -> Record:
    """Judge every link that the robot has ever made."""
    true = truth.movements(simulated)
    with tenant.scope(simulated.tenant_id):
        numbers = {account_id: number for account_id, (number, _, _) in banking.accounts().items()}
        lines = {line.id: line for line in banking.lines(banking.booked_line_ids())}
        of_line = {i: true[key] for i, line in lines.items() if (key := truth.key_of(line, numbers)) in true}
        made = [link for link in matching.made_links(list(lines)) if link.by_robot]
        rulings = ruled(simulated, made, lines, of_line)
    return Record(
        rulings=rulings,
        payments=sum(bool(movement.meant) for movement in of_line.values()),
        credits=sum(movement.amount_minor > 0 for movement in of_line.values()),
    )


def ruled(
    simulated: Simulated,
    made: Sequence[MadeLink],
    lines: Mapping[int, BankLine],
    true: Mapping[int, Movement],
) -> tuple[Ruling, ...]:
    """Judge these links by what is true of their lines; lines of somebody else are left out. Needs the scope."""
    settled = _settled(made)
    return tuple(
        _ruled(simulated, link, lines[link.line_id], true[link.line_id], settled.get(link.id, {}))
        for link in made
        if link.line_id in true
    )


def _settled(made: Sequence[MadeLink]) -> dict[int, dict[str, int]]:
    """What each link settled when it was made, by the numbers of the invoices, whether it was undone since or not."""
    links = {link.entry_id: link.id for link in made}
    credits = {i.id: links[i.entry_id] for i in ledger.items_of_entries(list(links)) if i.side == "credit"}
    given = [
        (credits[one.credit_item_id], one.debit_subject[1], one.amount_minor)
        for one in ledger.allocations_of(list(credits))
        if one.reverses_id is None and one.credit_item_id in credits and one.debit_subject[0] == "invoice"
    ]
    numbers = {one.id: one.number or "" for one in invoices.invoices([invoice_id for _, invoice_id, _ in given])}
    found: dict[int, dict[str, int]] = {}
    for link_id, invoice_id, amount in given:
        mine = found.setdefault(link_id, {})
        mine[numbers[invoice_id]] = mine.get(numbers[invoice_id], 0) + amount
    return found


def _ruled(
    simulated: Simulated, link: MadeLink, line: BankLine, movement: Movement, settled: Mapping[str, int]
) -> Ruling:
    meant = {one.number: one.amount_minor for one in movement.meant}
    spent = _without_written_off(settled, line)
    verdict = truth.verdict_on(simulated, link.party_id, movement, spent, meant)
    is_whole = sum(spent.values()) >= sum(meant.values())
    return Ruling(link, movement, line.booking_date, verdict, is_whole, settled, meant)


def _without_written_off(settled: Mapping[str, int], line: BankLine) -> dict[str, int]:
    """What of the settled amounts the money itself settled: what is beyond it was written off, of a single invoice."""
    beyond = max(0, sum(settled.values()) - line.amount_minor)
    if not beyond or len(settled) != 1:
        return dict(settled)
    ((number, amount),) = settled.items()
    return {number: amount - beyond}
