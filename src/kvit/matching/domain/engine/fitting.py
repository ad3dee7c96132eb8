"""Fit the prior on confirmed matches: weights, then calibration, thresholds and the fast path's confidences."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.assignment import begun
from kvit.matching.domain.engine.fast import CLASSES, OPEN, PAID, SUREST, Plain, take_plain
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.incoming import incoming
from kvit.matching.domain.engine.index import Index
from kvit.matching.domain.engine.ledger import Journal, give_back
from kvit.matching.domain.engine.likelihood import (
    Numbers,
    Sample,
    Tops,
    collect,
    fit_weights,
    joined,
    tops,
    true_marks,
)
from kvit.matching.domain.engine.prior import Prior
from kvit.matching.domain.engine.rounds import first_round
from kvit.matching.domain.engine.score import Weights
from kvit.matching.domain.engine.tables import Chances, Payments
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.weighing import Case

Flags = npt.NDArray[np.bool_]

TARGETS: Final = (0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999)
_KNOTS: Final = 48
_ROUGH: Final = 150  # rounds of fitting for weights that only tell which payments are sure
_ROUGHLY_SURE: Final = 0.98


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A batch with its truth: payment row `payment[i]` pays item row `item[i]`; `leave_out`: rows known as repeats."""

    index: Index
    payments: Payments
    payment: Ints
    item: Ints
    leave_out: Longs


class _Worked(NamedTuple):
    """One batch worked out: the sample of its slow path, and (automatic, right) of its fast path."""

    sample: Sample
    plain: tuple[int, int]


def fit(batches: Sequence[Confirmed], *, about: str = "", ridge: float = 0.05) -> Prior:
    """The prior that makes the confirmed matches likeliest, calibrated on payments that the weights have not seen.

    Worked out twice: what the payments that quote their items leave open is known only once there are weights.
    """
    sure = _plain_confidences(batches)
    rough = fit_weights(joined([_first(batch, sure).sample for batch in batches]), ridge=ridge, rounds=_ROUGH)
    worked = [_second(batch, sure, rough) for batch in batches]
    whole = joined([batch.sample for batch in worked])
    weights = fit_weights(whole, ridge=ridge, begin=rough)
    held = _unseen(whole, weights, ridge)
    bounds, levels, begins = calibrations(held)
    plain = sum(batch.plain[0] for batch in worked), sum(batch.plain[1] for batch in worked)
    confidence = _confidences(held, (bounds, levels, begins))
    thresholds = [_least(confidence, held.is_right, plain, target) for target in TARGETS]
    return Prior(
        cells=weights.astype(np.float32),
        plain=sure,
        bounds=bounds.astype(np.float32),
        levels=levels.astype(np.float32),
        begins=begins.astype(np.float32),
        targets=np.array(TARGETS, np.float32),
        thresholds=np.maximum.accumulate(np.array(thresholds)).astype(np.float32),
        about=about,
    )


def _unseen(sample: Sample, weights: Numbers, ridge: float) -> Tops:
    """The likeliest hypotheses by weights that were fitted on the other half of the payments."""
    many = len(sample.right)
    found = Tops(np.zeros(many), np.zeros(many, np.int8), np.zeros(many, bool))
    columns: tuple[npt.NDArray[Any], ...] = found
    for half in range(2):
        kept = np.flatnonzero(np.arange(many) % 2 == half)
        others = fit_weights(_of(sample, np.flatnonzero(np.arange(many) % 2 != half)), ridge=ridge, begin=weights)
        for column, part in zip(columns, tops(_of(sample, kept), others), strict=True):
            column[kept] = part
    return found


def _run_plain(batch: Confirmed, sure: Chances, least: float) -> tuple[Case, Plain, Longs, Journal]:
    ledger, rows, many = batch.index.ledger, incoming(batch.payments), batch.payments.rows
    case = Case(ledger, rows, 0, batch.index.scratch(), batch.index.rule.numbers())
    plain = Plain(np.zeros(many, np.int8), np.full(many, -1, np.int32), np.zeros(many, np.int32))
    room = many + len(ledger.items)
    journal = Journal(np.empty(room, np.int32), np.empty(room, np.int64), np.zeros(1, np.int64))
    order = np.argsort(rows.rows["day"], kind="stable")
    take_plain(ledger, rows, order, case.scratch, (plain, sure, least, journal))
    return case, plain, order, journal


def _marks(batch: Confirmed) -> tuple[Longs, Longs]:
    """The mark of each payment's true set, and the place in the ledger of each item row."""
    places = np.empty(len(batch.index.order), np.int32)
    places[batch.index.order] = np.arange(len(places))
    return true_marks(batch.payment, places[batch.item], batch.payments.rows), places.astype(np.int64)


def _plain_right(batch: Confirmed, plain: Plain, marks: Longs) -> Flags:
    """Whether the item of the fast path is all that the payment pays."""
    everyone = np.arange(batch.payments.rows, dtype=np.int32)
    return true_marks(everyone, np.maximum(plain.item, 0), batch.payments.rows) == marks


def _plain_confidences(batches: Sequence[Confirmed]) -> Chances:
    """The share of right decisions of each class of the fast path, one right and one wrong added for caution."""
    right, many = np.ones(CLASSES), np.full(CLASSES, 2.0)
    for batch in batches:
        _, plain, _, journal = _run_plain(batch, np.ones(CLASSES, np.float32), 0.5)
        give_back(batch.index.ledger, journal)
        taken = plain.state == PAID
        agrees = _plain_right(batch, plain, _marks(batch)[0])
        many += np.bincount(plain.grade[taken], minlength=CLASSES)
        right += np.bincount(plain.grade[taken & agrees], minlength=CLASSES)
    return (right / many).astype(np.float32)


def _first(batch: Confirmed, sure: Chances) -> _Worked:
    """The slow path as it finds the ledger after the fast path."""
    case, plain, order, journal = _run_plain(batch, sure, SUREST)
    marks = _marks(batch)[0]
    rows = order[plain.state[order] == OPEN]
    sample = collect(case, rows[~np.isin(rows, batch.leave_out)], marks)
    give_back(batch.index.ledger, journal)
    return _Worked(sample, _plain_count(batch, plain, marks))


def _second(batch: Confirmed, sure: Chances, rough: Numbers) -> _Worked:
    """The slow path as it is decided: those that quote their items first, the others with what is left."""
    case, plain, order, journal = _run_plain(batch, sure, SUREST)
    marks = _marks(batch)[0]
    rows = order[plain.state[order] == OPEN]
    outcome = begun(batch.payments.rows, len(case.ledger.items), journal)
    left = first_round(case, rows, _uncalibrated(rough, sure), _ROUGHLY_SURE, outcome).left
    then = collect(case, left[~np.isin(left, batch.leave_out)], marks)
    give_back(batch.index.ledger, journal)
    case, plain, order, journal = _run_plain(batch, sure, SUREST)
    early = rows[~np.isin(rows, left) & ~np.isin(rows, batch.leave_out)]
    sample = joined([collect(case, early, marks), then])
    give_back(batch.index.ledger, journal)
    return _Worked(sample, _plain_count(batch, plain, marks))


def _uncalibrated(rough: Numbers, sure: Chances) -> Weights:
    """Weights whose confidence is the probability itself."""
    line = np.tile(np.array([0, 1], np.float32), f.KINDS)
    return Weights(rough.astype(np.float32), sure, line, line, np.arange(f.KINDS + 1) * 2)


def _plain_count(batch: Confirmed, plain: Plain, marks: Longs) -> tuple[int, int]:
    taken = plain.state == PAID
    return int(taken.sum()), int((taken & _plain_right(batch, plain, marks)).sum())


def _of(sample: Sample, payments: Longs) -> Sample:
    """The sample of some payments."""
    rows, group = _spread(sample.group, payments)
    cells, feature = _spread(sample.feature, rows)
    right = sample.right[payments] - sample.group[payments] + group[:-1]
    return Sample(group, right, feature, sample.cell[cells], sample.value[cells], sample.kind[rows])


def _spread(offsets: Longs, chosen: Longs) -> tuple[Longs, Longs]:
    """All members of the chosen groups, and the new offsets."""
    lengths = offsets[chosen + 1] - offsets[chosen]
    new = np.concatenate(([0], np.cumsum(lengths)))
    return np.arange(new[-1]) + np.repeat(offsets[chosen] - new[:-1], lengths), new


def calibrations(held: Tops) -> tuple[Numbers, Numbers, Longs]:
    """A calibration for each kind of hypotheses: bounds, levels, and where each kind begins."""
    bounds, levels, begins = [], [], [0]
    for kind in range(f.KINDS):
        mine = (held.kind == kind) & (held.chance > 0)
        if mine.any():
            found = calibration(held.chance[mine], held.is_right[mine])
        else:
            found = np.array([0.0, 1.0]), np.array([0.0, 0.5])
        bounds.append(found[0])
        levels.append(found[1])
        begins.append(begins[-1] + len(found[0]))
    return np.concatenate(bounds), np.concatenate(levels), np.array(begins, np.int64)


def _confidences(held: Tops, table: tuple[Numbers, Numbers, Longs]) -> Numbers:
    bounds, levels, begins = table
    found = np.zeros(len(held.chance))
    for kind in range(f.KINDS):
        mine, part = held.kind == kind, slice(begins[kind], begins[kind + 1])
        found[mine] = np.interp(held.chance[mine], bounds[part], levels[part])
    return np.where(held.chance > 0, found, 0)


def calibration(chance: Numbers, right: Flags) -> tuple[Numbers, Numbers]:
    """Bounds and levels of the best rising function from chance to the share of right ones.

    Pool adjacent violators: M. Ayer et al., An Empirical Distribution Function for Sampling with Incomplete
    Information, 1955. Blocks have at least a 48th of the rows, finer towards certainty, where most rows are.
    """
    given = chance > 0
    order = np.argsort(chance[given], kind="stable")
    chance, right = chance[given][order], right[given][order].astype(np.float64)
    blocks: list[tuple[float, float, int]] = []
    for part in _pieces(chance):
        block = (float(chance[part].sum()), float(right[part].sum()), len(part))
        while blocks and blocks[-1][1] * block[2] >= block[1] * blocks[-1][2]:
            last = blocks.pop()
            block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
        blocks.append(block)
    bounds = np.array([s / n for s, _, n in blocks])
    levels = np.array([(r + 0.5) / (n + 1) for _, r, n in blocks])
    keep = np.concatenate(([True], np.diff(bounds.astype(np.float32)) > 0))
    return bounds[keep], np.maximum.accumulate(levels[keep])


def _pieces(chance: Numbers) -> list[Longs]:
    """Rows in pieces: by steps of the log-odds, and by numbers where steps hold too few."""
    odds = np.log(np.clip(chance, 1e-4, 1 - 1e-6) / (1 - np.clip(chance, 1e-4, 1 - 1e-6)))
    steps = np.linspace(odds[0] - 1, odds[-1] + 1, _KNOTS + 1)
    cuts = [0]
    for cut in [*np.searchsorted(odds, steps[1:-1]).tolist(), len(chance)]:
        if cut - cuts[-1] >= min(200, max(1, len(chance) // _KNOTS)):
            cuts.append(cut)
    cuts[-1] = len(chance)
    return [np.arange(a, b) for a, b in itertools.pairwise(cuts)] or [np.arange(len(chance))]


def _least(confidence: Numbers, right: Flags, plain: tuple[int, int], target: float) -> float:
    """The least confidence with which automatic decisions, those of the fast path counted in, reach the target.

    Two wrong ones are added for caution.
    """
    order = np.argsort(-confidence, kind="stable")
    good = np.cumsum(right[order]) + plain[1]
    all_of_them = np.arange(1, len(order) + 1) + plain[0] + 2
    reached = np.flatnonzero(good >= target * all_of_them)
    if not len(reached):
        return float(confidence.max(initial=1.0))
    return float(confidence[order[reached[-1]]])
