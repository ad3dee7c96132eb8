"""Lines of drafts, numbers, references, the lifecycle of a document."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.invoicing.domain import (
    INVOICE,
    BadLine,
    DraftLine,
    InvoiceState,
    Kind,
    check_lines,
    document_number,
    reference_for,
    series_prefix,
)
from kvit.kernel.identifiers import rf, se_ocr
from kvit.kernel.money import NotRepresentable

GOOD = DraftLine("Work", Decimal("1.5"), Decimal("100"), Decimal("25"))
RATES = (Decimal(25), Decimal(12), Decimal(0))


class TestALine:
    @pytest.mark.parametrize(
        "line",
        [
            GOOD,
            replace(GOOD, vat_rate=Decimal("12.00")),
            replace(GOOD, quantity=Decimal(-1)),
            replace(GOOD, quantity=Decimal("0.123456"), unit_price=Decimal("999999999999.123456")),
            replace(GOOD, quantity=Decimal("1.50000000")),
            replace(GOOD, unit_price=Decimal("1E+5")),
        ],
    )
    def test_passes(self, line: DraftLine) -> None:
        check_lines([GOOD, line], rates=RATES, of="SE")

    @pytest.mark.parametrize(
        ("line", "text"),
        [
            (replace(GOOD, description=" "), "say what is invoiced"),
            (replace(GOOD, vat_rate=Decimal(23)), "23% is no VAT rate of SE; there is 25, 12, 0"),
            (replace(GOOD, vat_rate=Decimal("0.25")), "no VAT rate"),
            (replace(GOOD, quantity=Decimal("0.3333333")), "more than 6 decimals"),
            (replace(GOOD, unit_price=Decimal("1E-7")), "more than 6 decimals"),
            (replace(GOOD, unit_price=Decimal(10**12)), "12 digits"),
            (replace(GOOD, quantity=Decimal(-(10**12))), "12 digits"),
        ],
    )
    def test_is_refused_and_named(self, line: DraftLine, text: str) -> None:
        with pytest.raises(BadLine, match=text) as refused:
            check_lines([GOOD, line], rates=RATES, of="SE")
        assert str(refused.value).startswith("line 2: ")

    @pytest.mark.parametrize("value", ["NaN", "Infinity"])
    def test_of_no_number_is_refused(self, value: str) -> None:
        with pytest.raises(NotRepresentable):
            check_lines([replace(GOOD, quantity=Decimal(value))], rates=RATES, of="SE")

    def test_is_needed(self) -> None:
        with pytest.raises(BadLine, match="at least one line"):
            check_lines([], rates=RATES, of="SE")


class TestANumber:
    def test_is_prefix_year_and_six_digits(self) -> None:
        assert document_number(series_prefix(Kind.INVOICE, supplier_number=1), 2026, 17) == "F2026-000017"
        assert document_number(series_prefix(Kind.CREDIT_NOTE, supplier_number=1), 2026, 1) == "K2026-000001"
        assert document_number(series_prefix(Kind.INVOICE, supplier_number=2), 2026, 1_000_000) == "F2-2026-1000000"

    @given(st.lists(st.tuples(st.sampled_from(Kind), st.integers(1, 9999), st.integers(2000, 2099),
                              st.integers(1, 10**7)), unique=True, max_size=50))  # fmt: skip
    def test_is_no_other_document_s(self, documents: list[tuple[Kind, int, int, int]]) -> None:
        numbers = {
            document_number(series_prefix(kind, supplier_number=supplier), year, sequence)
            for kind, supplier, year, sequence in documents
        }
        assert len(numbers) == len(documents)


class TestAReference:
    @given(st.integers(0, 10**11 - 1))
    def test_is_an_ocr_number_in_sweden_and_rf_elsewhere(self, serial: int) -> None:
        assert se_ocr.is_valid(reference_for("SE", serial))
        assert rf.is_valid(reference_for("PL", serial))
        assert reference_for("RO", serial) == reference_for("PL", serial)


class TestTheLifecycle:
    def test_lets_a_draft_be_issued_or_discarded_once(self) -> None:
        assert INVOICE.sources(InvoiceState.ISSUED) == INVOICE.sources(InvoiceState.DISCARDED) == ["draft"]
        assert INVOICE.sources(InvoiceState.DRAFT) == []
        assert INVOICE.moves.keys() == set(InvoiceState)
