"""What an invoice adds up to, by the standard's own rules and worked figures."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einvoice_homes import POLAND, SWEDEN, adjustment, invoice, line
from einvoice_random import INVOICES
from kvit.formats.einvoice import rules
from kvit.formats.einvoice.calculation import calculate, normalize
from kvit.formats.einvoice.model import Adjustment, Invoice, Line, Totals, VatBreakdown
from kvit.kernel.money import NotRepresentable

D = Decimal
CALCULATED = [f"BR-CO-{number}" for number in (10, 11, 12, 13, 14, 15, 16, 17, 18)] + [
    f"BR-{category}-{number}"
    for category in ("S", "Z", "E", "AE", "IC", "G", "O")
    for number in ("01", "08", "09", "10")
]


def totals_of(*lines: Line, given: Totals | None = None) -> Totals:
    made = invoice(SWEDEN, *lines)
    return calculate(normalize(replace(made, totals=given or Totals()))).totals


class TestACalculatedInvoice:
    @settings(max_examples=50)
    @given(INVOICES)
    def test_keeps_every_rule_on_sums(self, made: Invoice) -> None:
        reasons = tuple(VatBreakdown(category="E", exemption_reason="Care") for _ in range(1))
        whole = calculate(replace(made, vat=reasons))
        broken = [p for p in rules.validate(whole, only=CALCULATED) if p.rule != "BR-E-10"]
        assert broken == []

    @settings(max_examples=50)
    @given(INVOICES)
    def test_calculated_again_is_the_same(self, made: Invoice) -> None:
        assert calculate(made) == made
        assert normalize(made) == made

    @settings(max_examples=50)
    @given(INVOICES, st.data())
    def test_with_its_lines_in_another_order_has_the_same_totals(self, made: Invoice, data: st.DataObject) -> None:
        shuffled = calculate(replace(made, lines=tuple(data.draw(st.permutations(made.lines)))))
        assert shuffled.totals == made.totals
        assert shuffled.vat == made.vat

    @pytest.mark.parametrize("rule", ["BR-CO-10", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16"])
    def test_off_by_one_breaks_the_rules(self, rule: str) -> None:
        """The planted fault: one minor unit too much in the sum that the rule is about."""
        field = {
            "BR-CO-10": "lines_minor",
            "BR-CO-13": "net_minor",
            "BR-CO-14": "vat_minor",
            "BR-CO-15": "gross_minor",
            "BR-CO-16": "due_minor",
        }[rule]
        made = calculate(normalize(invoice(SWEDEN, line(SWEDEN, "Work", "1", "100"))))
        wrong = replace(made, totals=replace(made.totals, **{field: getattr(made.totals, field) + 1}))
        assert rule in {problem.rule for problem in rules.validate(wrong)}
        assert rule not in {problem.rule for problem in rules.validate(made)}


class TestALine:
    @pytest.mark.parametrize(
        ("quantity", "price", "per", "net"),
        [
            ("3", "33.333", None, 10000),
            ("1", "0.005", None, 1),
            ("-1", "0.005", None, -1),
            ("1234.567", "523.4567", "1000", 64624),
            ("0", "5", None, 0),
            ("1", "0.0049999999", None, 0),
        ],
    )
    def test_is_quantity_times_price_half_away_from_zero(
        self, quantity: str, price: str, per: str | None, net: int
    ) -> None:
        one = replace(line(SWEDEN, "Item", quantity, price), price_quantity=D(per) if per else None)
        assert totals_of(one).lines_minor == net

    def test_counts_its_charges_and_takes_its_allowances_off(self) -> None:
        one = replace(
            line(SWEDEN, "Item", "10", "10"),
            allowances=(Adjustment(percent=D("12.5"), reason="Loyal"), Adjustment(amount_minor=100, reason="Box")),
            charges=(Adjustment(amount_minor=50, reason="Bag"),),
        )
        made = calculate(invoice(SWEDEN, one))
        assert made.lines[0].net_minor == 10000 - 1250 - 100 + 50
        assert made.lines[0].allowances[0].base_minor == 10000

    def test_has_its_net_price_from_the_gross_one(self) -> None:
        one = replace(line(SWEDEN, "Item", "2", "0"), price=None, gross_price=D(9), price_discount=D("0.90"))
        assert calculate(invoice(SWEDEN, one)).lines[0].price == D("8.10")


class TestTheVat:
    def test_is_of_the_sum_of_a_rate_and_not_of_each_line(self) -> None:
        """Three lines of 0.10 at 25 %: 0.08 of their sum, where 0.03 each would make 0.09."""
        sums = totals_of(*(line(SWEDEN, "Item", "1", "0.10") for _ in range(3)))
        assert (sums.net_minor, sums.vat_minor, sums.gross_minor) == (30, 8, 38)

    def test_follows_allowances_and_charges_of_the_document(self) -> None:
        made = invoice(SWEDEN, line(SWEDEN, "Work", "1", "1000"), line(SWEDEN, "Book", "1", "100", rate=D(6)))
        made = replace(
            made,
            allowances=(adjustment(SWEDEN, percent="10", reason="Discount"),),
            charges=(adjustment(SWEDEN, amount_minor=500, rate=D(6), reason="Freight"),),
        )
        whole = calculate(normalize(made))
        assert [(one.rate, one.base_minor, one.vat_minor) for one in whole.vat] == [
            (D(6), 10500, 630),
            (D(25), 100000 - 11000, 22250),
        ]

    def test_states_the_reason_of_the_category_or_the_one_given(self) -> None:
        both = (line(SWEDEN, "A", "1", "1", category="AE"), line(SWEDEN, "B", "1", "1", category="E"))
        made = replace(invoice(SWEDEN, *both), vat=(VatBreakdown(category="E", exemption_reason="Care"),))
        found = {one.category: (one.exemption_code, one.exemption_reason) for one in calculate(normalize(made)).vat}
        assert found == {"AE": ("VATEX-EU-AE", "Reverse charge"), "E": ("", "Care")}

    def test_is_stated_in_the_accounting_currency_rate_by_rate(self) -> None:
        """Art. 106e(11) of the Polish act: the tax of each rate converted, and their sum."""
        made = invoice(POLAND, line(POLAND, "A", "1", "100.01"), line(POLAND, "B", "1", "33.33", rate=D(8)))
        made = replace(made, currency="EUR", accounting_currency="PLN")
        whole = calculate(normalize(made), exchange_rate=D("4.3127"))
        assert [(one.vat_minor, one.accounting_minor) for one in whole.vat] == [(267, 1151), (2300, 9919)]
        assert whole.totals.vat_accounting_minor == 1151 + 9919

    def test_converts_between_currencies_of_other_decimals(self) -> None:
        made = replace(invoice(SWEDEN, line(SWEDEN, "A", "1", "1000")), currency="JPY", accounting_currency="SEK")
        whole = calculate(normalize(made), exchange_rate=D("0.0701"))
        assert whole.totals.vat_minor == 250
        assert whole.totals.vat_accounting_minor == 1753


class TestTheAmountDue:
    def test_is_less_by_what_was_paid_and_rounded_to_kronor_where_asked(self) -> None:
        made = replace(invoice(SWEDEN, line(SWEDEN, "Phone", "1", "199.37")), totals=Totals(prepaid_minor=1000))
        sums = calculate(normalize(made), round_cash=True).totals
        assert (sums.gross_minor, sums.prepaid_minor, sums.rounding_minor, sums.due_minor) == (24921, 1000, -21, 23900)

    def test_is_not_rounded_in_currencies_with_small_coins(self) -> None:
        made = invoice(POLAND, line(POLAND, "Phone", "1", "199.37"))
        assert calculate(normalize(made), round_cash=True).totals.rounding_minor is None

    def test_that_no_money_can_be_is_refused(self) -> None:
        with pytest.raises(NotRepresentable):
            calculate(invoice(SWEDEN, line(SWEDEN, "All", "1e40", "1e40")))


class TestNormalizing:
    def test_makes_texts_plain(self) -> None:
        made = replace(
            invoice(SWEDEN, line(SWEDEN, "  A\x00B\x0bC\r\nD  ", "1", "1")),
            payment_terms=" 30 days\r\rthen \ufffe interest ",
        )
        whole = normalize(made)
        assert whole.lines[0].name == "A B C\nD"
        assert whole.payment_terms == "30 days\n\nthen   interest"

    def test_numbers_lines_and_settles_the_rates_of_categories(self) -> None:
        made = normalize(
            invoice(
                SWEDEN,
                line(SWEDEN, "A", "1", "1", category="E"),
                replace(line(SWEDEN, "B", "1", "1", category="O"), id="x", vat_rate=D(0)),
            )
        )
        assert [(one.id, one.vat_rate) for one in made.lines] == [("1", D(0)), ("x", None)]

    def test_leaves_what_is_no_text_alone(self) -> None:
        made = invoice(SWEDEN, line(SWEDEN, "A", "1", "1"))
        assert normalize(made).issue_date == datetime.date(2026, 11, 20)
