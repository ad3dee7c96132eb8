"""Workloads: the same options give the same rows, the shares are those asked for, and the truth is consistent."""

import dataclasses
import random
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from benchmarks.matching import errors, references
from benchmarks.matching.options import ERRORS, MUST_NOT_MATCH, PROFILES, Options
from benchmarks.matching.words import UNSEEN
from benchmarks.matching.workload import Workload, generate, load
from stdnum import iso11649, luhn
from stdnum.iso7064 import mod_97_10

OPTIONS = Options(items=12_000, seed=3)


@pytest.fixture(scope="module")
def workload() -> Workload:
    """A small mixed workload."""
    return generate(OPTIONS)


def _rows(workload: Workload, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = workload.tables[table].to_pylist()
    return found


class TestAWorkload:
    def test_is_the_same_for_the_same_options(self, workload: Workload) -> None:
        assert all(table.equals(generate(OPTIONS).tables[name]) for name, table in workload.tables.items())

    @pytest.mark.parametrize(
        "change", [{"seed": 4}, {"dense": False}, {"words": UNSEEN}, {"errors": ERRORS["unseen"]}, {"permuted": True}]
    )
    def test_is_another_for_other_options(self, workload: Workload, change: dict[str, Any]) -> None:
        other = generate(dataclasses.replace(OPTIONS, **change))
        assert not other.tables["payments"].equals(workload.tables["payments"])

    @pytest.mark.parametrize("profile", PROFILES)
    def test_has_the_shares_of_its_profile(self, profile: str) -> None:
        options = Options(items=12_000, profile=profile)
        found = Counter(generate(options).tables["truth"]["scenario"].to_pylist())
        for scenario, share in options.shape.scenarios.items():
            assert found[scenario] == pytest.approx(
                share * options.payment_count, abs=2 + 0.1 * options.payment_count * share
            )

    def test_comes_back_from_its_files(self, workload: Workload, tmp_path: Any) -> None:
        workload.save(tmp_path)
        assert all(table.equals(workload.tables[name]) for name, table in load(tmp_path).tables.items())

    @pytest.mark.parametrize(
        "wrong", [{"profile": "none"}, {"items": 0}, {"payments": -1}, {"items": 10, "payments": 5}]
    )
    def test_of_impossible_options_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"."):
            Options(**wrong)


class TestTheTruth:
    def test_means_each_invoice_once(self, workload: Workload) -> None:
        items = workload.column("truth_links", "invoice_id")
        assert items.size == np.unique(items).size

    def test_links_exactly_the_payments_that_can_be_matched(self, workload: Workload) -> None:
        linked = set(workload.column("truth_links", "payment_id").tolist())
        for row in _rows(workload, "truth"):
            assert row["matchable"] == (row["scenario"] not in MUST_NOT_MATCH) == (row["payment_id"] in linked)

    def test_stays_with_one_customer_and_never_above_what_is_owed_or_paid(self, workload: Workload) -> None:
        invoices = {row["invoice_id"]: row for row in _rows(workload, "invoices")}
        paid = dict(zip(*(workload.column("payments", c).tolist() for c in ("payment_id", "amount")), strict=True))
        customer = dict(
            zip(*(workload.column("truth", c).tolist() for c in ("payment_id", "customer_id")), strict=True)
        )
        given: dict[int, int] = defaultdict(int)
        for link in _rows(workload, "truth_links"):
            invoice = invoices[link["invoice_id"]]
            assert invoice["customer_id"] == customer[link["payment_id"]]
            assert 0 < link["amount"] <= invoice["amount"] or link["amount"] == invoice["amount"] < 0
            given[link["payment_id"]] += link["amount"]
        assert all(amount <= paid[payment] for payment, amount in given.items())

    def test_of_a_payment_without_reference_is_the_oldest_equal_debt(self, workload: Workload) -> None:
        """At least of those that no other payment means."""
        invoices = {row["invoice_id"]: row for row in _rows(workload, "invoices")}
        equal: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
        for row in invoices.values():
            equal[row["customer_id"], row["amount"]].append(row)
        meant = set(workload.column("truth_links", "invoice_id").tolist())
        scenario = dict(
            zip(*(workload.tables["truth"][c].to_pylist() for c in ("payment_id", "scenario")), strict=True)
        )
        checked = 0
        for link in _rows(workload, "truth_links"):
            if scenario[link["payment_id"]] != "noref":
                continue
            mine = invoices[link["invoice_id"]]
            others = [r for r in equal[mine["customer_id"], mine["amount"]] if r["invoice_id"] not in meant]
            assert all(mine["due_date"] <= other["due_date"] for other in others)
            checked += len(others)
        assert checked

    def test_of_a_closed_reference_names_no_open_invoice(self, workload: Workload) -> None:
        open_references = set(workload.tables["invoices"]["reference"].to_pylist())
        rows = zip(_rows(workload, "truth"), _rows(workload, "payments"), strict=True)
        closed = [payment for truth, payment in rows if truth["scenario"] == "closed"]
        assert closed
        assert not any(payment["ref_struct"] in open_references for payment in closed)

    def test_survives_the_permutation_of_ids(self, workload: Workload) -> None:
        permuted = generate(dataclasses.replace(OPTIONS, permuted=True))
        assert _by_words(permuted) == _by_words(workload)
        assert permuted.tables["payments"]["booking_date"].equals(workload.tables["payments"]["booking_date"])


def _by_words(workload: Workload) -> list[tuple[str, ...]]:
    """What is linked with what, told without ids."""
    invoices = {row["invoice_id"]: row for row in _rows(workload, "invoices")}
    customers = {row["customer_id"]: row["name"] for row in _rows(workload, "customers")}
    payments = {row["payment_id"]: row for row in _rows(workload, "payments")}
    found = []
    for link in _rows(workload, "truth_links"):
        invoice, payment = invoices[link["invoice_id"]], payments[link["payment_id"]]
        name = customers[invoice["customer_id"]]
        found.append((invoice["reference"], name, payment["payer_name"], payment["ref_text"], str(link["amount"])))
    return sorted(found)


class TestAReference:
    SERIALS = np.array([3_100_000, 3_123_457, 9_999_999, 5_000_001])

    def _printed(self, kind: int, *, dense: bool) -> tuple[list[str], list[str]]:
        same = np.full(self.SERIALS.size, kind)
        numbers, found = references.printed(self.SERIALS, kinds=same, styles=np.arange(4) % 3, dense=dense)
        return numbers.to_pylist(), found.to_pylist()

    @pytest.mark.parametrize("dense", [True, False])
    def test_of_kind_ocr_has_its_length_and_luhn_digit(self, dense: bool) -> None:
        for shown in self._printed(0, dense=dense)[1]:
            assert luhn.is_valid(shown)
            assert int(shown[-2]) == len(shown) % 10

    @pytest.mark.parametrize("dense", [True, False])
    def test_of_kind_rf_is_iso_11649(self, dense: bool) -> None:
        assert all(iso11649.is_valid(shown) for shown in self._printed(1, dense=dense)[1])

    def test_of_free_kind_is_the_invoice_number_in_three_styles(self) -> None:
        numbers, found = self._printed(2, dense=True)
        assert numbers == found
        assert found[:3] == ["FV/3100000/05/2025", "INV-2025-3123457", "F20259999999"]

    def test_is_spread_so_that_neighbours_differ_in_many_digits(self) -> None:
        spread = references.spread(np.arange(3_100_000, 3_101_000))
        assert np.unique(spread).size == 1000
        apart = [sum(a != b for a, b in zip(f"{x:011d}", f"{y:011d}", strict=True)) for x, y in pairwise(spread)]
        assert min(apart) >= 5

    def test_is_never_spread_beyond_64_bits(self) -> None:
        with pytest.raises(ValueError, match="64 bits"):
            references.spread(np.array([references.GREATEST_SERIAL + 1]))


class TestAHumanError:
    @pytest.mark.parametrize("kind", ["substitution", "transposition", "jump_transposition", "phonetic"])
    def test_keeps_the_length(self, kind: str) -> None:
        for seed in range(50):
            wrong = errors.corrupted("310460912", kind, random.Random(seed))
            assert len(wrong) == 9
            assert wrong != "310460912"

    @pytest.mark.parametrize(("kind", "longer"), [("omission", -1), ("insertion", 1), ("doubling", 1)])
    def test_adds_or_loses_a_digit(self, kind: str, longer: int) -> None:
        for seed in range(50):
            assert len(errors.corrupted("310460912", kind, random.Random(seed))) == 9 + longer

    @pytest.mark.parametrize(("kind", "text"), [("twin", "1234567"), ("jump_twin", "1234567"), ("phonetic", "1111111")])
    def test_that_cannot_be_made_changes_nothing(self, kind: str, text: str) -> None:
        assert errors.corrupted(text, kind, random.Random(1)) == text

    def test_is_drawn_by_its_share(self) -> None:
        rng = random.Random(7)
        found = Counter(errors.drawn("3104660912", ERRORS["usual"], rng)[1] for _ in range(20_000))
        for kind, share in ERRORS["usual"].items():
            assert found[kind] / 20_000 == pytest.approx(share, abs=0.015)

    @pytest.mark.parametrize("name", ERRORS)
    def test_has_shares_that_make_a_whole(self, name: str) -> None:
        assert sum(ERRORS[name].values()) == pytest.approx(1)


class TestAnAccount:
    def test_passes_the_check_of_an_iban(self, workload: Workload) -> None:
        shown = pc.unique(workload.tables["payments"]["payer_iban"]).to_pylist()
        assert all(mod_97_10.is_valid(number[4:] + number[:4]) for number in shown if number)

    def test_stands_for_many_customers_only_where_somebody_collects(self, workload: Workload) -> None:
        counts = Counter(workload.tables["payer_history"]["iban"].to_pylist())
        assert 1 <= sum(many > 1 for many in counts.values()) <= 3


def test_texts_are_large_strings_throughout(workload: Workload) -> None:
    """One type of text column, so that readers and arrays meet no surprise."""
    for table in workload.tables.values():
        assert not any(pa.types.is_string(field.type) for field in table.schema)
