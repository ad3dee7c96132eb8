"""The baselines: each does what its name says, on the same workload, and none is worse than its idea."""

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.matching.baselines import BASELINES, Lists, answers, first_payments
from benchmarks.matching.options import Options
from benchmarks.matching.scoring import Score, evaluate
from benchmarks.matching.workload import Workload, generate

MANY = 10**6


@pytest.fixture(scope="module")
def workload() -> Workload:
    """Small, mixed, with ids in no order."""
    return generate(Options(items=6_000, seed=4, permuted=True))


@pytest.fixture(scope="module")
def scores(workload: Workload) -> dict[str, Score]:
    """Each baseline on all of it."""
    lists = Lists(workload)
    return {name: evaluate(workload, answers(workload, way(lists, MANY))).all for name, (way, _) in BASELINES.items()}


class TestABaseline:
    @pytest.mark.parametrize("name", BASELINES)
    def test_matches_each_invoice_once(self, workload: Workload, name: str) -> None:
        found = answers(workload, BASELINES[name][0](Lists(workload), MANY))
        assert found.invoice_id.size == np.unique(found.invoice_id).size > 0

    def test_of_exact_strings_is_never_wrong_and_misses_much(self, scores: dict[str, Score]) -> None:
        exact = scores["exact match"]
        assert exact.precision == pytest.approx(1, abs=0.005)
        assert 0.4 < (exact.right_automatic or 0) < 0.7

    def test_that_is_fuzzy_finds_more_and_errs_more(self, scores: dict[str, Score]) -> None:
        exact, fuzzy = scores["exact match"], scores["exact plus rapidfuzz"]
        assert (fuzzy.right_automatic or 0) > (exact.right_automatic or 0)
        assert (fuzzy.precision or 0) < (exact.precision or 0)

    def test_that_looks_for_numbers_anywhere_finds_more_and_errs(self, scores: dict[str, Score]) -> None:
        naive, exact = scores["naive substring"], scores["exact match"]
        assert (naive.right_automatic or 0) > (exact.right_automatic or 0)
        assert (naive.precision or 0) < (exact.precision or 0)

    def test_may_be_measured_on_the_first_payments_only(self, workload: Workload) -> None:
        part = first_payments(workload, 100)
        found = answers(part, BASELINES["exact match"][0](Lists(workload), 100))
        assert part.tables["payments"].num_rows == part.tables["truth"].num_rows == 100
        assert set(part.column("truth_links", "payment_id")) <= set(part.column("payments", "payment_id"))
        assert evaluate(part, found).all.payments == 100


class TestExactPlusFuzzy:
    def test_finds_a_wrong_digit_and_a_name_turned_round(self) -> None:
        """Two invoices, two payments: one with a digit typed wrong, one without reference."""
        workload = _tiny(
            payments=[("310460912", 5000, "X", "310460992"), ("", 7000, "ANDERSSON ANNA", "")],
            invoices=[("310460992", 5000, 1), ("310999999", 7000, 2)],
        )
        found = list(BASELINES["exact plus rapidfuzz"][0](Lists(workload), MANY))
        assert [(row, place) for row, place, _ in found] == [(0, 0), (1, 1)]
        assert list(BASELINES["exact match"][0](Lists(workload), MANY)) == []


def _tiny(payments: list[tuple[str, int, str, str]], invoices: list[tuple[str, int, int]]) -> Workload:
    text = pa.large_string()
    return Workload(
        {
            "customers": pa.table({"customer_id": [1, 2], "name": pa.array(["Bo Ek", "Anna Andersson"], text)}),
            "invoices": pa.table(
                {
                    "invoice_id": range(len(invoices)),
                    "customer_id": [customer for *_, customer in invoices],
                    "reference": pa.array([reference for reference, *_ in invoices], text),
                    "invoice_no": pa.array([reference[:7] for reference, *_ in invoices], text),
                    "amount": [amount for _, amount, _ in invoices],
                }
            ),
            "payments": pa.table(
                {
                    "payment_id": range(len(payments)),
                    "ref_struct": pa.array([shown for shown, *_ in payments], text),
                    "amount": [amount for _, amount, *_ in payments],
                    "payer_name": pa.array([name for _, _, name, _ in payments], text),
                    "ref_text": pa.array(["" for _ in payments], text),
                }
            ),
        }
    )
