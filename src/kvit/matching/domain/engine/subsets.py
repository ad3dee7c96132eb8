"""Which of a few amounts add up to a sum, and in how many ways: meet in the middle.

After E. Horowitz and S. Sahni, Computing Partitions with Applications to the Knapsack Problem, JACM 21(2), 1974.
"""

from typing import Final, Protocol

import numpy as np

from kvit.matching.domain.engine.compile import LONG, UNSIGNED, compiled
from kvit.matching.domain.engine.texts import Longs

MOST_AMOUNTS: Final = 22
MOST_COUNTED: Final = 32
_HALF: Final = 1 << (MOST_AMOUNTS // 2)


class Halves(Protocol):
    """Scratch: sorted sums of the two halves with the amounts in them as bits, and the same once more for merging."""

    sums: Longs
    masks: Longs
    spare_sums: Longs
    spare_masks: Longs
    twin: Longs


HALVES: Final = np.dtype(
    [(name, np.int64, (2, _HALF)) for name in ("sums", "masks", "spare_sums", "spare_masks")]
    + [("twin", np.int64, (MOST_AMOUNTS,))]
)


@compiled
def _sorted_sums(halves: Halves, side: int, amounts: Longs, span: tuple[int, int]) -> int:
    """Sums of all subsets of `amounts[span]`, ascending, each new amount merged in; how many."""
    sums, masks = halves.sums[side], halves.masks[side]
    spare_sums, spare_masks = halves.spare_sums[side], halves.spare_masks[side]
    sums[0], masks[0], size = 0, 0, 1
    for place in range(span[0], span[1]):
        amount, bit = amounts[place], np.int64(1) << place
        without, within = 0, 0
        for at in range(2 * size):
            take = within < size and (without >= size or sums[within] + amount < sums[without])
            if take:
                spare_sums[at], spare_masks[at] = sums[within] + amount, masks[within] | bit
                within += 1
            else:
                spare_sums[at], spare_masks[at] = sums[without], masks[without]
                without += 1
        size *= 2
        for at in range(size):
            sums[at], masks[at] = spare_sums[at], spare_masks[at]
    return size


@compiled
def _all_sums(sums: Longs, amounts: Longs, span: tuple[int, int]) -> int:
    """Sums of all subsets of `amounts[span]` in no order; how many."""
    sums[0], size = 0, 1
    for place in range(span[0], span[1]):
        for at in range(size):
            sums[size + at] = sums[at] + amounts[place]
        size *= 2
    return size


@compiled
def _bit_of(total: int, words: int) -> int:
    return LONG((UNSIGNED(total) * UNSIGNED(0x9E3779B97F4A7C15)) >> UNSIGNED(40)) & (words * 64 - 1)


@compiled
def _may_add_up(amounts: Longs, many: int, target: int, halves: Halves) -> bool:
    """Whether any sum gives the target, without saying which: most do not, and sorting is what takes long."""
    mine, others, bits = halves.spare_sums[0], halves.spare_sums[1], halves.spare_masks[0]
    left = _all_sums(mine, amounts, (0, many // 2))
    right = _all_sums(others, amounts, (many // 2, many))
    bits[:left] = 0
    for at in range(left):
        bit = _bit_of(mine[at], left)
        bits[bit >> 6] |= LONG(1) << (bit & 63)
    for at in range(right):
        rest = target - others[at]
        bit = _bit_of(rest, left)
        if (bits[bit >> 6] >> (bit & 63)) & 1:
            for other in range(left):
                if mine[other] == rest:
                    return True
    return False


@compiled
def _oldest_first(mask: int, twin: Longs) -> bool:
    """Whether of equal amounts the earlier are taken before the later: `twin[i]`: the equal amount before i, or -1."""
    rest = mask
    place = 0
    while rest:
        if rest & 1 and twin[place] >= 0 and not (mask >> twin[place]) & 1:
            return False
        rest >>= 1
        place += 1
    return True


@compiled
def _twins(amounts: Longs, many: int, twin: Longs) -> None:
    for place in range(many):
        twin[place] = -1
        for before in range(place - 1, -1, -1):
            if amounts[before] == amounts[place]:
                twin[place] = before
                break


@compiled
def subsets(amounts: Longs, many: int, target: int, halves: Halves, found: Longs) -> int:
    """How many different sums of the first `many` amounts give the target (counted up to 32); masks go into `found`.

    The empty sum does not count. Equal amounts stand for each other: the earliest are taken, and the choice among them
    counts once. `found` holds as many masks as fit.
    """
    if not _may_add_up(amounts, many, target, halves):
        return 0
    twin = halves.twin
    _twins(amounts, many, twin)
    left = _sorted_sums(halves, 0, amounts, (0, many // 2))
    right = _sorted_sums(halves, 1, amounts, (many // 2, many))
    solutions, low, high = 0, 0, right - 1
    while low < left and high >= 0 and solutions < MOST_COUNTED:
        total = halves.sums[0, low] + halves.sums[1, high]
        if total > target:
            high -= 1
            continue
        if total == target:
            solutions = _pairs(halves, (low, high), twin, (found, solutions))
        low += 1
    return solutions


@compiled
def _pairs(halves: Halves, at: tuple[int, int], twin: Longs, so_far: tuple[Longs, int]) -> int:
    """Count one sum of the left half with all equal sums of the right half."""
    found, solutions = so_far
    low, high = at
    wanted = halves.sums[1, high]
    while high >= 0 and halves.sums[1, high] == wanted and solutions < MOST_COUNTED:
        mask = halves.masks[0, low] | halves.masks[1, high]
        if mask != 0 and _oldest_first(mask, twin):
            if solutions < found.size:
                found[solutions] = mask
            solutions += 1
        high -= 1
    return solutions
