"""The books' columns as the engine reads them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.kernel import payment_reference
from kvit.matching.domain import columns
from kvit.matching.domain.engine import ReferenceKind, Texts

OCR, RF, FREE = ReferenceKind.OCR, ReferenceKind.RF, ReferenceKind.FREE


def kind(reference: str) -> ReferenceKind:
    return ReferenceKind(int(columns.reference_kinds(Texts.of(["", reference, "7"]))[1]))


class TestTheKindOfAReference:
    @given(st.integers(0, 10**9))
    def test_is_told_of_those_that_we_make(self, serial: int) -> None:
        assert kind(payment_reference.ocr(serial)) is OCR
        assert kind(payment_reference.rf(serial)) is RF

    @pytest.mark.parametrize(
        "reference", ["70010", "F2026-000017", "RFAB12", "RF1", "", "1", "A1234567", "12345678901234567890123456"]
    )
    def test_is_free_otherwise(self, reference: str) -> None:
        assert kind(reference) is FREE


class TestACurrency:
    def test_has_a_number_of_its_own(self) -> None:
        codes = {columns.currency_code(c) for c in ("SEK", "PLN", "EUR", "RON", "AAA", "ZZZ")}
        assert len(codes) == 6
        assert max(codes) < 2**15
        assert {columns.currency_code(c) for c in ("", "sek", "KRÅ", "EURO")} == {-1}


def ended(*texts: str) -> bytes:
    return "".join(text + "\0" for text in texts).encode()


def receivables(*rows: tuple[int, int, int, int, int]) -> columns.Table:
    names = ("item_id", "party_id", "invoice_id", "amount", "open")
    found: dict[str, Any] = {name: np.array([row[at] for row in rows], np.int64) for at, name in enumerate(names)}
    days = np.full(len(rows), 20_000, np.int64)
    return {**found, "currency": ended(*["SEK"] * len(rows)), "issued": days, "due": days}


def documents(*rows: tuple[int, str, str]) -> columns.Table:
    ids = np.array([row[0] for row in rows], np.int64)
    numbers, references = ([row[at] for row in rows] for at in (1, 2))
    return {"invoice_id": ids, "number": ended(*numbers), "reference": ended(*references)}


class TestItems:
    def test_are_those_of_issued_documents_with_what_is_open(self) -> None:
        given_ = receivables((1, 7, 11, 100, 40), (2, 7, 99, 100, 100), (3, 8, 12, -50, 0))
        found = columns.opened(given_, documents((11, "F1", "70010"), (12, "K1", "")))
        assert found.items.item_id.tolist() == [1, 3]
        assert found.items.amount_minor.tolist() == [40, -50]
        assert found.open_minor.tolist() == [40, 0]
        assert [found.items.invoice_no[row] for row in range(2)] == ["F1", "K1"]

    def test_that_are_known_are_left_out(self) -> None:
        given_ = receivables((1, 7, 11, 100, 40), (2, 7, 11, 30, 30), (3, 8, 12, 50, 50))
        known = np.array([True, False, False])
        found = columns.opened(given_, documents((11, "F1", "70010"), (12, "K1", "")), known=known)
        assert found.items.item_id.tolist() == [2, 3]

    def test_have_the_number_of_their_currency_or_none(self) -> None:
        given_ = {**receivables(*[(n, 7, 11, 1, 1) for n in range(4)]), "currency": ended("SEK", "", "K1K", "PLN")}
        found = columns.opened(given_, documents((11, "F1", "70010")))
        assert found.items.currency.tolist() == [columns.currency_code(c) for c in ("SEK", "", "K1K", "PLN")]

    def test_one_behind_the_other_are_put_in_with_what_is_open_now(self) -> None:
        first = columns.opened(receivables((1, 7, 11, 100, 100)), documents((11, "F1", "70010")))
        second = columns.opened(receivables((2, 8, 12, 60, 0)), documents((12, "Å2", "RF18")))
        found = columns.joined([first, second])
        assert found.items.amount_minor.tolist() == [100, 60]
        assert [found.items.reference[row] for row in range(2)] == ["70010", "RF18"]
        assert found.items.invoice_no[1] == "A2"


class TestCustomers:
    def test_are_all_that_are_registered_and_all_that_owe(self) -> None:
        numbered = {"party_id": np.array([7]), "number": ended("K7")}
        named = {"party_id": np.array([7, 9]), "name": ended("Bo Ek", "Eva")}
        found = columns.customers_of(numbered, named, np.array([9, 7, 8], np.int64))
        assert found.customer.tolist() == [7, 8, 9]
        assert [found.name[row] for row in range(3)] == ["BO EK", "", "EVA"]
        assert [found.number[row] for row in range(3)] == ["K7", "", ""]
