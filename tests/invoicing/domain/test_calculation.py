"""What a document adds up to, by EN 16931."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.invoicing.domain import Calculated, DraftLine, Reckoning, VatSum, calculate, calculation
from kvit.invoicing.domain.content import Content, Exemption
from kvit.kernel.currencies import UnknownCurrency
from kvit.kernel.money import NotRepresentable

EXEMPT = Reckoning(content=Content(exemptions=(Exemption(category="E", code="VATEX-EU-132", reason="art. 43"),)))
RATES = [Decimal(rate) for rate in ("25", "23", "12", "8", "6", "5", "0")]
quantities = st.decimals(min_value=-1000, max_value=1000, places=3)
prices = st.decimals(min_value=-100_000, max_value=100_000, places=4)
lines = st.lists(
    st.builds(DraftLine, st.just("Work"), quantities, prices, st.sampled_from(RATES)), min_size=1, max_size=12
)


def draft(*given: tuple[str, str, str]) -> list[DraftLine]:
    """Lines of (quantity, price, VAT percent)."""
    return [DraftLine("Work", Decimal(quantity), Decimal(price), Decimal(rate)) for quantity, price, rate in given]


def rounded(value: Fraction) -> int:
    """Half away from zero, by whole numbers alone."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))


class TestADocument:
    @given(lines)
    def test_adds_up(self, drafted: list[DraftLine]) -> None:
        sums = calculate(drafted, "SEK")
        assert sums.net_minor == sum(sums.line_nets) == sum(vat.base_minor for vat in sums.vat)
        assert sums.vat_minor == sum(vat.vat_minor for vat in sums.vat)
        assert sums.gross_minor == sums.net_minor + sums.vat_minor

    @given(lines)
    def test_rounds_each_line_and_then_each_rate(self, drafted: list[DraftLine]) -> None:
        sums = calculate(drafted, "SEK")
        nets = [rounded(Fraction(line.quantity) * Fraction(line.unit_price) * 100) for line in drafted]
        assert list(sums.line_nets) == nets
        for vat in sums.vat:
            base = sum(net for net, line in zip(nets, drafted, strict=True) if line.vat_rate == vat.vat_rate)
            assert (vat.base_minor, vat.vat_minor) == (base, rounded(base * Fraction(vat.vat_rate) / 100))

    @given(lines)
    def test_has_each_rate_once_and_rising(self, drafted: list[DraftLine]) -> None:
        rates = [vat.vat_rate for vat in calculate(drafted, "SEK").vat]
        assert rates == sorted({line.vat_rate for line in drafted})

    @given(lines, st.randoms())
    def test_is_the_same_whatever_the_order_of_its_lines(self, drafted: list[DraftLine], random: object) -> None:
        shuffled = list(drafted)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        one, other = calculate(drafted, "SEK"), calculate(shuffled, "SEK")
        assert (one.vat, one.gross_minor) == (other.vat, other.gross_minor)

    @given(lines)
    def test_is_its_own_mirror_image_when_it_is_credited(self, drafted: list[DraftLine]) -> None:
        mirrored = [DraftLine("Work", -line.quantity, line.unit_price, line.vat_rate) for line in drafted]
        assert calculate(mirrored, "SEK").gross_minor == -calculate(drafted, "SEK").gross_minor

    @pytest.mark.parametrize(
        ("drafted", "nets", "vat", "gross"),
        [
            # one line and one rate
            (draft(("1", "100", "25")), (10000,), [("25", 10000, 2500)], 12500),
            # several rates: 250.00 at 25, 89.90 at 12, 30.00 at 6, 10.00 free
            (
                draft(("2", "125", "25"), ("1", "89.90", "12"), ("3", "10", "6"), ("1", "10", "0")),
                (25000, 8990, 3000, 1000),
                [("0", 1000, 0), ("6", 3000, 180), ("12", 8990, 1079), ("25", 25000, 6250)],
                45499,
            ),
            # a line is rounded before it is added: 3 x 0.335 is 1.02, not 1.01
            (draft(*[("1", "0.335", "0")] * 3), (34, 34, 34), [("0", 102, 0)], 102),
            # VAT is rounded once for a rate: 25 % of 0.99 is 0.25, though 25 % of 0.33 is 0.08
            (draft(*[("1", "0.33", "25")] * 3), (33, 33, 33), [("25", 99, 25)], 124),
            # half an öre goes up, for a credited line down
            (draft(("1", "0.005", "0"), ("1", "-0.005", "25")), (1, -1), [("0", 1, 0), ("25", -1, 0)], 0),
            (draft(("1", "0.02", "25")), (2,), [("25", 2, 1)], 3),
            # a third of an hour
            (draft(("0.333333", "1200", "25")), (40000,), [("25", 40000, 10000)], 50000),
            # a discount as a line of its own
            (draft(("10", "99.90", "23"), ("1", "-99.90", "23")), (99900, -9990), [("23", 89910, 20679)], 110589),
            # the same rate in two spellings is one rate
            (draft(("1", "1", "25"), ("1", "1", "25.00")), (100, 100), [("25", 200, 50)], 250),
        ],
    )
    def test_is_as_worked_by_hand(
        self, drafted: list[DraftLine], nets: tuple[int, ...], vat: list[tuple[str, int, int]], gross: int
    ) -> None:
        expected = tuple(VatSum(Decimal(rate), base, tax, "Z" if rate == "0" else "S") for rate, base, tax in vat)
        total, tax = sum(nets), sum(row[2] for row in vat)
        assert calculate(drafted, "SEK") == Calculated(nets, expected, total, tax, gross)

    def test_counts_in_the_minor_units_of_its_currency(self) -> None:
        drafted = draft(("3", "33.335", "0"))
        assert [calculate(drafted, currency).gross_minor for currency in ("SEK", "JPY")] == [10001, 100]
        with pytest.raises(UnknownCurrency):
            calculate(drafted, "ABC")

    def test_is_refused_beyond_what_money_can_be(self) -> None:
        for drafted in (draft(("999999999999", "999999999999", "0")), draft(("1", "1E+17", "25"))):
            with pytest.raises(NotRepresentable):
                calculate(drafted, "SEK")

    @given(st.integers(2, 60))
    def test_would_differ_if_only_the_sum_were_rounded(self, count: int) -> None:
        """Planted fault: rounding late is another number, so the examples above can tell."""
        drafted = draft(*[("1", "0.335", "0")] * count)
        late = rounded(
            sum((Fraction(line.quantity) * Fraction(line.unit_price) for line in drafted), Fraction(0)) * 100
        )
        assert calculate(drafted, "SEK").net_minor != late


UNTAXED = st.builds(
    DraftLine, st.just("Work"), quantities, prices, st.just(Decimal(0)), st.just("pc"),
    st.sampled_from(["Z", "E", "AE", "K", "G", "O"]),
)  # fmt: skip


class TestADocumentOfPlainLines:
    @given(
        st.lists(st.one_of(lines.map(lambda drafted: drafted[0]), UNTAXED), min_size=1, max_size=12),
        st.sampled_from(["SEK", "JPY", "KWD"]),
        st.sampled_from([Reckoning(), Reckoning(prepaid_minor=7), EXEMPT]),
    )
    def test_adds_up_as_it_does_as_an_electronic_invoice(
        self, drafted: list[DraftLine], currency: str, reckoning: Reckoning
    ) -> None:
        """The short way of a run of thousands against the whole one, in every figure and every reason."""
        short = calculate(drafted, currency, reckoning)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(calculation, "_is_plain", lambda lines, reckoning: False)
            assert calculate(drafted, currency, reckoning) == short
