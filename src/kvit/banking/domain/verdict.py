"""Whether a statement is whole and may be booked, or waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from kvit.formats.bank.statement import Statement
from kvit.kernel.results import Problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """`hold_code` is empty when the statement may be booked; otherwise `reason` says why not, and where."""

    hold_code: str = ""
    reason: str = ""


def judge(statement: Statement, *, sum_minor: int, currencies: frozenset[str], problems: Sequence[Problem]) -> Verdict:
    """Judge a statement by its balances, or without balances by what could not be read.

    Where both balances are given, the lines must explain the difference to the last minor unit: then an
    entry that is only announced does no harm. Where they are not, every problem of the statement holds it.
    """
    if statement.is_test:
        return Verdict("test_file", f"{statement.place}: the bank marks this file as a test; its lines are no money")
    if len(currencies) > 1 or (statement.currency and currencies - {statement.currency}):
        return Verdict("currency_differs", f"{statement.place}: lines in {', '.join(sorted(currencies))}")
    if statement.opening_minor is not None and statement.closing_minor is not None:
        difference = statement.closing_minor - statement.opening_minor - sum_minor
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
