"""References with a typing error: what a number may have been before one slip, and how far two numbers are apart.

The slips are those of J. Verhoeff, Error Detecting Decimal Codes, 1969: one digit wrong, missing or too many, two
neighbours swapped, twins, jumps, and thirteen heard for thirty.
"""

from typing import Final, NamedTuple, Protocol

import numpy as np

from kvit.matching.domain.engine import hashing
from kvit.matching.domain.engine.compile import LONG, compiled
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
MOST_TRIED: Final = 768  # more than all slips of 18 digits


class Found(Protocol):
    """Scratch: heads of the table of references, the slip that explains each, and its place from the left, from 1.

    `tried` are numbers to look up with slip * 32 + place each in `how`; `kept` those of them that the bitmap lets by.
    `size` is (found, tried).
    """

    head: Ints
    slip: Ints
    place: Ints
    tried: Longs
    how: Ints
    kept: Ints
    size: Longs


class Typed(NamedTuple):
    """A number as typed: value, digits, whether only numbers with Luhn's digit are worth a look, for each length."""

    value: int
    length: int
    lengths: Marks


FOUND: Final = np.dtype(
    [
        *((name, np.int32, (MOST_FOUND,)) for name in ("head", "slip", "place")),
        ("tried", np.int64, (MOST_TRIED,)),
        *((name, np.int32, (MOST_TRIED,)) for name in ("how", "kept")),
        ("size", np.int64, (2,)),
    ]
)


@compiled
def neighbours(table: Table, typed: Typed, found: Found) -> int:
    """Look up every number that one slip turns into the typed one; how many are in the table."""
    found.size[1] = 0
    known = typed.lengths
    if known[typed.length] != 0:
        _wrong(typed, found)
        _swapped(typed, found)
        _twins(typed, found)
    if known[typed.length + 1] != 0 and typed.length < 18:
        _missing(typed, found)
    if known[typed.length - 1] != 0:
        _extra(typed, found)
    return _look_up(table, found)


@compiled
def _try(found: Found, value: int, slip: int, place: int) -> None:
    at = found.size[1]
    found.tried[at] = value
    found.how[at] = slip * 32 + place
    found.size[1] = at + 1


@compiled
def _look_up(table: Table, found: Found) -> int:
    """Look up all that is tried: first the bitmap for all, so that no look waits for the one before; how many are in
    the table."""
    kept, size = 0, 0
    for at in range(found.size[1]):
        found.kept[kept] = at
        kept += hashing.may_hold(table, hashing.mix(found.tried[at]))
    for one in range(kept):
        at = found.kept[one]
        value = found.tried[at]
        head = hashing.find_slot(table, value, hashing.mix(value))
        if head != hashing.EMPTY and size < MOST_FOUND:
            found.head[size], found.slip[size], found.place[size] = head, found.how[at] // 32, found.how[at] % 32
            size += 1
    found.size[0] = size
    return size


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
def _wrong(typed: Typed, found: Found) -> None:
    guided = typed.lengths[typed.length] == 2
    total = _luhn_sum(typed.value, 0)
    for place in range(typed.length):
        power = POWERS[place]
        digit = typed.value // power % 10
        rest = total - _weight(digit, place)
        for other in range(10):
            if other == digit or (guided and (rest + _weight(other, place)) % 10):
                continue
            _try(found, typed.value + (other - digit) * power, WRONG, typed.length - place)


@compiled
def _swapped(typed: Typed, found: Found) -> None:
    """Neighbours swapped, and digits swapped over one between."""
    for apart in range(1, 3):
        for place in range(typed.length - apart):
            low, high = POWERS[place], POWERS[place + apart]
            one, other = typed.value // low % 10, typed.value // high % 10
            if one != other:
                value = typed.value + (other - one) * low + (one - other) * high
                _try(found, value, SWAPPED if apart == 1 else JUMP, typed.length - place - apart)


@compiled
def _twins(typed: Typed, found: Found) -> None:
    """Equal digits both typed wrong, side by side or over one between; 1x typed for x0."""
    for apart in range(1, 3):
        for place in range(typed.length - apart):
            both = POWERS[place] + POWERS[place + apart]
            one, other = typed.value // POWERS[place] % 10, typed.value // POWERS[place + apart] % 10
            at = typed.length - place - apart
            if one == other:
                for digit in range(10):
                    if digit != one:
                        _try(found, typed.value + (digit - one) * both, TWIN if apart == 1 else JUMP, at)
            elif apart == 1 and other == 1 and one > 1:
                _try(found, typed.value + (one - 1) * POWERS[place + 1] - one * POWERS[place], HEARD, at)


@compiled
def _missing(typed: Typed, found: Found) -> None:
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
            _try(found, value, MISSING, typed.length + 1 - place)


@compiled
def _extra(typed: Typed, found: Found) -> None:
    before = -1
    for place in range(typed.length):
        power = POWERS[place]
        digit = typed.value // power % 10
        if digit != before:
            value = typed.value // (power * 10) * power + typed.value % power
            _try(found, value, EXTRA, typed.length - place)
        before = digit


@compiled
def distance(one: Longs, other: Longs, sizes: tuple[int, int], most: int) -> int:
    """How many slips apart two numbers are (Damerau-Levenshtein, restricted), or `most` + 1 when more.

    Digits as written by `spell`, `sizes` of them. A column of the table of distances is kept as bits that tell where it
    goes up and down (H. Hyyrö, A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances, 2003).
    """
    long, wide = sizes
    if abs(long - wide) > most:
        return most + 1
    up, down, equal, before, apart = LONG(-1), LONG(0), LONG(0), LONG(0), long
    last = LONG(1) << (long - 1)
    for column in range(wide):
        same = LONG(0)
        for row in range(long):
            same |= LONG(one[row] == other[column]) << row
        swapped = ((~equal & same) << 1) & before
        equal = (((same & up) + up) ^ up) | same | down | swapped
        more, less = down | ~(equal | up), equal & up
        apart += (1 if more & last else 0) - (1 if less & last else 0)
        more = (more << 1) | 1
        up, down, before = (less << 1) | ~(equal | more), more & equal, same
    return min(apart, most + 1)


@compiled
def spell(value: int, length: int, out: Longs) -> None:
    """Write the digits of a number of so many digits, from the left."""
    for place in range(length - 1, -1, -1):
        out[place] = value % 10
        value //= 10
