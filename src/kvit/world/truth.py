"""What payments were meant for, which only the world knows, and how the links in the books stand up to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.base import tenant
from kvit.invoicing import queries as invoices
from kvit.ledger import queries as ledger
from kvit.matching import queries as matching
from kvit.matching.queries import LinkRow
from kvit.world import bank_days, habits, playing, queries
from kvit.world.bank_days import Movement
from kvit.world.founding import Simulated


class Verdict(StrEnum):
    """What a link is worth, by what the payer meant."""

    RIGHT = "right"
    ON_ACCOUNT = "on account"
    """The right customer, and no invoice settled: an advance."""
    EQUAL_DEBT = "equal debt"
    """The right customer and equal amounts, other invoices: equal debts are paid oldest first."""
    OTHER_INVOICE = "other invoice"
    WRONG_CUSTOMER = "wrong customer"
    NOT_MEANT = "not meant"
    """Money that no customer sent."""


WRONG: Final = frozenset({Verdict.OTHER_INVOICE, Verdict.WRONG_CUSTOMER, Verdict.NOT_MEANT})


@dataclass(frozen=True, slots=True)
class Judgement:
    """One live link: who made it, what it says, and what is true; amounts in minor units by invoice number."""

    link_id: int
    line_id: int
    by_robot: bool
    verdict: Verdict
    settled: Mapping[str, int]
    meant: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """Every movement of the world, followed into the books.

    `lost` are movements whose line never came; `neither` are lines that are neither linked nor waiting for a person;
    `foreign` is how many lines are not of the world.
    """

    movements: int
    lines: int
    waiting: int
    judgements: tuple[Judgement, ...]
    lost: tuple[Movement, ...]
    neither: tuple[int, ...]
    foreign: int

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many links got which verdict."""
        return dict(Counter(judgement.verdict for judgement in self.judgements))

    @property
    def wrong(self) -> tuple[Judgement, ...]:
        """The robot's links that are wrong."""
        return tuple(j for j in self.judgements if j.by_robot and j.verdict in WRONG)


Key = tuple[str, str]
"""(account number, the bank's 12 digits)."""


def movements(simulated: Simulated, *, since: date | None = None) -> dict[Key, Movement]:
    """All that the banks have booked so far, or since a day, as it is drawn again from the seed and the invoices."""
    founding, company = simulated.founding, simulated.company
    with tenant.scope(simulated.tenant_id):
        last = queries.played_through()
    if last is None:
        return {}
    first = founding.first_day if since is None else max(since, founding.first_day)
    issued_since = founding.first_day if since is None else first - timedelta(days=habits.LONGEST_DAYS)
    bills = playing.bills(simulated, since=issued_since)
    found = bank_days.movements(company, simulated.people, bills, days=(first, last), seed=founding.seed)
    return {(company.account(m.account).number, m.bank_id): m for m in found}


def report(simulated: Simulated) -> Report:
    """Follow each movement to its line, its link and its work item, and judge each link."""
    true = movements(simulated)
    with tenant.scope(simulated.tenant_id):
        line_ids = banking.booked_line_ids()
        numbers = {account_id: number for account_id, (number, _, _) in banking.accounts().items()}
        lines = {line.id: line for line in banking.lines(line_ids)}
        links = [link for link in matching.links(line_ids) if link.state == "live"]
        waiting = set(matching.waiting_lines())
        settled = _settled(links)
    of_line = {line.id: found for line in lines.values() if (found := true.get(key_of(line, numbers))) is not None}
    arrived = {key_of(lines[line_id], numbers) for line_id in of_line}
    linked = {link.line_id for link in links}
    return Report(
        movements=len(true),
        lines=len(lines),
        waiting=len(waiting),
        judgements=tuple(
            _judged(simulated, link, of_line[link.line_id], settled.get(link.entry_id, {}))
            for link in links
            if link.line_id in of_line
        ),
        lost=tuple(movement for key, movement in true.items() if key not in arrived),
        neither=tuple(line_id for line_id in lines if line_id not in linked and line_id not in waiting),
        foreign=len(lines) - len(of_line),
    )


def key_of(line: BankLine, numbers: Mapping[int, str]) -> Key:
    """By what a line is known to the world; `numbers` are the company's accounts by id."""
    return numbers[line.account_id], line.bank_id[-12:]


def _settled(links: Sequence[LinkRow]) -> dict[int, dict[str, int]]:
    """What each link's entry settles, by the numbers of the invoices."""
    found = ledger.settled_by([link.entry_id for link in links])
    ids = {subject_id for settled in found.values() for kind, subject_id, _ in settled if kind == "invoice"}
    numbers = {invoice.id: invoice.number or "" for invoice in invoices.invoices(list(ids))}
    return {
        entry_id: {numbers.get(subject_id, f"{kind} {subject_id}"): amount for kind, subject_id, amount in settled}
        for entry_id, settled in found.items()
    }


def _judged(simulated: Simulated, link: LinkRow, movement: Movement, settled: Mapping[str, int]) -> Judgement:
    meant = {one.number: one.amount_minor for one in movement.meant}
    return Judgement(
        link_id=link.id,
        line_id=link.line_id,
        by_robot=link.by_robot,
        verdict=verdict_on(simulated, link.party_id, movement, settled, meant),
        settled=settled,
        meant=meant,
    )


def verdict_on(
    simulated: Simulated, party_id: int, movement: Movement, settled: Mapping[str, int], meant: Mapping[str, int]
) -> Verdict:
    """What a link to this party is worth: `settled` by it and `meant` by the payer, minor units by invoice number."""
    if movement.customer is None:
        return Verdict.NOT_MEANT
    if party_id != simulated.party_ids[movement.customer.ordinal]:
        return Verdict.WRONG_CUSTOMER
    if not settled:
        return Verdict.ON_ACCOUNT
    if all(amount <= meant.get(number, 0) for number, amount in settled.items()):
        return Verdict.RIGHT
    if sorted(settled.values()) == sorted(meant.values()):
        return Verdict.EQUAL_DEBT
    return Verdict.OTHER_INVOICE
