"""The numbers under which an item is found: its reference with and without check digits, its invoice number."""

from typing import Final, NamedTuple

import numpy as np

from kvit.matching.domain.engine.compile import LONG, allocating, compiled
from kvit.matching.domain.engine.hashing import Ints, mix
from kvit.matching.domain.engine.tables import Marks
from kvit.matching.domain.engine.texts import Bytes, Longs

FULL: Final = 0
BODY: Final = 1
NUMBER: Final = 2
KINDS: Final = 4  # an item and what of it was met are one number: item * KINDS + kind

OCR: Final = 0
RF: Final = 1
MOST_DIGITS: Final = 18
POWERS: Final = np.array([10**i for i in range(19)], np.int64)
LEAST_DIGITS: Final = 4
MOST_KEYS: Final = 6  # of one item


class Written(NamedTuple):
    """References and invoice numbers of items, as their columns hold them."""

    references: Bytes
    reference_at: Longs
    numbers: Bytes
    number_at: Longs
    kinds: Marks


@compiled
def digits_value(buffer: Bytes, start: int, end: int) -> tuple[int, int]:
    """All digits between two places as one number, and how many; more than 18 give a negative key instead."""
    value = LONG(0)
    length = 0
    for place in range(start, end):
        sign = buffer[place]
        if 48 <= sign <= 57:
            value = value * 10 + LONG(sign - 48)
            length += 1
    if length > MOST_DIGITS:
        value = LONG(mix(value) | LONG(-0x8000000000000000))
    return value, length


@compiled
def longest_group(buffer: Bytes, start: int, end: int) -> tuple[int, int]:
    """The first of the longest runs of digits between two places, as a value and a length."""
    best, best_length = LONG(0), 0
    place = start
    while place < end:
        run = place
        while place < end and 48 <= buffer[place] <= 57:
            place += 1
        if place - run > best_length:
            best, best_length = digits_value(buffer, run, place)
        place += 1
    return best, best_length


@compiled
def item_keys(written: Written, row: int, out: Longs, kinds: Marks) -> int:
    """Write the keys of one item and what each stands for; how many. The first is the whole reference."""
    start, end = written.reference_at[row], written.reference_at[row + 1]
    value, length = digits_value(written.references, start, end)
    found = _put(out, kinds, 0, (value, length, FULL))
    kind = written.kinds[row]
    if kind == RF:
        body, size = digits_value(written.references, min(start + 4, end), end)
        found = _put(out, kinds, found, (body, size, BODY))
    elif kind == OCR:
        if 0 < length <= MOST_DIGITS:
            found = _put(out, kinds, found, (value // 10, length - 1, BODY))
            found = _put(out, kinds, found, (value // 100, length - 2, BODY))
    else:
        body, size = longest_group(written.references, start, end)
        found = _put(out, kinds, found, (body, size, BODY))
        if size > 8 and 1990 <= body // 10 ** (size - 4) <= 2099:
            found = _put(out, kinds, found, (body % 10 ** (size - 4), size - 4, BODY))
    number, size = digits_value(written.numbers, written.number_at[row], written.number_at[row + 1])
    return _put(out, kinds, found, (number, size, NUMBER))


@compiled
def _put(out: Longs, kinds: Marks, found: int, key: tuple[int, int, int]) -> int:
    value, length, kind = key
    if length < LEAST_DIGITS or value == 0:
        return found
    for known in range(found):
        if out[known] == value:
            return found
    out[found] = value
    kinds[found] = kind
    return found + 1


@allocating
def all_keys(written: Written, places: Ints, out: Longs, values: Ints) -> int:
    """Keys of all items: row n of the columns is item `places[n]` of the ledger. How many were written."""
    mine, kinds = np.empty(8, np.int64), np.empty(8, np.int8)
    total = 0
    for row in range(places.size):
        found = item_keys(written, row, mine, kinds)
        for key in range(found):
            out[total] = mine[key]
            values[total] = places[row] * KINDS + kinds[key]
            total += 1
    return total


@compiled
def main_number(written: Written, row: int) -> tuple[int, int]:
    """The digits of the reference as a number and its length, to measure typing errors by (0 for too many)."""
    value, length = digits_value(written.references, written.reference_at[row], written.reference_at[row + 1])
    return (value, length) if value >= 0 else (LONG(0), 0)
