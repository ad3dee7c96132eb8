"""The numbers a payment quotes: whole groups of digits, and neighbours joined over one space, dash, slash or dot."""

from typing import Final, Protocol

import numpy as np

from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.keys import LEAST_DIGITS, MOST_DIGITS, digits_value
from kvit.matching.domain.engine.texts import Bytes, Longs

MOST_TOKENS: Final = 256
_MOST_GROUPS: Final = 160
_MOST_JOINED: Final = 8

STRUCTURED: Final = 1
AFTER_RF: Final = 2
CHECKED: Final = 4  # the check digits fit: Luhn's, or modulo 97 after RF
JOINED: Final = 8
UNKNOWN: Final = 16  # no key of any item


class Tokens(Protocol):
    """Scratch for the tokens of one payment: values, lengths in digits, marks; `groups`: starts and ends."""

    value: Longs
    length: Ints
    mark: Ints
    groups: Longs


TOKENS: Final = np.dtype(
    [
        ("value", np.int64, (MOST_TOKENS,)),
        ("length", np.int32, (MOST_TOKENS,)),
        ("mark", np.int32, (MOST_TOKENS,)),
        ("groups", np.int64, (_MOST_GROUPS, 2)),
    ]
)


@compiled
def luhn_fits(value: int) -> bool:
    """Whether the last digit is Luhn's check digit of the rest (ISO/IEC 7812-1, annex B)."""
    total = 0
    doubled = False
    while value > 0:
        digit = value % 10
        value //= 10
        if doubled:
            digit *= 2
            if digit > 9:
                digit -= 9
        total += digit
        doubled = not doubled
    return total % 10 == 0


@compiled
def rf_fits(value: int, length: int) -> bool:
    """Whether the first two of `length` digits are the check number of the rest after RF (ISO 11649)."""
    if length < 3:
        return False
    power = np.int64(1)
    for _ in range(length - 2):
        power *= 10
    check, body = value // power, value % power
    return ((body % 97) * (1000000 % 97) + 271500 + check) % 97 == 1


@compiled
def read_tokens(buffer: Bytes, start: int, end: int, tokens: Tokens, place: tuple[int, int]) -> int:
    """Add the tokens between two places of a text; `place` is (tokens so far, their mark). How many there are now."""
    found, mark = place
    groups = _read_groups(buffer, start, end, tokens.groups)
    for group in range(groups):
        for last in range(group, min(groups, group + _MOST_JOINED)):
            if last > group and not _joins(buffer, tokens.groups[last - 1, 1], tokens.groups[last, 0]):
                break
            value, length = digits_value(buffer, tokens.groups[group, 0], tokens.groups[last, 1])
            if length > 35 or found >= MOST_TOKENS:
                break
            if length >= LEAST_DIGITS and value != 0:
                own = mark | (AFTER_RF if _after_rf(buffer, start, tokens.groups[group, 0]) else 0)
                found = _add(tokens, found, (value, length, own | (JOINED if last > group else 0)))
    return found


@compiled
def _add(tokens: Tokens, found: int, token: tuple[int, int, int]) -> int:
    value, length, mark = token
    for known in range(found):
        if tokens.value[known] == value:
            tokens.mark[known] |= mark & STRUCTURED
            return found
    if value > 0 and (rf_fits(value, length) if mark & AFTER_RF else luhn_fits(value)):
        mark |= CHECKED
    tokens.value[found] = value
    tokens.length[found] = length
    tokens.mark[found] = mark
    return found + 1


@compiled
def _read_groups(buffer: Bytes, start: int, end: int, groups: Longs) -> int:
    found = 0
    place = start
    while place < end and found < _MOST_GROUPS:
        if 48 <= buffer[place] <= 57:
            groups[found, 0] = place
            while place < end and 48 <= buffer[place] <= 57:
                place += 1
            groups[found, 1] = place
            found += 1
        place += 1
    return found


@compiled
def _joins(buffer: Bytes, end: int, start: int) -> bool:
    if start - end != 1:
        return False
    sign = buffer[end]
    return sign == 32 or sign == 45 or sign == 47 or sign == 46


@compiled
def _after_rf(buffer: Bytes, start: int, place: int) -> bool:
    return place - 2 >= start and buffer[place - 2] == 82 and buffer[place - 1] == 70


@compiled
def significant(value: int) -> int:
    """How many digits a token's value has without zeros in front."""
    length = 0
    while value > 0:
        value //= 10
        length += 1
    return min(length, MOST_DIGITS)
