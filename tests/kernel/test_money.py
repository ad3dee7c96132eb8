"""Money: exact sums in one currency, one rounding, splits without a remainder."""

import decimal
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.kernel import currencies, money
from kvit.kernel.money import Money

amounts = st.integers(min_value=-(10**15), max_value=10**15)
currency_codes = st.sampled_from(sorted(currencies.known()))
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=40).filter(any)


class TestAnAmount:
    def test_adds_and_subtracts(self) -> None:
        assert Money(1230, "PLN") + Money(70, "PLN") - Money(1500, "PLN") == Money(-200, "PLN")

    def test_changes_its_sign(self) -> None:
        assert -Money(5, "SEK") == Money(-5, "SEK")
        assert abs(Money(-5, "SEK")) == Money(5, "SEK")

    def test_is_multiplied_by_whole_numbers(self) -> None:
        assert Money(333, "RON") * 3 == 3 * Money(333, "RON") == Money(999, "RON")

    def test_is_summed_from_a_zero_of_its_currency(self) -> None:
        assert sum([Money(1, "PLN"), Money(2, "PLN")], Money.zero("PLN")) == Money(3, "PLN")

    def test_is_ordered_within_its_currency(self) -> None:
        one, two = Money(1, "PLN"), Money(2, "PLN")
        assert one < two
        assert two > one
        assert one <= Money(1, "PLN") <= two
        assert two >= one >= Money(1, "PLN")
        assert not one < Money(1, "PLN")

    def test_is_false_when_it_is_nothing(self) -> None:
        assert not Money.zero("PLN")
        assert Money(-1, "PLN")

    def test_is_unequal_to_the_same_number_of_another_currency(self) -> None:
        assert Money(1, "PLN") != Money(1, "SEK")
        assert len({Money(1, "PLN"), Money(1, "SEK"), Money(1, "PLN")}) == 2

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError):
            Money(1, "PLN").minor = 2  # type: ignore[misc]

    @pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
    def test_refuses_another_currency(self, operation: str) -> None:
        with pytest.raises(money.CurrencyMismatch) as refused:
            getattr(Money(1, "PLN"), operation)(Money(1, "SEK"))
        assert refused.value.code == "currency_mismatch"

    def test_would_mix_currencies_without_that_guard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Money, "_minor_of", lambda _self, other: other.minor)
        assert Money(1, "PLN") + Money(1, "SEK") == Money(2, "PLN")

    @pytest.mark.parametrize("factor", [1.5, 2.0, Decimal(2), True, "2"])
    def test_is_never_multiplied_by_anything_that_rounds(self, factor: object) -> None:
        with pytest.raises(TypeError):
            Money(100, "PLN") * factor  # type: ignore[operator]
        with pytest.raises(TypeError):
            factor * Money(100, "PLN")  # type: ignore[arg-type]

    @pytest.mark.parametrize("minor", [1.0, Decimal(1), "1", True, None])
    def test_is_never_made_of_anything_but_a_whole_number(self, minor: object) -> None:
        with pytest.raises(TypeError):
            Money(minor, "PLN")  # type: ignore[arg-type]

    @pytest.mark.parametrize("other", [1, 1.0, Decimal(1), None])
    def test_goes_together_with_money_only(self, other: object) -> None:
        for operation in ("__add__", "__sub__", "__lt__", "__ge__"):
            with pytest.raises(TypeError):
                getattr(Money(1, "PLN"), operation)(other)
        assert Money(1, "PLN") != other

    def test_fits_a_bigint_column(self) -> None:
        assert Money(2**63 - 1, "PLN").minor == 9223372036854775807
        with pytest.raises(money.NotRepresentable):
            Money(2**63, "PLN")
        with pytest.raises(money.NotRepresentable):
            Money(2**62, "PLN") * -3

    @pytest.mark.parametrize("currency", ["", "pln", "PL", "XXX", "XAU", "ZŁ", "PLN "])
    def test_refuses_what_is_no_currency(self, currency: str) -> None:
        with pytest.raises(currencies.UnknownCurrency):
            Money(1, currency)

    @given(amounts, amounts, currency_codes)
    def test_comes_back_after_adding_and_subtracting(self, one: int, two: int, currency: str) -> None:
        assert Money(one, currency) + Money(two, currency) - Money(two, currency) == Money(one, currency)


class TestAnAmountFromADecimal:
    @pytest.mark.parametrize(
        ("amount", "currency", "minor"),
        [("12.30", "PLN", 1230), ("12.3", "PLN", 1230), ("-0.01", "SEK", -1), ("5", "JPY", 5), ("1.234", "KWD", 1234)],
    )
    def test_is_exact(self, amount: str, currency: str, minor: int) -> None:
        assert Money.from_decimal(Decimal(amount), currency) == Money(minor, currency)

    def test_may_have_zeros_after_the_last_decimal(self) -> None:
        assert Money.from_decimal(Decimal("1.10000"), "PLN") == Money(110, "PLN")
        assert Money.from_decimal(Decimal("7.0"), "JPY") == Money(7, "JPY")
        assert Money.from_decimal(Decimal("1E+3"), "PLN") == Money(100_000, "PLN")

    @pytest.mark.parametrize(
        ("amount", "currency"),
        [("1.001", "PLN"), ("0.5", "JPY"), ("1.0001", "KWD"), ("1E-1000000", "PLN"), ("0." + "3" * 500, "SEK")],
    )
    def test_refuses_more_decimals_than_the_currency_has(self, amount: str, currency: str) -> None:
        with pytest.raises(money.NotRepresentable):
            Money.from_decimal(Decimal(amount), currency)

    @pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+18", "1E+999999", "-1E+50"])
    def test_refuses_what_is_no_amount(self, amount: str) -> None:
        with pytest.raises(money.NotRepresentable):
            Money.from_decimal(Decimal(amount), "PLN")

    def test_refuses_a_float_as_a_bug(self) -> None:
        with pytest.raises(TypeError):
            Money.from_decimal(1.5, "PLN")  # type: ignore[arg-type]

    @given(amounts, currency_codes)
    def test_is_the_way_back_from_to_decimal(self, minor: int, currency: str) -> None:
        amount = Money(minor, currency)
        assert Money.from_decimal(amount.to_decimal(), currency) == amount

    def test_shows_all_decimals_of_the_currency(self) -> None:
        assert str(Money(1230, "PLN").to_decimal()) == "12.30"
        assert str(Money(5, "JPY").to_decimal()) == "5"
        assert str(Money(-5, "KWD").to_decimal()) == "-0.005"


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "places", "rounded"),
        [
            ("2.345", 2, "2.35"),
            ("-2.345", 2, "-2.35"),
            ("2.344999", 2, "2.34"),
            ("2.5", 0, "3"),
            ("3.5", 0, "4"),
            ("-0.5", 0, "-1"),
            ("-0.004", 2, "0.00"),
            ("1", 2, "1.00"),
            ("1250", -2, "1.3E+3"),
        ],
    )
    def test_goes_half_away_from_zero(self, value: str, places: int, rounded: str) -> None:
        assert str(money.round_half_up(Decimal(value), places)) == rounded

    def test_does_not_depend_on_the_decimal_context_of_the_thread(self) -> None:
        with decimal.localcontext(prec=3, rounding=decimal.ROUND_DOWN):
            assert money.round_half_up(Decimal("123456.785"), 2) == Decimal("123456.79")
            assert Money(123456785, "PLN").to_decimal() == Decimal("1234567.85")
            assert money.round_to_minor(Decimal("123456.785"), "PLN") == 12345679

    def test_keeps_more_digits_than_an_ordinary_decimal_context(self) -> None:
        value = Decimal("12345678901234567890123456789012345.675")
        assert str(money.round_half_up(value, 2)) == "12345678901234567890123456789012345.68"

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+70"])
    def test_refuses_what_cannot_be_rounded(self, value: str) -> None:
        with pytest.raises(money.NotRepresentable):
            money.round_half_up(Decimal(value), 2)

    def test_refuses_a_float_as_a_bug(self) -> None:
        with pytest.raises(TypeError):
            money.round_half_up(2.345, 2)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("currency", "minor"), [("PLN", 101), ("JPY", 1), ("KWD", 1005)])
    def test_to_minor_units_follows_the_currency(self, currency: str, minor: int) -> None:
        assert money.round_to_minor(Decimal("1.005"), currency) == minor

    @given(decimals, st.integers(min_value=0, max_value=4))
    def test_is_the_nearest_and_the_farther_from_zero_of_two(self, value: Decimal, places: int) -> None:
        exact, rounded = Fraction(value), Fraction(money.round_half_up(value, places))
        half = Fraction(1, 2 * 10**places)
        assert abs(exact - rounded) <= half
        if abs(exact - rounded) == half:
            assert abs(rounded) > abs(exact)

    @given(decimals, st.integers(min_value=0, max_value=4))
    def test_is_the_mirror_image_for_a_negative_value(self, value: Decimal, places: int) -> None:
        assert money.round_half_up(-value, places) == -money.round_half_up(value, places)


class TestASplit:
    def test_gives_the_rest_to_the_largest_part(self) -> None:
        assert money.split(100, [1, 1, 1]) == [34, 33, 33]
        assert money.split(100, [1, 2, 3]) == [16, 33, 51]
        assert money.split(1000, [0, 7, 7, 0]) == [0, 500, 500, 0]

    def test_of_a_negative_total_is_the_mirror_image(self) -> None:
        assert money.split(-100, [1, 2, 3]) == [-16, -33, -51]

    def test_of_nothing_is_nothing(self) -> None:
        assert money.split(0, [3, 1]) == [0, 0]

    @pytest.mark.parametrize("nothing", [[], [0], [0, 0], [1, -1], [2, -1]])
    def test_refuses_weights_that_divide_nothing(self, nothing: list[int]) -> None:
        with pytest.raises(money.NothingToSplitBy):
            money.split(100, nothing)

    def test_refuses_floats_as_a_bug(self) -> None:
        with pytest.raises(TypeError):
            money.split(100, [0.5, 0.5])  # type: ignore[list-item]

    @given(amounts, weights)
    def test_adds_up_and_stays_near_the_exact_share(self, total: int, weights: list[int]) -> None:
        parts = money.split(total, weights)
        assert sum(parts) == total
        largest = weights.index(max(weights))
        for index, (part, weight) in enumerate(zip(parts, weights, strict=True)):
            off = abs(Fraction(part) - Fraction(total * weight, sum(weights)))
            assert off < (len(weights) if index == largest else 1)

    @given(amounts, weights)
    def test_gives_nothing_to_a_weight_of_zero_and_never_the_wrong_sign(self, total: int, weights: list[int]) -> None:
        for part, weight in zip(money.split(total, weights), weights, strict=True):
            assert part * total >= 0
            assert weight or not part

    def test_that_lost_a_penny_is_a_crash(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def careless(total: int, weights: Sequence[int]) -> list[int]:
            return [total * weight // sum(weights) for weight in weights]

        monkeypatch.setattr(money, "_parts", careless)
        with pytest.raises(ArithmeticError):
            money.split(100, [1, 1, 1])


class TestCashRounding:
    @pytest.mark.parametrize(
        ("minor", "difference"),
        [(10049, -49), (10050, 50), (10099, 1), (10000, 0), (-10050, -50), (-10049, 49), (1, -1)],
    )
    def test_of_kronor_is_to_the_whole_krona(self, minor: int, difference: int) -> None:
        assert money.cash_rounding(minor, "SEK") == difference

    @pytest.mark.parametrize("currency", ["PLN", "RON", "EUR", "JPY"])
    def test_does_not_exist_elsewhere(self, currency: str) -> None:
        assert money.cash_rounding(10049, currency) == 0

    def test_refuses_an_unknown_currency(self) -> None:
        with pytest.raises(currencies.UnknownCurrency):
            money.cash_rounding(1, "KRONOR")

    @given(amounts)
    def test_leaves_whole_kronor_at_most_half_a_krona_away(self, minor: int) -> None:
        difference = money.cash_rounding(minor, "SEK")
        assert (minor + difference) % 100 == 0
        assert abs(difference) <= 50
