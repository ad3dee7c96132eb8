"""From features to confidence: a conditional logit over the hypotheses of a payment, then a monotone calibration.

After D. McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974.
"""

import math
from typing import Final, NamedTuple

from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.features import Hypotheses
from kvit.matching.domain.engine.ledger import Ledger, older
from kvit.matching.domain.engine.tables import Chances
from kvit.matching.domain.engine.texts import Longs

_EQUAL: Final = 1e-7


class Weights(NamedTuple):
    """The prior as compiled code reads it: weights of the cells, confidences of the fast path's classes, calibration.

    Kind k of hypotheses is calibrated by places `begins[k]` to `begins[k + 1]` of `bounds`, which ascend, and `levels`:
    the confidence at each bound, linear between.
    """

    cells: Chances
    plain: Chances
    bounds: Chances
    levels: Chances
    begins: Longs


@compiled
def choose(ledger: Ledger, mine: Hypotheses, weights: Chances) -> tuple[int, int]:
    """Score all hypotheses; `score` becomes the probability of each. The two likeliest beside row 0 (-1)."""
    weigh(mine, weights)
    best, second = -1, -1
    for row in range(1, mine.size[0]):
        if best < 0 or _surer(ledger, mine, row, best):
            best, second = row, best
        elif second < 0 or _surer(ledger, mine, row, second):
            second = row
    return best, second


@compiled
def _surer(ledger: Ledger, mine: Hypotheses, one: int, other: int) -> bool:
    """Whether one hypothesis is likelier, or as likely with an older first item, so that no order of input decides."""
    if abs(mine.score[one] - mine.score[other]) > _EQUAL:
        return bool(mine.score[one] > mine.score[other])
    return older(ledger, mine.items[mine.span[one, 0]], mine.items[mine.span[other, 0]])


@compiled
def weigh(mine: Hypotheses, weights: Chances) -> None:
    """Write the probability of each hypothesis."""
    many = mine.size[0]
    highest = -1e30
    for row in range(many):
        total = 0.0
        for at in range(mine.cells[row]):
            total += weights[mine.cell[row, at]] * mine.value[row, at]
        mine.score[row] = total
        highest = max(highest, total)
    whole = 0.0
    for row in range(many):
        mine.score[row] = math.exp(mine.score[row] - highest)
        whole += mine.score[row]
    for row in range(many):
        mine.score[row] /= whole


@compiled
def calibrated(weights: Weights, kind: int, probability: float) -> float:
    """The share of right decisions that the prior saw at such a probability of such a kind."""
    bounds, levels = weights.bounds, weights.levels
    begin, end = weights.begins[kind], weights.begins[kind + 1]
    if probability <= bounds[begin]:
        return levels[begin]
    for at in range(begin + 1, end):
        if probability <= bounds[at]:
            share = (probability - bounds[at - 1]) / (bounds[at] - bounds[at - 1])
            return levels[at - 1] + share * (levels[at] - levels[at - 1])
    return levels[end - 1]
