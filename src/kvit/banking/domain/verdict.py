"""Whether a statement is whole and may be booked, or waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.formats.bank.statement import Statement
from kvit.kernel.results import Problem

MOST_TURNOVER_MINOR: Final = 10**15
"""Ten million millions in most currencies: beyond any company, and far inside a bigint when added up."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`hold_code` is empty when the statement may be booked; otherwise `reason` says why not, and where."""

    hold_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a statement's lines add up to, with sign and without, in minor units, and in which currencies."""

    net_minor: int
    turnover_minor: int
    currencies: frozenset[str]


def judge(statement: Statement, *, sums: Sums, problems: Sequence[Problem]) -> Verdict:
    """Judge a statement by its balances, or without balances by what could not be read.

    Where both balances are given, the lines must explain the difference to the last minor unit: then an
    entry that is only announced does no harm. Where they are not, every problem of the statement holds it.
    """
    if (impossible := _impossible(statement, sums)) is not None:
        return impossible
    if statement.opening_minor is not None and statement.closing_minor is not None:
        difference = statement.closing_minor - statement.opening_minor - sums.net_minor
        if difference:
            return Verdict(
                "balance_differs",
                f"{statement.place}: opening balance and lines miss the closing balance by {difference} minor units",
            )
        return Verdict()
    own = [p for p in problems if p.place == statement.place or p.place.startswith(f"{statement.place}/")]
    if own or problems:
        first = (own or list(problems))[0]
        return Verdict("incomplete", f"{first.place}: {first.reason}"[:300])
    return Verdict()


def _impossible(statement: Statement, sums: Sums) -> Verdict | None:
    """What no balance can make good."""
    if statement.is_test:
        return Verdict("test_file", f"{statement.place}: the bank marks this file as a test; its lines are no money")
    if sums.turnover_minor > MOST_TURNOVER_MINOR:
        return Verdict("absurd_amounts", f"{statement.place}: amounts of {sums.turnover_minor} minor units; garbled?")
    if len(sums.currencies) > 1 or (statement.currency and sums.currencies - {statement.currency}):
        return Verdict("currency_differs", f"{statement.place}: lines in {', '.join(sorted(sums.currencies))}")
    return None
