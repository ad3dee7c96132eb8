"""Whether an account's statements follow each other without a gap: each opens with what the one before closed with."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kvit.formats.bank.fields import decimal_text

_NUMBER: Final = re.compile(r"0*([0-9]{1,9})(?:/[0-9]+)?", re.ASCII)
_LARGEST_JUMP: Final = 400
_FEWEST_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Chained:
    """A statement with both balances, in minor units; `number` as the bank writes it, "" where it gives none."""

    id: int
    number: str
    from_date: date
    to_date: date
    opening_minor: int
    closing_minor: int


class BreakKind(StrEnum):
    """Numbers are missing in between; the balances leave something out; days are told twice."""

    MISSING = "missing"
    GAP = "gap"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Break:
    """Where two statements do not follow each other.

    `difference_minor` is what the opening balance of the later has more than the closing one of the earlier.
    `first_missing` and `last_missing` are the numbers in between, for `MISSING` only.
    """

    kind: BreakKind
    before: Chained
    after: Chained
    difference_minor: int
    first_missing: int | None = None
    last_missing: int | None = None

    def words(self, currency: str) -> str:
        """What is wrong, in English: "statement 14 is missing"."""
        before, after = _named(self.before), _named(self.after)
        if self.kind is BreakKind.OVERLAP:
            return (
                f"statement {after} begins on {self.after.from_date}, before statement {before} ends on "
                f"{self.before.to_date}, and their balances do not follow each other"
            )
        amount = decimal_text(self.difference_minor, currency)
        between = f"between {self.before.to_date} and {self.after.from_date}"
        if self.kind is BreakKind.GAP:
            return f"{amount} of movements are missing {between}: from statement {before} to {after}"
        if self.first_missing == self.last_missing:
            missing = f"statement {self.first_missing} is missing"
        else:
            missing = f"statements {self.first_missing} to {self.last_missing} are missing"
        return f"{missing}: {amount} {between}"


def breaks(statements: Iterable[Chained]) -> tuple[Break, ...]:
    """Where the chain of one account's statements does not hold, the earliest first.

    The same statement twice is one. One of several days may stand beside those of the days in it: the longer one
    counts. Two statements of one day are put in the order in which their balances follow each other. A number that
    is left out counts as missing where the balances do not agree; where they do, only if the bank otherwise counts
    without gaps, for some number their files rather than the account's statements. A number that is no larger than
    the one before begins a new series.
    """
    chain = _in_order(statements)
    is_counted = _counts_without_gaps(chain)
    found = (_between(before, after, is_counted) for before, after in itertools.pairwise(chain))
    return tuple(one for one in found if one is not None)


def _in_order(statements: Iterable[Chained]) -> list[Chained]:
    """The statements that make the chain: without repetitions and those that lie within another."""
    ordered = sorted(statements, key=lambda s: (s.from_date, -s.to_date.toordinal(), number(s.number) or 0, s.id))
    chain: list[Chained] = []
    for _, alike in itertools.groupby(ordered, key=lambda s: (s.from_date, s.to_date)):
        chain += _of_one_span(chain[-1] if chain else None, list(alike))
    return chain


def _of_one_span(last: Chained | None, alike: list[Chained]) -> Iterator[Chained]:
    """Statements of the same days, each after the one whose closing balance it opens with, if there is one."""
    if last is not None and _tells_all(last, alike):
        return
    seen: set[tuple[int, int, int | None]] = set()
    while alike:
        following = (s for s in alike if last is not None and s.opening_minor == last.closing_minor)
        one = next(following, alike[0])
        alike.remove(one)
        key = (one.opening_minor, one.closing_minor, number(one.number))
        if key not in seen:
            seen.add(key)
            yield one
            last = one


def _tells_all(longer: Chained, alike: Sequence[Chained]) -> bool:
    """Whether these days lie in those of a longer statement, which none of them follows."""
    is_inside = longer.from_date <= alike[0].from_date and alike[0].to_date <= longer.to_date
    return is_inside and all(s.opening_minor != longer.closing_minor for s in alike)


def _between(before: Chained, after: Chained, is_counted: bool) -> Break | None:
    difference = after.opening_minor - before.closing_minor
    jump = _step(before, after)
    if jump is not None and jump > 1 and (difference or is_counted):
        first = (number(before.number) or 0) + 1
        return Break(BreakKind.MISSING, before, after, difference, first, first + jump - 2)
    if not difference:
        return None
    kind = BreakKind.OVERLAP if after.from_date < before.to_date else BreakKind.GAP
    return Break(kind, before, after, difference)


def _counts_without_gaps(chain: Sequence[Chained]) -> bool:
    """Whether nearly all steps from number to number are steps by one."""
    steps = [step for one, two in itertools.pairwise(chain) if (step := _step(one, two)) is not None]
    return len(steps) >= _FEWEST_STEPS and 5 * sum(step == 1 for step in steps) >= 4 * len(steps)


def _step(before: Chained, after: Chained) -> int | None:
    """How far the number goes on; None where one has no number, or a new series begins, and 0 for another page."""
    first, second = number(before.number), number(after.number)
    if first is None or second is None or not 0 <= second - first <= _LARGEST_JUMP:
        return None
    return second - first


def number(text: str) -> int | None:
    """The number in "14", "00014" or "14/2" (page 2); None where there is none."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def _named(statement: Chained) -> str:
    return statement.number or f"of {statement.to_date}"
