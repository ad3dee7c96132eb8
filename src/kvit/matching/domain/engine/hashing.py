"""Open-addressing tables from 64-bit keys to one or many whole numbers, with a bitmap before them, as NumPy arrays."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kvit.matching.domain.engine.compile import LONG, UNSIGNED, compiled
from kvit.matching.domain.engine.texts import Bytes, Longs

Ints = npt.NDArray[np.int32]

_FULLEST: Final = 3  # quarters of a table that may be taken
_BITS_PER_SLOT: Final = 8
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


def empty(expected: int) -> Table:
    """A table with room for the expected number of values."""
    capacity = 64
    while capacity * _FULLEST < expected * 4 + 4:
        capacity *= 2
    return Table(
        _empty_slots(capacity),
        np.zeros((64, 2), np.int32),
        np.zeros(capacity * _BITS_PER_SLOT // 64, np.uint64),
        np.zeros(2, np.int64),
    )


def _empty_slots(capacity: int) -> npt.NDArray[Any]:
    slots = np.zeros(capacity, SLOT)
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
def text_key(buffer: Bytes, start: int, end: int) -> int:
    """A key of the letters and digits between two places, other signs left out; 0 for none of them."""
    key = LONG(0)
    for place in range(start, end):
        sign = buffer[place]
        if (48 <= sign <= 57) or (65 <= sign <= 90):
            key = key * LONG(1099511628211) + LONG(sign)
    return mix(key) if key != 0 else LONG(0)


@compiled
def find(table: Table, key: int) -> int:
    """The head under the key: a value, -1 for none, or -2 - n for the chain at node n."""
    spread = mix(key)
    bit = spread & (table.bits.size * 64 - 1)
    if not (table.bits[bit >> 6] >> UNSIGNED(bit & 63)) & UNSIGNED(1):
        return EMPTY
    mask = table.slots.size - 1
    slot = spread & mask
    while table.slots[slot].head != EMPTY:
        if table.slots[slot].key == key:
            return table.slots[slot].head
        slot = (slot + 1) & mask
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
def insert(table: Table, key: int, value: int) -> None:
    """Put a value under a key; there has to be room for it (see `has_room`)."""
    spread = mix(key)
    bit = spread & (table.bits.size * 64 - 1)
    table.bits[bit >> 6] |= UNSIGNED(1) << UNSIGNED(bit & 63)
    mask = table.slots.size - 1
    slot = spread & mask
    while table.slots[slot].head != EMPTY and table.slots[slot].key != key:
        slot = (slot + 1) & mask
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
    return table.size[0] * 4 + 4 <= table.slots.size * _FULLEST and table.size[1] + 3 <= table.nodes.shape[0]


@compiled
def _copy_slots(old: Table, new: Table) -> None:
    mask = new.slots.size - 1
    for slot in range(old.slots.size):
        if old.slots[slot].head != EMPTY:
            spread = mix(old.slots[slot].key)
            bit = spread & (new.bits.size * 64 - 1)
            new.bits[bit >> 6] |= UNSIGNED(1) << UNSIGNED(bit & 63)
            place = spread & mask
            while new.slots[place].head != EMPTY:
                place = (place + 1) & mask
            new.slots[place].key = old.slots[slot].key
            new.slots[place].head = old.slots[slot].head
            new.size[0] += 1


def grown(table: Table) -> Table:
    """The same table with more room, for slots or for nodes, whichever is short."""
    nodes = table.nodes
    if table.size[1] + 3 > len(nodes):
        nodes = np.concatenate((nodes, np.zeros_like(nodes)))
    if table.size[0] * 4 + 4 <= len(table.slots) * _FULLEST:
        return table._replace(nodes=nodes)
    larger = empty(len(table.slots))._replace(nodes=nodes)
    _copy_slots(table, larger)
    larger.size[1] = table.size[1]
    return larger


def filled(table: Table, keys: Longs, values: Ints) -> Table:
    """The table with values put under keys, grown as needed."""
    begin = 0
    while (begin := insert_all(table, keys, values, begin)) < len(keys):
        table = grown(table)
    return table
