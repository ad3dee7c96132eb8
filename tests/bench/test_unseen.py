"""The shipped prior holds for errors, words and names that it has not seen: little is lost, hardly anything wrong."""

import pytest
from benchmarks.matching import trial
from benchmarks.matching.options import UNSEEN_ERRORS, Options
from benchmarks.matching.scoring import Scores, evaluate
from benchmarks.matching.training import MIXES
from benchmarks.matching.words import UNSEEN
from benchmarks.matching.workload import generate

from kvit.matching.domain import engine
from kvit.matching.domain.from_tables import engine_input
from kvit.matching.domain.shipped_prior import shipped_prior

pytestmark = pytest.mark.timeout(900)  # the first run compiles

ITEMS, SEED = 60_000, 2
MOST_LOST, LEAST_PRECISION = 0.02, 0.999


def judged(options: Options, *, threshold: float | None = None) -> Scores:
    """The engine's answers to a workload, with the shipped prior."""
    workload = generate(options)
    given = engine_input(workload.tables)
    index = engine.Index.build(given.items, given.customers, given.history)
    decisions = engine.match(index, given.payments, prior=shipped_prior(), threshold=threshold)
    return evaluate(workload, trial.answers(given, decisions))


def unseen(profile: str) -> Options:
    """Errors, words and names that no prior has seen, ids and rows without order."""
    return Options(items=ITEMS, seed=SEED, profile=profile, errors=UNSEEN_ERRORS, words=UNSEEN, permuted=True)


def falls_short(scores: Scores, usual: Scores) -> list[str]:
    """What of the goals for a mix never seen is missed."""
    missed = []
    if (scores.all.precision or 0) < LEAST_PRECISION:
        missed.append(f"precision {scores.all.precision}")
    if (usual.all.right_automatic or 0) - (scores.all.right_automatic or 0) > MOST_LOST:
        missed.append(f"right automatic {scores.all.right_automatic} instead of {usual.all.right_automatic}")
    return missed


class TestAMixNeverSeen:
    def test_is_none_that_the_prior_was_trained_on(self) -> None:
        assert all(mix.errors != UNSEEN_ERRORS and mix.words != UNSEEN and mix.seed >= 100 for mix in MIXES)

    @pytest.mark.parametrize("profile", ["mixed", "b2b"])
    def test_is_matched_nearly_as_well_as_the_usual_one(self, profile: str) -> None:
        usual = judged(Options(items=ITEMS, seed=SEED, profile=profile))
        assert falls_short(judged(unseen(profile)), usual) == []

    def test_is_seen_to_be_matched_badly_when_everything_is_automatic(self) -> None:
        bold, usual = judged(unseen("b2b"), threshold=0.02), judged(Options(items=ITEMS, seed=SEED, profile="b2b"))
        assert [missed.split()[0] for missed in falls_short(bold, usual)] == ["precision"]

    def test_is_seen_to_be_matched_badly_when_nothing_is_automatic(self) -> None:
        timid, usual = judged(unseen("mixed"), threshold=1.01), judged(Options(items=ITEMS, seed=SEED))
        assert len(falls_short(timid, usual)) == 2
