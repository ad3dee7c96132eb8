"""The figures of the matching engine: how right, how fast, how large, beside three baselines."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure
from benchmarks.matching.baselines import BASELINES, Lists, answers, first_payments
from benchmarks.matching.options import PROFILES, UNSEEN_ERRORS, Options
from benchmarks.matching.scoring import Answers, Scores, evaluate, lines
from benchmarks.matching.words import UNSEEN
from benchmarks.matching.workload import Workload, generate

TRIAL = "benchmarks.matching.trial"

ITEMS, PAYMENTS = 1_000_000, 200_000  # the goals hold at this size


@dataclass(frozen=True)
class Goals:
    """Of one profile: per cent, per cent, payments/s and their stretch."""

    right: float
    right_stretch: float | None
    precision: float
    rate: float
    rate_stretch: float


GOALS = {
    "mixed": Goals(94, 96, 99.95, 40_000, 100_000),
    "retail": Goals(98.8, None, 99.98, 150_000, 300_000),
    "b2b": Goals(92, None, 99.9, 25_000, 60_000),
}
FALSE_MATCH, WRONG_CUSTOMER, CALIBRATION = 0.1, 0.02, 0.005
ONE_DIGIT_DENSE, ONE_DIGIT_SPREAD, LUMPS = 93.0, 97.0, 88.0
SINGLE_MS, BUILD_S, MEMORY_MB = 1.0, 2.0, 200.0
UNSEEN_LOSS, UNSEEN_PRECISION = 2.0, 99.9


@dataclass(frozen=True)
class Run:
    """One workload matched by the engine: its scores and what it took (see `trial.Taken`)."""

    name: str
    scores: Scores
    taken: dict[str, float]


def measure(*words: str) -> Iterator[Figure]:
    """All figures of the matching engine; goals hold at full size only. Tables by scenario go to stderr."""
    asked = _asked(words)
    is_full = asked.items >= ITEMS and asked.payments in (0, PAYMENTS)
    for figure in _measured(asked):
        yield figure if is_full else replace(figure, goal=None, stretch=None)


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks matching", description=measure.__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--payments", type=int, default=0, help="a fifth of the items if not given")
    parser.add_argument("--profile", choices=PROFILES, action="append", help="all if not given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only-engine", action="store_true", help="without baselines, spread references, unseen words")
    return parser.parse_args(words)


def _measured(asked: argparse.Namespace) -> Iterator[Figure]:
    for profile in asked.profile or PROFILES:
        options = Options(items=asked.items, payments=asked.payments, seed=asked.seed, profile=profile)
        with _matched(options, profile) as (workload, run):
            yield from _accuracy(run, GOALS[profile])
            yield from _speed(run, GOALS[profile])
            if profile == "mixed" and not asked.only_engine:
                yield from _baselines(workload)
        if profile == "mixed" and not asked.only_engine:
            yield from _variants(options, run)


@contextmanager
def _matched(options: Options, name: str) -> Iterator[tuple[Workload, Run]]:
    """Generate a workload, match it in a process of its own, score what came out, show it by scenario."""
    with tempfile.TemporaryDirectory(prefix="kvit-matching-") as scratch:
        folder, start = Path(scratch), time.process_time()
        workload = generate(options)
        _say(f"{name}: generated in {time.process_time() - start:.1f} s of the processor")
        workload.save(folder)
        done = subprocess.run([sys.executable, "-m", TRIAL, str(folder)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the engine failed on {name}:\n{done.stderr}")
        with np.load(folder / "answers.npz") as columns:
            scores = evaluate(workload, Answers(**{column: columns[column] for column in columns.files}))
        run = Run(name, scores, json.loads(done.stdout.splitlines()[-1]))
        _show(name, scores)
        yield workload, run


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _show(name: str, scores: Scores) -> None:
    _say(f"\n{name}, in per cent:")
    for line in lines(scores):
        _say(line)


def _percent(share: float | None) -> float:
    return 100 * (share or 0.0)


def _accuracy(run: Run, goals: Goals) -> Iterator[Figure]:
    scores, name = run.scores, run.name
    lump = scores.by_scenario["lump"].right_automatic if "lump" in scores.by_scenario else None
    right, precision = _percent(scores.all.right_automatic), _percent(scores.all.precision)
    yield Figure(f"{name}: right automatic", right, "%", goal=goals.right, stretch=goals.right_stretch)
    yield Figure(f"{name}: precision of automatic", precision, "%", goal=goals.precision)
    yield _at_most(f"{name}: false match", _percent(scores.all.false_match), "%", FALSE_MATCH)
    yield _at_most(f"{name}: wrong customer", _percent(scores.all.wrong_customer), "%", WRONG_CUSTOMER)
    yield _at_most(f"{name}: expected calibration error", scores.calibration_error or 0.0, "", CALIBRATION)
    one_digit = _percent(scores.one_digit.right_automatic)
    yield Figure(f"{name}: one wrong digit, right automatic", one_digit, "%", goal=ONE_DIGIT_DENSE)
    yield Figure(f"{name}: lump sums, right automatic", _percent(lump), "%", goal=LUMPS)


def _at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, value, unit, goal=goal, at_least=False)


def _speed(run: Run, goals: Goals) -> Iterator[Figure]:
    taken, name = run.taken, run.name
    rate = taken["payments"] / taken["matching"]
    yield Figure(f"{name}: matching", rate, "payments/s", goal=goals.rate, stretch=goals.rate_stretch)
    yield _at_most(f"{name}: a single payment, 99th percentile", 1000 * taken["single"], "ms", SINGLE_MS)
    yield _at_most(f"{name}: building the index", taken["building"], "s", BUILD_S)
    yield _at_most(f"{name}: memory beside the input", taken["memory"], "MB", MEMORY_MB)
    yield Figure(f"{name}: reading the tables", taken["reading"], "s")
    yield Figure(f"{name}: making columns of the tables", taken["columns"], "s")
    yield Figure(f"{name}: compiling", taken["compiling"], "s")
    yield Figure(f"{name}: wording", taken["worded"] / max(taken["wording"], 1e-9), "explanations/s")


def _baselines(workload: Workload) -> Iterator[Figure]:
    lists = Lists(workload)
    lists.prepare()
    for name, (way, most) in BASELINES.items():
        sample = min(most, workload.tables["payments"].num_rows)
        start = time.process_time()
        found = list(way(lists, sample))
        taken = time.process_time() - start
        part = first_payments(workload, sample)
        score = evaluate(part, answers(part, iter(found))).all
        told = f"baseline {name}, first {sample} payments"
        yield Figure(f"{told}: right automatic", _percent(score.right_automatic), "%")
        yield Figure(f"{told}: precision of automatic", _percent(score.precision), "%")
        yield Figure(f"{told}: false match", _percent(score.false_match), "%")
        yield Figure(f"{told}: matching", sample / taken, "payments/s")


def _variants(options: Options, usual: Run) -> Iterator[Figure]:
    """References that are spread, ids without order, and a hand and words that no prior has seen."""
    with _matched(replace(options, dense=False), "mixed, spread references") as (_, run):
        one_digit = _percent(run.scores.one_digit.right_automatic)
        yield Figure(f"{run.name}: one wrong digit, right automatic", one_digit, "%", goal=ONE_DIGIT_SPREAD)
    unseen = replace(options, errors=UNSEEN_ERRORS, words=UNSEEN, permuted=True)
    with _matched(unseen, "mixed, errors and words never seen, ids permuted") as (_, run):
        lost = _percent(usual.scores.all.right_automatic) - _percent(run.scores.all.right_automatic)
        precision = _percent(run.scores.all.precision)
        yield _at_most(f"{run.name}: right automatic lost", lost, "points", UNSEEN_LOSS)
        yield Figure(f"{run.name}: precision of automatic", precision, "%", goal=UNSEEN_PRECISION)
