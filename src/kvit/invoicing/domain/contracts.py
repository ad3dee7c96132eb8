"""Contracts that are invoiced again and again: their periods, what is due when, and prices by index."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from kvit.invoicing.domain.draft import DraftLine
from kvit.kernel import currencies
from kvit.kernel.dates import add_months
from kvit.kernel.money import round_half_up
from kvit.kernel.refusals import DomainError

LONGEST_EVERY_MONTHS: Final = 60
LONGEST_NOTICE_DAYS: Final = 3650
_ONE_DAY: Final = datetime.timedelta(days=1)
_SHARE_DECIMALS: Final = 6


class BadContract(DomainError):
    """A contract that cannot be: no number, no lines, an end before its start, a rhythm or a notice out of bounds."""

    code: ClassVar[str] = "invoicing.bad_contract"


@dataclass(frozen=True, slots=True)
class NewContract:
    """What is invoiced to a customer every so many months, from a day on until an end or until notice is given.

    Prices are without VAT for a whole period. `is_in_advance` invoices a period on its first day, else on its last.
    """

    customer_id: int
    number: str
    start_date: datetime.date
    lines: tuple[DraftLine, ...]
    every_months: int = 1
    end_date: datetime.date | None = None
    notice_days: int = 30
    is_in_advance: bool = True
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class IndexStep:
    """From this day on prices are so many percent above those before."""

    from_date: datetime.date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class ContractTerm:
    """A period, both days included, and how much of a whole one it is where the contract ends within."""

    start_date: datetime.date
    end_date: datetime.date
    share: Decimal = Decimal(1)


def check(new: NewContract) -> None:
    """Refuse `BadContract`."""
    if not new.number.strip() or not new.lines:
        raise BadContract("a contract has a number and at least one line")
    if not 1 <= new.every_months <= LONGEST_EVERY_MONTHS or not 0 <= new.notice_days <= LONGEST_NOTICE_DAYS:
        raise BadContract(
            f"a contract is invoiced every 1 to {LONGEST_EVERY_MONTHS} months; "
            f"notice is 0 to {LONGEST_NOTICE_DAYS} days"
        )
    if new.end_date is not None and new.end_date < new.start_date:
        raise BadContract(f"the contract ends on {new.end_date}, before it begins on {new.start_date}")


def terms(
    start: datetime.date, end: datetime.date | None, *, every_months: int, is_in_advance: bool, through: datetime.date
) -> Iterator[ContractTerm]:
    """The periods that are to be invoiced until a day, in order; counted from the first day: no 31st is lost."""
    for count in range(0, 12 * 400, every_months):
        first = add_months(start, count)
        last = add_months(start, count + every_months) - _ONE_DAY
        if end is not None and first > end:
            return
        cut = last if end is None else min(last, end)
        if (first if is_in_advance else cut) > through:
            return
        whole = (last - first).days + 1
        share = Decimal((cut - first).days + 1) / whole
        yield ContractTerm(first, cut, round_half_up(share, _SHARE_DECIMALS) if cut < last else Decimal(1))


def lines_for(
    lines: Sequence[DraftLine], term: ContractTerm, steps: Sequence[IndexStep], currency: str
) -> tuple[DraftLine, ...]:
    """The lines of a period: prices by the steps of the index before it, quantities by its share of a whole one."""
    factor = Decimal(1)
    for step in sorted(steps, key=lambda one: one.from_date):
        if step.from_date <= term.start_date:
            factor *= 1 + step.percent / 100
    decimals = currencies.minor_units(currency)
    return tuple(
        replace(
            line,
            quantity=round_half_up(line.quantity * term.share, _SHARE_DECIMALS),
            unit_price=line.unit_price if factor == 1 else round_half_up(line.unit_price * factor, decimals),
        )
        for line in lines
    )
