"""Lays a customer's ledger beside a balance letter: by number, else by amount and day; what is left over differs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kvit.formats.books.partner_ledger import TheirItem
from kvit.invoicing.domain.confirmations import Difference, DifferenceKind
from kvit.invoicing.domain.statements import Statement, StatementItem

_SIGNS: Final = re.compile(r"[^0-9A-Za-z]+")
_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")


class MatchedBy(StrEnum):
    """What told that two items are the same."""

    NUMBER = "number"
    AMOUNT_AND_DAY = "amount_and_day"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Pair:
    """One of our items with what the customer's books have of it; minor units, theirs signed as ours."""

    item: StatementItem
    their_number: str
    their_minor: int
    by: MatchedBy


@dataclass(frozen=True, slots=True)
class Compared:
    """Which items are the same in both books, and every difference."""

    pairs: tuple[Pair, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Theirs:
    """What a customer's books have under one number, all rows together."""

    number: str
    minor: int
    rows: tuple[TheirItem, ...]


def compared(letter: Statement, ledger: Sequence[TheirItem]) -> Compared:
    """Each of our items and each of theirs ends in a pair or in a difference, once.

    Rows with the same number count together. A customer's books have our claims on the other side: where most of what
    has our numbers has the other sign, all of it is turned.
    """
    theirs = _together(ledger)
    ours = {_key(item.number): item for item in letter.items if item.number}
    sign = _sign(ours, theirs)
    left = {key: _Theirs(each.number, each.minor * sign, each.rows) for key, each in theirs.items()}
    pairs: list[Pair] = []
    waiting: list[StatementItem] = []
    for item in letter.items:
        found = left.pop(_key(item.number), None) if item.number else None
        if found is None:
            waiting.append(item)
        else:
            pairs.append(Pair(item, found.number, found.minor, MatchedBy.NUMBER))
    for by in (MatchedBy.AMOUNT_AND_DAY, MatchedBy.AMOUNT):
        waiting = _by_amount(waiting, left, pairs, by)
    amounts = [
        Difference(DifferenceKind.AMOUNT, pair.item.number or pair.their_number, pair.item.open_minor, pair.their_minor)
        for pair in pairs
        if pair.item.open_minor != pair.their_minor
    ]
    ours_only = [Difference(DifferenceKind.NOT_THEIRS, i.number, i.open_minor, None, i.day) for i in waiting]
    theirs_only = [
        Difference(DifferenceKind.NOT_OURS, each.number, None, each.minor, each.rows[0].day)
        for each in left.values()
        if each.minor
    ]
    return Compared(tuple(pairs), (*amounts, *ours_only, *theirs_only))


def _together(ledger: Iterable[TheirItem]) -> dict[str, _Theirs]:
    rows: dict[str, list[TheirItem]] = defaultdict(list)
    for each in ledger:
        rows[_key(each.number)].append(each)
    return {
        key: _Theirs(each[0].number, sum(row.amount_minor for row in each), tuple(each)) for key, each in rows.items()
    }


def _key(number: str) -> str:
    """`F2026-000017`, `f 2026/17` and `F2026 - 17` are one number."""
    parts = _SIGNS.sub(" ", number).casefold()
    return _ZEROS.sub("", parts).replace(" ", "")


def _sign(ours: dict[str, StatementItem], theirs: dict[str, _Theirs]) -> int:
    agreeing = sum(
        1 if (each.minor > 0) == (ours[key].open_minor > 0) else -1
        for key, each in theirs.items()
        if key in ours and each.minor
    )
    return -1 if agreeing < 0 else 1


def _by_amount(
    waiting: Sequence[StatementItem], left: dict[str, _Theirs], pairs: list[Pair], by: MatchedBy
) -> list[StatementItem]:
    """Pair what has the same amount (and the same day) once on either side; twice would be a guess."""

    def mark(minor: int, day: object) -> tuple[object, ...]:
        return (minor, day) if by is MatchedBy.AMOUNT_AND_DAY else (minor,)

    theirs: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for key, each in left.items():
        theirs[mark(each.minor, each.rows[0].day)].append(key)
    ours: dict[tuple[object, ...], list[StatementItem]] = defaultdict(list)
    for item in waiting:
        ours[mark(item.open_minor, item.day)].append(item)
    rest: list[StatementItem] = []
    for item in waiting:
        where = mark(item.open_minor, item.day)
        keys = theirs.get(where, [])
        if len(keys) == 1 and len(ours[where]) == 1:
            found = left.pop(keys[0])
            pairs.append(Pair(item, found.number, found.minor, by))
        else:
            rest.append(item)
    return rest
