"""Scoring: right is the exact set, and each kind of wrong shows in its own share."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.matching.options import Options
from benchmarks.matching.scoring import Answers, evaluate, lines
from benchmarks.matching.workload import Workload, generate


@pytest.fixture(scope="module")
def workload() -> Workload:
    """Small, with ids in no order."""
    return generate(Options(items=5_000, seed=2, permuted=True))


@pytest.fixture
def truth(workload: Workload) -> Answers:
    """The truth, given as answers."""
    payment = workload.column("truth_links", "payment_id")
    return Answers(
        payment, workload.column("truth_links", "invoice_id"), np.ones(payment.size), np.ones(payment.size, bool)
    )


class TestTheScore:
    def test_of_the_truth_is_full(self, workload: Workload, truth: Answers) -> None:
        scores = evaluate(workload, truth)
        assert (scores.all.right_automatic, scores.all.precision, scores.all.link_recall) == (1, 1, 1)
        assert (scores.all.false_match, scores.all.wrong_customer, scores.calibration_error) == (0, 0, 0)
        assert {score.right_automatic for score in scores.by_scenario.values()} == {1, None}

    def test_of_nothing_is_nothing(self, workload: Workload) -> None:
        empty = np.empty(0, np.int64)
        scores = evaluate(workload, Answers(empty, empty, np.empty(0), np.empty(0, bool)))
        assert (scores.all.right_automatic, scores.all.precision, scores.calibration_error) == (0, None, None)

    def test_of_suggestions_counts_as_right_but_not_automatic(self, workload: Workload, truth: Answers) -> None:
        scores = evaluate(workload, dataclasses.replace(truth, is_auto=np.zeros(truth.is_auto.size, bool)))
        assert (scores.all.right_first, scores.all.right_automatic, scores.all.automatic) == (1, 0, 0)

    def test_of_a_set_that_lacks_one_invoice_is_wrong(self, workload: Workload, truth: Answers) -> None:
        lumps, counts = np.unique(truth.payment_id, return_counts=True)
        lump = lumps[counts > 1][0]
        keep = np.arange(truth.payment_id.size) != np.flatnonzero(truth.payment_id == lump)[0]
        found = evaluate(workload, _kept(truth, keep)).all
        assert round((1 - (found.precision or 0)) * found.automatic) == 1
        assert found.link_recall is not None
        assert found.link_recall < 1

    def test_of_another_customers_invoice_says_so(self, workload: Workload, truth: Answers) -> None:
        invoices = truth.invoice_id.copy()
        owner = dict(
            zip(workload.column("invoices", "invoice_id"), workload.column("invoices", "customer_id"), strict=True)
        )
        other = next(i for i, o in owner.items() if o != owner[invoices[0]])
        invoices[0] = other
        found = evaluate(workload, dataclasses.replace(truth, invoice_id=invoices)).all
        assert round((found.wrong_customer or 0) * found.automatic) == 1

    def test_of_a_payment_that_must_not_match_is_false(self, workload: Workload, truth: Answers) -> None:
        table = workload.tables["truth"]
        strange = table["payment_id"].to_numpy()[~table["matchable"].to_numpy()]
        found = evaluate(
            workload,
            Answers(
                np.append(truth.payment_id, strange[0]),
                np.append(truth.invoice_id, truth.invoice_id[0]),
                np.append(truth.confidence, 1),
                np.append(truth.is_auto, True),
            ),
        ).all
        assert round((found.false_match or 0) * strange.size) == 1

    def test_of_confidence_is_its_distance_from_what_came_true(self, workload: Workload, truth: Answers) -> None:
        found = evaluate(workload, dataclasses.replace(truth, confidence=np.full(truth.confidence.size, 0.75)))
        assert found.calibration_error == pytest.approx(0.25)

    def test_does_not_depend_on_the_order_of_the_rows(self, workload: Workload, truth: Answers) -> None:
        order = np.random.default_rng(1).permutation(truth.payment_id.size)
        half = _kept(truth, np.arange(truth.payment_id.size) % 2 == 0)
        shuffled = _kept(half, np.argsort(order[: half.payment_id.size]))
        assert evaluate(workload, shuffled) == evaluate(workload, half)

    def test_refuses_answers_about_something_else(self, workload: Workload, truth: Answers) -> None:
        with pytest.raises(ValueError, match="not in the workload"):
            evaluate(workload, dataclasses.replace(truth, payment_id=truth.payment_id + 10**9))

    def test_is_shown_by_scenario_and_error(self, workload: Workload, truth: Answers) -> None:
        shown = "\n".join(lines(evaluate(workload, truth)))
        assert "one wrong digit" in shown
        assert "substitution" in shown
        assert "100.000" in shown


def _kept(answers: Answers, rows: "pa.Array | np.ndarray[tuple[int], np.dtype[np.int64]]") -> Answers:
    return Answers(answers.payment_id[rows], answers.invoice_id[rows], answers.confidence[rows], answers.is_auto[rows])
