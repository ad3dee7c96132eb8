"""A modest clerk of the world: decides after a day what the robot has left, and takes back what payers complain of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar, Final

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import queries as invoices
from kvit.kernel.refusals import DomainError
from kvit.ledger.queries import Item
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.matching.commands import Adjustment, Target, Terms
from kvit.matching.domain import UndoneAs
from kvit.matching.domain.adjustments import ShortPay
from kvit.world import truth
from kvit.world.bank_days import Movement, Sort
from kvit.world.founding import Simulated
from kvit.world.judging import Ruling, ruled

_ASIDE: Final[Mapping[Sort, str]] = {
    Sort.SUPPLIER: "suppliers_paid",
    Sort.WAGES: "salaries",
    Sort.FEE: "bank_fees",
    Sort.TAX_REFUND: "tax_account",
    Sort.STRAY: "other_income",
}
_PATIENCE: Final = timedelta(days=1)
_COMPLAINT: Final = timedelta(days=4)
"""After so long a payer whose money went astray has called."""
_LOOKED_BACK: Final = timedelta(days=12)


class NobodyKnows(DomainError):
    """A line of the bank is not of the world: nobody can be asked about it."""

    code: ClassVar[str] = "world.nobody_knows"


@dataclass(frozen=True, slots=True)
class DayAtTheDesk:
    """How many lines the clerk decided in a day, how many links were taken back as wrong, and as put elsewhere."""

    decided: int
    wrong: int
    moved: int


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies on the clerk's desk on a day: the lines, and what their payers say when they are asked."""

    ctx: Ctx
    simulated: Simulated
    true: Mapping[int, Movement]
    lines: Mapping[int, BankLine]
    write_off_minor: int


def work_a_day(ctx: Ctx, simulated: Simulated, today: date) -> DayAtTheDesk:
    """Decide what has waited for a day, and take back links of the robot that a payer complained of.

    The clerk asks the payers and so knows what they meant; of what only a payer could tell, nothing is known before
    the money came. Small rests are written off as far as the company's rule lets.
    """
    ctx = replace(ctx, tenant_id=simulated.tenant_id, key=None)
    with tenant.scope(ctx.tenant_id):
        waiting = [line.id for line in banking.lines(queries.waiting_lines())]
        recent = _robots_links(today)
        lines = {line.id: line for line in banking.lines([*waiting, *(link.line_id for link in recent)])}
        write_off = queries.rule().write_off_up_to_minor
        desk = _Desk(ctx, simulated, _asked(simulated, lines), lines, write_off)
        found = ruled(simulated, recent, lines, desk.true)
    wrong = [r for r in found if r.is_wrong and today - r.booking_date >= _COMPLAINT]
    moved = [r for r in found if r.asks and r.meant and today - r.booking_date >= _PATIENCE and _is_open(desk, r)]
    for ruling in wrong:
        _take_back(desk, ruling, today, UndoneAs.WRONG)
    for ruling in moved:
        _take_back(desk, ruling, today, UndoneAs.CHANGED)
    due = [i for i in waiting if today - lines[i].booking_date >= _PATIENCE]
    for line_id in (*(r.link.line_id for r in (*wrong, *moved)), *due):
        _decide(desk, lines[line_id])
    return DayAtTheDesk(len(due) + len(wrong) + len(moved), len(wrong), len(moved))


def _robots_links(today: date) -> list[queries.MadeLink]:
    """The robot's live links of the last days."""
    lines = banking.credits_between(today - _LOOKED_BACK, today)
    return [link for link in queries.made_links(lines) if link.by_robot and link.state == "live"]


def _asked(simulated: Simulated, lines: Mapping[int, BankLine]) -> dict[int, Movement]:
    """What the payers of these lines say. Refuses `NobodyKnows`."""
    if not lines:
        return {}
    true = truth.movements(simulated, since=min(line.booking_date for line in lines.values()))
    numbers = {account_id: number for account_id, (number, _, _) in banking.accounts().items()}
    keys = {line_id: truth.key_of(line, numbers) for line_id, line in lines.items()}
    if strange := [line_id for line_id, key in keys.items() if key not in true]:
        raise NobodyKnows(f"line {strange[0]} is not of the world")
    return {line_id: true[key] for line_id, key in keys.items()}


def _is_open(desk: _Desk, ruling: Ruling) -> bool:
    """Whether what was meant is still to be paid, so that money left on account is better moved there."""
    return any(True for _ in _targets(desk, ruling.movement, ruling.link.amount_minor))


def _take_back(desk: _Desk, ruling: Ruling, today: date, undone_as: UndoneAs) -> None:
    reason = "the payer says otherwise" if undone_as is UndoneAs.WRONG else "it pays an invoice after all"
    matching.undo_link(desk.ctx, link_id=ruling.link.id, reason=reason, on_date=today, undone_as=undone_as)


def _decide(desk: _Desk, line: BankLine) -> None:
    """Say what a line is, as its payer does."""
    movement = desk.true[line.id]
    if movement.customer is None:
        aside = _ASIDE[movement.sort]
        matching.set_aside(desk.ctx, line_id=line.id, account=aside, reason=movement.sort.value)
        return
    party_id = desk.simulated.party_ids[movement.customer.ordinal]
    targets = list(_targets(desk, movement, line.amount_minor))
    adjustments: tuple[Adjustment, ...] = ()
    if len(targets) == 1 and (rest := _small_rest(desk, targets[0])):
        targets = [Target(targets[0].invoice_id, targets[0].amount_minor + rest)]
        adjustments = (Adjustment("write_off", rest),)
    terms = Terms(adjustments, advance_party_id=party_id)
    matching.link_payment(desk.ctx, line_id=line.id, targets=tuple(targets), terms=terms)


def _targets(desk: _Desk, movement: Movement, left: int) -> Iterator[Target]:
    """The invoices meant, each with what was meant for it as far as it is open and the money goes."""
    items = _items(desk, [one.number for one in movement.meant])
    for one in movement.meant:
        item = items.get(one.number)
        amount = min(one.amount_minor, left, item.open_minor if item else 0)
        if item is not None and amount > 0:
            left -= amount
            short = ShortPay.FEE if amount < item.open_minor else None
            yield Target(item.subject_id, amount, short)


def _items(desk: _Desk, numbers: Sequence[str]) -> dict[str, Item]:
    with tenant.scope(desk.ctx.tenant_id):
        documents = {d.id: d.number or "" for d in invoices.by_numbers(numbers) if d.is_claim}
        return {documents[invoice_id]: item for invoice_id, item in queries.receivables(list(documents)).items()}


def _small_rest(desk: _Desk, target: Target) -> int:
    """What stays open of an invoice if that is little enough to be written off."""
    with tenant.scope(desk.ctx.tenant_id):
        item = queries.receivables([target.invoice_id])[target.invoice_id]
    rest = item.open_minor - target.amount_minor
    return rest if 0 < rest <= desk.write_off_minor else 0
