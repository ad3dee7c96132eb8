"""References with a typing error: what a number may have been before one slip, and how far two numbers are apart.

The slips are those of J. Verhoeff, Error Detecting Decimal Codes, 1969: one digit wrong, missing or too many, two
neighbours swapped, twins, jumps, and thirteen heard for thirty.
"""

from typing import Final, NamedTuple, Protocol

import numpy as np

from kvit.matching.domain.engine import hashing
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.hashing import Ints, Table
from kvit.matching.domain.engine.keys import POWERS
from kvit.matching.domain.engine.tables import Marks
from kvit.matching.domain.engine.texts import Longs

WRONG: Final = 1
SWAPPED: Final = 2
MISSING: Final = 3
EXTRA: Final = 4
TWIN: Final = 5
JUMP: Final = 6
HEARD: Final = 7

MOST_FOUND: Final = 64


class Found(Protocol):
    """Scratch: heads of the table of references, the slip that explains each, and its place from the left, from 1."""

    head: Ints
    slip: Ints
    place: Ints
    size: Longs


class Typed(NamedTuple):
    """A number as typed: value, digits, whether only numbers with Luhn's digit are worth a look, for each length."""

    value: int
    length: int
    lengths: Marks


FOUND: Final = np.dtype(
    [(name, np.int32, (MOST_FOUND,)) for name in ("head", "slip", "place")] + [("size", np.int64, (1,))]
)


@compiled
def neighbours(table: Table, typed: Typed, found: Found) -> int:
    """Look up every number that one slip turns into the typed one; how many are in the table."""
    found.size[0] = 0
    known = typed.lengths
    if known[typed.length] != 0:
        _wrong(table, typed, found)
        _swapped(table, typed, found)
        _twins(table, typed, found)
    if known[typed.length + 1] != 0 and typed.length < 18:
        _missing(table, typed, found)
    if known[typed.length - 1] != 0:
        _extra(table, typed, found)
    return found.size[0]


@compiled
def _look(table: Table, value: int, found: Found, slip: tuple[int, int]) -> None:
    head = hashing.find(table, value)
    if head != hashing.EMPTY and found.size[0] < MOST_FOUND:
        at = found.size[0]
        found.head[at] = head
        found.slip[at] = slip[0]
        found.place[at] = slip[1]
        found.size[0] += 1


@compiled
def _weight(digit: int, place: int) -> int:
    """What a digit adds to Luhn's sum at a place counted from the right, from 0."""
    if place % 2 == 0:
        return digit
    return digit * 2 - 9 if digit > 4 else digit * 2


@compiled
def _luhn_sum(value: int, shift: int) -> int:
    total, place = 0, shift
    while value > 0:
        total += _weight(value % 10, place)
        value //= 10
        place += 1
    return total


@compiled
def _wrong(table: Table, typed: Typed, found: Found) -> None:
    guided = typed.lengths[typed.length] == 2
    total = _luhn_sum(typed.value, 0)
    for place in range(typed.length):
        power = POWERS[place]
        digit = typed.value // power % 10
        rest = total - _weight(digit, place)
        for other in range(10):
            if other == digit or (guided and (rest + _weight(other, place)) % 10):
                continue
            _look(table, typed.value + (other - digit) * power, found, (WRONG, typed.length - place))


@compiled
def _swapped(table: Table, typed: Typed, found: Found) -> None:
    """Neighbours swapped, and digits swapped over one between."""
    for apart in range(1, 3):
        for place in range(typed.length - apart):
            low, high = POWERS[place], POWERS[place + apart]
            one, other = typed.value // low % 10, typed.value // high % 10
            if one != other:
                value = typed.value + (other - one) * low + (one - other) * high
                _look(table, value, found, (SWAPPED if apart == 1 else JUMP, typed.length - place - apart))


@compiled
def _twins(table: Table, typed: Typed, found: Found) -> None:
    """Equal digits both typed wrong, side by side or over one between; 1x typed for x0."""
    for apart in range(1, 3):
        for place in range(typed.length - apart):
            both = POWERS[place] + POWERS[place + apart]
            one, other = typed.value // POWERS[place] % 10, typed.value // POWERS[place + apart] % 10
            at = typed.length - place - apart
            if one == other:
                for digit in range(10):
                    if digit != one:
                        _look(table, typed.value + (digit - one) * both, found, (TWIN if apart == 1 else JUMP, at))
            elif apart == 1 and other == 1 and one > 1:
                _look(table, typed.value + (one - 1) * POWERS[place + 1] - one * POWERS[place], found, (HEARD, at))


@compiled
def _missing(table: Table, typed: Typed, found: Found) -> None:
    guided = typed.lengths[typed.length + 1] == 2
    for place in range(typed.length + 1):
        power = POWERS[place]
        high, low = typed.value // power, typed.value % power
        rest = _luhn_sum(high, place + 1) + _luhn_sum(low, 0) if guided else 0
        before = low // POWERS[place - 1] if place > 0 else -1
        for digit in range(10):
            if digit == before or (guided and (rest + _weight(digit, place)) % 10):
                continue
            value = (high * 10 + digit) * power + low
            _look(table, value, found, (MISSING, typed.length + 1 - place))


@compiled
def _extra(table: Table, typed: Typed, found: Found) -> None:
    before = -1
    for place in range(typed.length):
        power = POWERS[place]
        digit = typed.value // power % 10
        if digit != before:
            value = typed.value // (power * 10) * power + typed.value % power
            _look(table, value, found, (EXTRA, typed.length - place))
        before = digit


@compiled
def distance(one: Longs, other: Longs, sizes: tuple[int, int], most: int) -> int:
    """How many slips apart two numbers are (Damerau-Levenshtein, restricted), or `most` + 1 when more.

    Digits as written by `spell`, `sizes` of them.
    """
    long, wide = sizes
    if abs(long - wide) > most:
        return most + 1
    rows = np.zeros((3, 20), np.int64)
    for column in range(wide + 1):
        rows[1, column] = column
    for row in range(1, long + 1):
        last2, last, now = rows[(row - 1) % 3], rows[row % 3], rows[(row + 1) % 3]
        now[0] = row
        least = row
        for column in range(1, wide + 1):
            cost = 0 if one[row - 1] == other[column - 1] else 1
            best = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + cost)
            if row > 1 and column > 1 and one[row - 1] == other[column - 2] and one[row - 2] == other[column - 1]:
                best = min(best, last2[column - 2] + 1)
            now[column] = best
            least = min(least, best)
        if least > most:
            return most + 1
    return min(rows[(long + 1) % 3, wide], most + 1)


@compiled
def spell(value: int, length: int, out: Longs) -> None:
    """Write the digits of a number of so many digits, from the left."""
    for place in range(length - 1, -1, -1):
        out[place] = value % 10
        value //= 10
