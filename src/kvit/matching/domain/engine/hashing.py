"""Open-addressing tables from 64-bit keys to one or many whole numbers, with a bitmap before them, as NumPy arrays."""

from mmap import mmap
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kvit.matching.domain.engine.compile import LONG, UNSIGNED, compiled
from kvit.matching.domain.engine.texts import Bytes, Longs

Ints = npt.NDArray[np.int32]

_FULLEST: Final = 4  # fifths of a table that may be taken
_BITS_PER_SLOT: Final = 8
_PARTS: Final = 256
EMPTY: Final = -1
SLOT: Final = np.dtype([("key", np.int64), ("head", np.int32)])


class Table(NamedTuple):
    """A slot holds a key when its `head` is not -1: a value, or -2 - n for a chain of many.

    Node n of `nodes` holds how many values there are and the first node; the others a value and the next (-1: none).
    `size` counts the slots and the nodes that are taken. A bit of `bits` that is not set: the key is not there.
    """

    slots: Any
    nodes: npt.NDArray[np.int32]
    bits: npt.NDArray[np.uint64]
    size: Longs


class Parted(NamedTuple):
    """Keys with their values in the order of where they go in a table: part p is `begin[p]:begin[p + 1]`."""

    keys: Longs
    values: Ints
    begin: Longs


def empty(expected: int, nodes: int = 64) -> Table:
    """A table with room for the expected number of keys, and for so many nodes."""
    capacity = max(64, expected * (_FULLEST + 1) // _FULLEST + 2)
    return Table(
        _empty_slots(capacity),
        np.zeros((nodes, 2), np.int32),
        np.zeros(capacity * _BITS_PER_SLOT // 64 + 1, np.uint64),
        np.zeros(2, np.int64),
    )


def _empty_slots(capacity: int) -> npt.NDArray[Any]:
    slots = np.empty(capacity, SLOT)
    slots["head"] = EMPTY
    return slots


@compiled
def mix(key: int) -> int:
    """A 64-bit number spread over all bits (the finaliser of MurmurHash3, A. Appleby)."""
    x = UNSIGNED(key)
    x ^= x >> UNSIGNED(33)
    x *= UNSIGNED(0xFF51AFD7ED558CCD)
    x ^= x >> UNSIGNED(33)
    x *= UNSIGNED(0xC4CEB9FE1A85EC53)
    x ^= x >> UNSIGNED(33)
    return LONG(x)


@compiled
def spot(spread: int, size: int) -> int:
    """Where a spread key belongs among `size` places, at most 2**32 of them: its upper half, scaled."""
    return LONG(((UNSIGNED(spread) >> UNSIGNED(32)) * UNSIGNED(size)) >> UNSIGNED(32))


@compiled
def text_key(buffer: Bytes, start: int, end: int) -> int:
    """A key of the letters and digits between two places, other signs left out; 0 for none of them."""
    key = LONG(0)
    for place in range(start, end):
        sign = buffer[place]
        if (48 <= sign <= 57) or (65 <= sign <= 90):
            key = key * LONG(1099511628211) + LONG(sign)
    return mix(key) if key != 0 else LONG(0)


@compiled
def may_hold(table: Table, spread: int) -> bool:
    """Whether the bitmap lets a spread key through; where it does not, the key is not in the table."""
    bit = spot(spread, table.bits.size * 64)
    return bool((table.bits[bit >> 6] >> UNSIGNED(bit & 63)) & UNSIGNED(1))


@compiled
def find(table: Table, key: int) -> int:
    """The head under the key: a value, -1 for none, or -2 - n for the chain at node n."""
    spread = mix(key)
    if not may_hold(table, spread):
        return EMPTY
    return find_slot(table, key, spread)


@compiled
def find_slot(table: Table, key: int, spread: int) -> int:
    """The head under a key, without asking the bitmap."""
    slot = spot(spread, table.slots.size)
    while table.slots[slot].head != EMPTY:
        if table.slots[slot].key == key:
            return table.slots[slot].head
        slot += 1
        if slot == table.slots.size:
            slot = 0
    return EMPTY


@compiled
def count(table: Table, head: int) -> int:
    """How many values a head found by `find` stands for."""
    if head >= EMPTY:
        return 1 if head >= 0 else 0
    return table.nodes[-2 - head, 0]


@compiled
def first(table: Table, head: int) -> tuple[int, int]:
    """The first value under a head and the place of the next (-1: no more); the head is not -1."""
    if head >= 0:
        return head, EMPTY
    node = table.nodes[-2 - head, 1]
    return table.nodes[node, 0], table.nodes[node, 1]


@compiled
def _free(table: Table, key: int) -> int:
    """The slot of the key, or the free one where it goes; its bit is set."""
    spread = mix(key)
    bit = spot(spread, table.bits.size * 64)
    table.bits[bit >> 6] |= UNSIGNED(1) << UNSIGNED(bit & 63)
    slot = spot(spread, table.slots.size)
    while table.slots[slot].head != EMPTY and table.slots[slot].key != key:
        slot += 1
        if slot == table.slots.size:
            slot = 0
    return slot


@compiled
def insert(table: Table, key: int, value: int) -> None:
    """Put a value under a key; there has to be room for it (see `has_room`)."""
    slot = _free(table, key)
    head = table.slots[slot].head
    if head == EMPTY:
        table.slots[slot].key = key
        table.slots[slot].head = value
        table.size[0] += 1
        return
    if head >= 0:
        node = table.size[1]
        table.nodes[node, 0] = 1
        table.nodes[node, 1] = node + 1
        table.nodes[node + 1, 0] = head
        table.nodes[node + 1, 1] = EMPTY
        table.size[1] += 2
        head = -2 - node
        table.slots[slot].head = head
    node = table.size[1]
    table.nodes[node, 0] = value
    table.nodes[node, 1] = table.nodes[-2 - head, 1]
    table.nodes[-2 - head, 0] += 1
    table.nodes[-2 - head, 1] = node
    table.size[1] += 1


@compiled
def insert_all(table: Table, keys: Longs, values: Ints, begin: int) -> int:
    """Put values under keys from row `begin` on until there is no room; the row to go on with."""
    for row in range(begin, keys.size):
        if not has_room(table):
            return row
        insert(table, keys[row], values[row])
    return keys.size


@compiled
def has_room(table: Table) -> bool:
    """Whether one more value fits, whatever its key."""
    return (table.size[0] + 1) * (_FULLEST + 1) <= table.slots.size * _FULLEST and table.size[1] + 3 <= len(table.nodes)


@compiled
def _copy_slots(old: Table, new: Table) -> None:
    for slot in range(old.slots.size):
        if old.slots[slot].head != EMPTY:
            place = _free(new, old.slots[slot].key)
            new.slots[place].key = old.slots[slot].key
            new.slots[place].head = old.slots[slot].head
            new.size[0] += 1


def grown(table: Table) -> Table:
    """The same table with more room, for slots or for nodes, whichever is short."""
    nodes = table.nodes
    if table.size[1] + 3 > len(nodes):
        nodes = np.concatenate((nodes, np.zeros_like(nodes)))
    if (table.size[0] + 1) * (_FULLEST + 1) <= len(table.slots) * _FULLEST:
        return table._replace(nodes=nodes)
    larger = empty(len(table.slots) * 2)._replace(nodes=nodes)
    _copy_slots(table, larger)
    larger.size[1] = table.size[1]
    return larger


def filled(table: Table, keys: Longs, values: Ints) -> Table:
    """The table with values put under keys, grown as needed."""
    begin = 0
    while (begin := insert_all(table, keys, values, begin)) < len(keys):
        table = grown(table)
    return table


def pages(rows: int, kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array in pages of its own, which go back to the system with it; what is freed in the heap may stay."""
    return np.frombuffer(mmap(-1, max(1, rows) * np.dtype(kind).itemsize), kind)[:rows]


def parted(keys: Longs, values: Ints) -> Parted:
    """Keys and values in parts that each go to a stretch of the table small enough for the processor's cache.

    Written one after the other all over a large table, each would wait for the memory. Equal keys keep their order.
    """
    given = Parted(pages(len(keys), np.int64), pages(len(keys), np.int32), np.zeros(_PARTS + 1, np.int64))
    _part(keys, values, given, np.empty(_PARTS, np.int64))
    return given


@compiled
def _part(keys: Longs, values: Ints, given: Parted, at: Longs) -> None:
    begin = given.begin
    for row in range(keys.size):
        begin[spot(mix(keys[row]), _PARTS) + 1] += 1
    for part in range(_PARTS):
        begin[part + 1] += begin[part]
    for part in range(_PARTS):
        at[part] = begin[part]
    for row in range(keys.size):
        part = spot(mix(keys[row]), _PARTS)
        given.keys[at[part]], given.values[at[part]] = keys[row], values[row]
        at[part] += 1


@compiled
def _needed(given: Parted, seen: Longs, times: Ints) -> tuple[int, int]:
    """How many different keys there are, and how many nodes their values take; `seen` and `times` are scratch."""
    different, nodes = 0, 0
    mask = seen.size - 1
    for part in range(_PARTS):
        times[:] = 0
        for row in range(given.begin[part], given.begin[part + 1]):
            key = given.keys[row]
            slot = mix(key) & mask
            while times[slot] > 0 and seen[slot] != key:
                slot = (slot + 1) & mask
            seen[slot] = key
            times[slot] += 1
            different += times[slot] == 1
            nodes += (0, 0, 3)[times[slot]] if times[slot] < 3 else 1
    return different, nodes


def built(given: Parted) -> Table:
    """A table of exactly these keys and values, with room for a few more."""
    capacity = 64
    while capacity < 2 * int(np.diff(given.begin).max()):
        capacity *= 2
    different, nodes = _needed(given, np.empty(capacity, np.int64), np.empty(capacity, np.int32))
    table = empty(different + different // 64, nodes + nodes // 64 + 64)
    return filled(table, given.keys, given.values)
