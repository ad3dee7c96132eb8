"""Weights of the features from confirmed matches: the hypotheses of many payments, and their conditional likelihood."""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine import hashing
from kvit.matching.domain.engine.compile import allocating, compiled
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.ponder import find_hypotheses
from kvit.matching.domain.engine.tables import Chances, Marks
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.weighing import Case

Numbers = npt.NDArray[np.float64]

_MEMORY: Final = 12


class Sample(NamedTuple):
    """Hypotheses of many payments: those of payment p are `group[p]:group[p + 1]`, the right one is `right[p]`.

    The features of hypothesis h are `feature[h]:feature[h + 1]` of `cell` and `value`, `kind[h]` is its kind.
    """

    group: Longs
    right: Longs
    feature: Longs
    cell: Ints
    value: Chances
    kind: Marks


@allocating
def true_marks(payment: Ints, item: Ints, payments: int) -> Longs:
    """The mark of each payment's true set of items (places in the ledger), as hypotheses have them; 0 for none."""
    marks = np.zeros(payments, np.int64)
    for at in range(payment.size):
        marks[payment[at]] += hashing.mix(item[at] + 1)
    return marks


@compiled
def _collect(case: Case, rows: Longs, marks: Longs, sample: Sample, size: Longs) -> int:
    """Write the hypotheses of `rows` from place size[2] on, while there is room; the place to go on with."""
    mine = case.scratch.mine
    for at in range(size[2], rows.size):
        if size[0] + f.MOST_HYPOTHESES > sample.feature.size - 1:
            return at
        if size[1] + f.MOST_HYPOTHESES * f.MOST_CELLS > sample.cell.size:
            return at
        find_hypotheses(Case(case.ledger, case.incoming, rows[at], case.scratch, case.rule))
        sample.group[at] = size[0]
        sample.right[at] = size[0]
        for row in range(mine.size[0]):
            if mine.mark[row] == marks[rows[at]]:
                sample.right[at] = size[0]
            for cell in range(mine.cells[row]):
                sample.cell[size[1]], sample.value[size[1]] = mine.cell[row, cell], mine.value[row, cell]
                size[1] += 1
            sample.kind[size[0]] = f.kind_of(mine.facts[row]) if row > 0 else 0
            size[0] += 1
            sample.feature[size[0]] = size[1]
        sample.group[at + 1] = size[0]
    return rows.size


def collect(case: Case, rows: Longs, marks: Longs) -> Sample:
    """The hypotheses and features of the given payments, with the right ones by their marks."""
    many = len(rows)
    sample = Sample(
        np.zeros(many + 1, np.int64),
        np.zeros(many, np.int64),
        np.zeros(many * 24 + 1024, np.int64),
        np.zeros(many * 24 * 14 + 16384, np.int32),
        np.zeros(many * 24 * 14 + 16384, np.float32),
        np.zeros(many * 24 + 1024, np.int8),
    )
    size = np.zeros(3, np.int64)
    while (done := _collect(case, rows, marks, sample, size)) < many:
        size[2] = done
        sample = sample._replace(
            feature=np.concatenate((sample.feature, np.zeros_like(sample.feature))),
            cell=np.concatenate((sample.cell, np.zeros_like(sample.cell))),
            value=np.concatenate((sample.value, np.zeros_like(sample.value))),
            kind=np.concatenate((sample.kind, np.zeros_like(sample.kind))),
        )
    return sample._replace(
        feature=sample.feature[: size[0] + 1].copy(),
        cell=sample.cell[: size[1]].copy(),
        value=sample.value[: size[1]].copy(),
        kind=sample.kind[: size[0]].copy(),
    )


def joined(samples: list[Sample]) -> Sample:
    """Several samples as one."""
    hypotheses = np.cumsum([0] + [len(s.feature) - 1 for s in samples])
    cells = np.cumsum([0] + [len(s.cell) for s in samples])
    return Sample(
        np.concatenate([s.group[:-1] + h for s, h in zip(samples, hypotheses, strict=False)] + [hypotheses[-1:]]),
        np.concatenate([s.right + h for s, h in zip(samples, hypotheses, strict=False)]),
        np.concatenate([s.feature[:-1] + c for s, c in zip(samples, cells, strict=False)] + [cells[-1:]]),
        np.concatenate([s.cell for s in samples]),
        np.concatenate([s.value for s in samples]),
        np.concatenate([s.kind for s in samples]),
    )


@allocating
def _loss(sample: Sample, weights: Numbers, slope: Numbers) -> float:
    """The negative log-likelihood of the right hypotheses; its slope is written."""
    slope[:] = 0
    total = 0.0
    score = np.empty(f.MOST_HYPOTHESES, np.float64)
    for payment in range(sample.right.size):
        begin, end = sample.group[payment], sample.group[payment + 1]
        whole = _probabilities(sample, weights, (begin, end), score)
        right = sample.right[payment]
        total -= math.log(max(score[right - begin] / whole, 1e-30))
        for row in range(begin, end):
            error = score[row - begin] / whole - (1.0 if row == right else 0.0)
            for at in range(sample.feature[row], sample.feature[row + 1]):
                slope[sample.cell[at]] += error * sample.value[at]
    return total


@compiled
def _probabilities(sample: Sample, weights: Numbers, span: tuple[int, int], score: Numbers) -> float:
    """Write what is proportional to the probabilities of a payment's hypotheses; their sum."""
    highest = -1e30
    for row in range(span[0], span[1]):
        score[row - span[0]] = 0
        for at in range(sample.feature[row], sample.feature[row + 1]):
            score[row - span[0]] += weights[sample.cell[at]] * sample.value[at]
        highest = max(highest, score[row - span[0]])
    whole = 0.0
    for place in range(span[1] - span[0]):
        score[place] = math.exp(score[place] - highest)
        whole += score[place]
    return whole


class Tops(NamedTuple):
    """Of payments' likeliest hypotheses but the first: the probability (0: there is none), the kind, whether right."""

    chance: Numbers
    kind: Marks
    is_right: npt.NDArray[np.bool_]


def tops(sample: Sample, weights: Numbers) -> Tops:
    """The likeliest hypothesis of each payment."""
    many = len(sample.right)
    found = Tops(np.zeros(many), np.zeros(many, np.int8), np.zeros(many, bool))
    _tops(sample, weights, found)
    return found


@allocating
def _tops(sample: Sample, weights: Numbers, found: Tops) -> None:
    score = np.empty(f.MOST_HYPOTHESES, np.float64)
    for payment in range(sample.right.size):
        begin, end = sample.group[payment], sample.group[payment + 1]
        whole = _probabilities(sample, weights, (begin, end), score)
        best = 0
        for place in range(1, end - begin):
            if best == 0 or score[place] > score[best]:
                best = place
        found.chance[payment] = score[best] / whole if best > 0 else 0
        found.kind[payment] = sample.kind[begin + best]
        found.is_right[payment] = best > 0 and begin + best == sample.right[payment]


def fit_weights(sample: Sample, *, ridge: float = 0.05, rounds: int = 1000, begin: Numbers | None = None) -> Numbers:
    """Weights of the cells that make the right hypotheses likeliest (L-BFGS; Liu and Nocedal, 1989), drawn to zero."""
    weights, slope = np.zeros(f.CELLS) if begin is None else begin.copy(), np.zeros(f.CELLS)
    steps: list[tuple[Numbers, Numbers]] = []
    loss = _loss(sample, weights, slope) + ridge / 2 * float(weights @ weights)
    slope += ridge * weights
    for _ in range(rounds):
        ahead = -_direction(slope, steps)
        size, promised = 1.0 if steps else 1.0 / max(1.0, float(np.abs(slope).sum())), float(slope @ ahead)
        while True:
            tried, new_slope = weights + size * ahead, np.zeros(f.CELLS)
            new_loss = _loss(sample, tried, new_slope) + ridge / 2 * float(tried @ tried)
            if new_loss <= loss + 1e-4 * size * promised or size < 1e-10:
                break
            size /= 2
        new_slope += ridge * tried
        change = loss - new_loss
        if float((new_slope - slope) @ (tried - weights)) > 0:
            steps = [*steps[-_MEMORY + 1 :], (tried - weights, new_slope - slope)]
        weights, slope, loss = tried, new_slope, new_loss
        if 0 <= change < 1e-7 * loss:
            break
    return weights


def _direction(slope: Numbers, steps: list[tuple[Numbers, Numbers]]) -> Numbers:
    """The slope times an estimate of the inverse curvature, from the last steps."""
    ahead, shares = slope.copy(), []
    for moved, turned in reversed(steps):
        share = float(moved @ ahead) / float(moved @ turned)
        ahead -= share * turned
        shares.append(share)
    if steps:
        moved, turned = steps[-1]
        ahead *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned), share in zip(steps, reversed(shares), strict=True):
        ahead += (share - float(turned @ ahead) / float(moved @ turned)) * moved
    return ahead
