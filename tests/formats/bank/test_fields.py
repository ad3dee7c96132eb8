"""Amounts and days: exact or refused."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.bank import fields
from kvit.formats.bank.fields import Unreadable
from kvit.kernel import currencies

CURRENCIES = st.sampled_from(["SEK", "EUR", "PLN", "RON", "JPY", "KWD", "CLF"])


class TestAnAmount:
    @given(minor=st.integers(0, 10**15 - 1), currency=CURRENCIES, zeros=st.integers(0, 4))
    def test_comes_back_from_every_way_of_writing_it(self, minor: int, currency: str, zeros: int) -> None:
        written = f"{Decimal(minor).scaleb(-currencies.minor_units(currency)):f}"
        padded = written + ("" if "." in written else ".") + "0" * zeros
        for text in (padded, "+" + padded, "00" + padded, padded.rstrip("0").rstrip(".") if zeros else written):
            assert fields.amount_minor(text or "0", currency) == minor

    @given(text=st.text(max_size=12), currency=CURRENCIES)
    def test_is_what_decimal_says_or_refused(self, text: str, currency: str) -> None:
        try:
            minor = fields.amount_minor(text, currency)
        except Unreadable:
            return
        assert Decimal(minor).scaleb(-currencies.minor_units(currency)) == Decimal(text)

    @pytest.mark.parametrize(
        "text", ["", ".", "+", "-1", "1,0", "1e2", "٣", "１", "1 0", "NaN", "Infinity", "1_0", "0.001"]
    )
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(Unreadable):
            fields.amount_minor(text, "SEK")

    def test_refuses_more_than_a_ledger_can_hold(self) -> None:
        assert fields.amount_minor("9" * 15 + ".99", "SEK") == 10**17 - 1
        with pytest.raises(Unreadable):
            fields.amount_minor("1" + "0" * 15, "SEK")

    @pytest.mark.parametrize("currency", ["JPY", "SEK", "KWD", "CLF"])
    def test_of_any_currency_fits_into_a_ledger(self, currency: str) -> None:
        readable = [whole for whole in range(1, 20) if _is_read("9" * whole, currency)]
        assert fields.amount_minor("9" * max(readable), currency) < 2**63


def _is_read(text: str, currency: str) -> bool:
    try:
        fields.amount_minor(text, currency)
    except Unreadable:
        return False
    return True


class TestADay:
    @given(day=st.dates(), rest=st.sampled_from(["", "Z", "+01:00", "T12:00:00", "T23:59:59.123-08:00"]))
    def test_is_the_one_written(self, day: datetime.date, rest: str) -> None:
        assert fields.day(day.isoformat() + rest) == day

    @pytest.mark.parametrize(
        "text", ["", "2026-02-30", "2026-1-1", "20260101", "2026-W01-1", "٢٠٢٦-01-01", "2026-01-01 12:00"]
    )
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(Unreadable):
            fields.day(text)


class TestAShownText:
    def test_is_short_and_on_one_line(self) -> None:
        assert fields.shown("a\nb\x00") == '"a�b�"'
        assert len(fields.shown("x" * 1000)) == 63
