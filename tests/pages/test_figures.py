"""Amounts, numbers and days as each country writes them, there and back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.kernel.money import NotRepresentable
from kvit.pages import figures, words
from kvit.pages.figures import LANGUAGES, NotAnAmount
from kvit.pages.forms import AmountField, DayField, NumberField

N = "\u00a0"


class TestAnAmount:
    @pytest.mark.parametrize(
        ("language", "minor", "currency", "text"),
        [
            ("sv", 123456750, "SEK", f"1{N}234{N}567,50{N}kr"),
            ("sv", -5, "EUR", f"−0,05{N}EUR"),
            ("pl", 999, "PLN", f"9,99{N}zł"),
            ("pl", 123400, "SEK", f"1{N}234,00{N}SEK"),
            ("ro", 123456750, "RON", f"1.234.567,50{N}lei"),
            ("en", 123456750, "SEK", f"1,234,567.50{N}SEK"),
            ("en", 5, "JPY", f"5{N}JPY"),
            ("en", 5, "KWD", f"0.005{N}KWD"),
        ],
    )
    def test_is_written_as_the_reader_writes(self, language: str, minor: int, currency: str, text: str) -> None:
        assert figures.money_text(minor, currency, language) == text

    def test_as_html_says_the_same(self) -> None:
        html = figures.money(123450, "SEK", "sv")
        assert html == (
            f'<span class="money">1{N}234<span class="cents">,50</span>&nbsp;<span class="currency">kr</span></span>'
        )

    @given(st.integers(-(10**15), 10**15), st.sampled_from(LANGUAGES), st.sampled_from(["SEK", "JPY", "KWD"]))
    def test_is_read_as_it_is_written(self, minor: int, language: str, currency: str) -> None:
        text = figures.money_text(minor, currency, language, bare=True)
        assert figures.read_amount(text, currency, language) == minor

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("text", "minor"),
        [
            ("1234.50", 123450),
            ("1234,50", 123450),
            ("1 234,5", 123450),
            ("1.234,50", 123450),
            ("1,234.50", 123450),
            ("1'234.50", 123450),
            ("1,234,567.8", 123456780),
            (",5", 50),
            ("-7", -700),
            ("−7", -700),
            ("007", 700),
            ("1,234,567", 123456700),
        ],
    )
    def test_is_read_however_it_is_typed(self, text: str, minor: int, language: str) -> None:
        assert figures.read_amount(text, "SEK", language) == minor

    def test_of_three_digits_after_one_mark_is_read_as_the_reader_means_it(self) -> None:
        assert figures.read_amount("1.234", "RON", "ro") == 123400
        assert figures.read_amount("1,234", "SEK", "en") == 123400
        assert figures.read_amount("1,234", "KWD", "ro") == 1234
        with pytest.raises(NotAnAmount):
            figures.read_amount("1.234", "SEK", "sv")
        with pytest.raises(NotRepresentable):
            figures.read_amount("1,234", "SEK", "sv")

    @pytest.mark.parametrize(
        "text", ["", "x", "12,3,4", "1.2.3,4", "1,,2", "--1", "1-", "1e5", "٣", "1,23.4,5", "NaN", "1_000", "12 kr"]
    )
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_that_is_none_is_refused(self, text: str, language: str) -> None:
        with pytest.raises((NotAnAmount, NotRepresentable)):
            figures.read_amount(text, "SEK", language)

    @given(st.text(max_size=30), st.sampled_from(LANGUAGES))
    def test_is_read_or_refused_whatever_is_typed(self, text: str, language: str) -> None:
        try:
            figures.read_amount(text, "SEK", language)
        except (NotAnAmount, NotRepresentable):
            return


class TestANumber:
    @pytest.mark.parametrize(
        ("language", "value", "text"),
        [("sv", "1234.500", f"1{N}234,5"), ("en", "100", "100"), ("ro", "-0.25", "−0,25"), ("pl", "25", "25")],
    )
    def test_has_no_more_decimals_than_it_needs(self, language: str, value: str, text: str) -> None:
        assert figures.decimal_text(Decimal(value), language) == text


class TestARate:
    @pytest.mark.parametrize(
        ("language", "text"), [("en", "12.5%"), ("pl", "12,5%"), ("ro", "12,5%"), ("sv", f"12,5{N}%")]
    )
    def test_has_its_sign_where_the_language_sets_it(self, language: str, text: str) -> None:
        assert figures.percent_text(Decimal("12.50"), language) == text


class TestACountry:
    def test_is_called_as_the_reader_calls_it(self) -> None:
        names = [figures.country_name("SE", language) for language in ("en", "sv", "pl")]
        assert names == ["Sweden", "Sverige", "Szwecja"]
        assert figures.country_name("QX", "en") == "QX"


class TestADay:
    DAY = date(2026, 3, 2)

    @pytest.mark.parametrize(
        ("language", "short", "medium"),
        [
            ("sv", "2026-03-02", "2 mars 2026"),
            ("pl", "02.03.2026", "2 mar 2026"),
            ("ro", "02.03.2026", "2 mar. 2026"),
            ("en", "02/03/2026", "2 Mar 2026"),
        ],
    )
    def test_is_written_as_the_country_does(self, language: str, short: str, medium: str) -> None:
        assert figures.day_text(self.DAY, language, "short") == short
        assert figures.day_text(self.DAY, language) == medium

    def test_of_an_instant_is_that_of_the_country(self) -> None:
        at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
        assert figures.moment_text(at, "sv", figures.zone_of("SE")) == "3 mars 2026 00:30"
        assert figures.moment_text(at, "ro", figures.zone_of("RO")) == "3 mar. 2026 01:30"


class TestAField:
    def test_of_an_amount_gives_minor_units_and_shows_them_again(self) -> None:
        field = AmountField(currency="SEK")
        with words.reading("sv"):
            assert field.clean(" 1 234,50 ") == 123450
            assert field.prepare_value(123450) == f"1{N}234,50"
            assert field.prepare_value("12,3,4") == "12,3,4"

    @pytest.mark.parametrize(
        ("text", "problem"),
        [("12,3,4", "Skriv ett belopp som"), ("-1", "får inte vara under noll"), ("1,234", "decimaler")],
    )
    def test_says_what_is_wrong_in_the_readers_words(self, text: str, problem: str) -> None:
        from django.core.exceptions import ValidationError

        with words.reading("sv"), pytest.raises(ValidationError) as refused:
            AmountField(currency="SEK").clean(text)
        assert problem in refused.value.messages[0]

    def test_that_may_stay_empty_gives_nothing(self) -> None:
        assert AmountField(currency="SEK", required=False).clean("") is None
        assert NumberField(required=False).clean("") is None

    def test_of_a_day_knows_its_limits(self) -> None:
        from django.core.exceptions import ValidationError

        field = DayField(first=date(2026, 3, 2), last=date(2026, 3, 31))
        assert field.clean("2026-03-02") == date(2026, 3, 2)
        assert field.clean("31.03.2026") == date(2026, 3, 31)
        for wrong in ("2026-03-01", "2026-04-01", "x"):
            with pytest.raises(ValidationError):
                field.clean(wrong)

    def test_of_a_number_gives_a_decimal(self) -> None:
        with words.reading("ro"):
            assert NumberField().clean("1.234,5") == Decimal("1234.5")
