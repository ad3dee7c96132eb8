"""Interest and flat sums for late payment against the worked examples and the tables of the rules."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

import shared_folder
from kvit.kernel import late_fees, late_interest
from kvit.kernel.dates import effective_due_date
from kvit.kernel.late_fees import Cost
from kvit.kernel.late_interest import Bank, NoInterestRate, Regime
from kvit.kernel.money import Money
from shared_folder import needs_shared

WORKED = shared_folder.rows("rules/worked_interest.csv")
FEES = {row["case"]: row["expected"] for row in shared_folder.rows("rules/worked_fees.csv")}


def minor(text: str) -> int:
    return int(Decimal(text) * 100)


def computed(row: dict[str, str]) -> tuple[late_interest.Segment, ...]:
    return late_interest.segments(
        Regime(row["regime"]),
        minor(row["principal"]),
        date.fromisoformat(row["first_interest_day"]),
        date.fromisoformat(row["paid_on"]),
        year_days=int(row["basis"]),
    )


@needs_shared
class TestInterest:
    @pytest.mark.parametrize("row", WORKED, ids=lambda row: row["id"])
    def test_is_that_of_the_worked_example(self, row: dict[str, str]) -> None:
        found = computed(row)
        told = [f"{x.from_date}..{x.to_date} {x.days}d @{x.percent:.2f}% = {x.amount_minor / 100:.2f}" for x in found]
        wanted = [re.sub(r"@([\d.]+)%", lambda m: f"@{Decimal(m[1]):.2f}%", one) for one in row["segments"].split("; ")]
        assert told == wanted
        assert late_interest.total_minor(found) == minor(row["interest_sum_of_rounded_segments"])
        assert sum(x.days for x in found) == int(row["days"])

    def test_of_a_wrong_rate_is_found_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: each bank's rates are a point higher."""
        for bank, rates in late_interest.REFERENCE.items():
            monkeypatch.setitem(late_interest.REFERENCE, bank, tuple((day, rate + 1) for day, rate in rates))
        for row in WORKED:
            assert late_interest.total_minor(computed(row)) != minor(row["interest_sum_of_rounded_segments"])

    @pytest.mark.parametrize(
        ("table", "regime", "first", "column"),
        [
            ("rates_pl_b2b_halfyear", Regime.PL_B2B, "from", "b2b_rate"),
            ("rates_pl_b2b_halfyear", Regime.PL_B2B_MEDICAL, "from", "b2b_rate_public_medical_debtor"),
            ("rates_pl_nbp", Regime.PL_KC481, "effective_from", "kc481_delay"),
            ("rates_se_reference", Regime.SE_6, "from", "late_interest_6par"),
            ("rates_ro_b2b_semester", Regime.RO_B2B_SEM, "from", "b2b_rate"),
            ("rates_ro_bnr", Regime.RO_B2B_DAILY, "effective_from", "b2b_plus8_if_daily"),
            ("rates_ro_bnr", Regime.RO_B2C, "effective_from", "b2c_plus4"),
            ("rates_ro_bnr", Regime.RO_C2C, "effective_from", "non_enterprise_minus20pct"),
        ],
    )
    def test_rates_are_those_of_the_rules(self, table: str, regime: Regime, first: str, column: str) -> None:
        rows = shared_folder.rows(f"rules/{table}.csv")
        assert len(rows) > 5
        for row in rows:
            assert late_interest.percent_on(regime, date.fromisoformat(row[first])) == Decimal(row[column]), row

    def test_runs_from_the_day_after_the_due_date_that_a_holiday_moved(self) -> None:
        for row in (row for row in WORKED if row["country"] == "PL"):
            assert effective_due_date(date.fromisoformat(row["contract_due"]), "PL").isoformat() == row["effective_due"]


class TestARateOfInterest:
    @pytest.mark.parametrize(
        ("regime", "day", "is_verified"),
        [
            (Regime.PL_B2B, date(2026, 6, 30), True),
            (Regime.PL_B2B, date(2026, 7, 1), False),
            (Regime.PL_KC481, date(2026, 3, 5), True),
            (Regime.PL_KC481, date(2026, 3, 6), False),
            (Regime.SE_6, date(2026, 6, 30), True),
            (Regime.SE_6, date(2026, 7, 1), False),
            (Regime.RO_B2B_SEM, date(2026, 6, 30), True),
            (Regime.RO_B2C, date(2026, 2, 18), False),
        ],
    )
    def test_beyond_what_was_seen_is_said_to_be(self, regime: Regime, day: date, is_verified: bool) -> None:
        assert late_interest.is_verified(regime, day) is is_verified
        assert late_interest.percent_on(regime, day) > 0

    def test_from_before_all_tables_is_refused(self) -> None:
        with pytest.raises(NoInterestRate, match="Riksbanken"):
            late_interest.percent_on(Regime.SE_6, date(1990, 1, 1))

    def test_of_no_days_is_nothing(self) -> None:
        assert late_interest.segments(Regime.SE_6, 100, date(2026, 1, 2), date(2026, 1, 1)) == ()

    def test_is_in_the_order_of_its_days(self) -> None:
        for bank in Bank:
            days = [day for day, _ in late_interest.REFERENCE[bank]]
            assert days == sorted(set(days))


@needs_shared
class TestTheFlatSum:
    @pytest.mark.parametrize("case", [case for case in FEES if case.startswith("PL compensation")])
    def test_of_poland_is_that_of_the_worked_example(self, case: str) -> None:
        payment = Money(minor(case.split()[2]), "PLN")
        found = late_fees.compensation("PL", payment, date(2026, 1, 1))
        assert found is not None
        assert f"{found.minor // 100} {found.currency}" == FEES[case]

    @pytest.mark.parametrize(
        "row", [row for row in WORKED if " EUR" in row["fixed_compensation"]], ids=lambda r: r["id"]
    )
    def test_beside_interest_is_that_of_the_worked_example(self, row: dict[str, str]) -> None:
        payment = Money(minor(row["principal"]), row["currency"])
        found = late_fees.compensation(row["country"], payment, date.fromisoformat(row["effective_due"]))
        assert found is not None
        assert f"{found.minor // 100} {found.currency}" == row["fixed_compensation"]

    @pytest.mark.parametrize(
        ("case", "done", "is_business", "agreed"),
        [
            ("SE B2C reminder (agreed when the debt arose) + inkassokrav", (Cost.REMINDER, Cost.DEMAND), False, True),
            ("SE B2C reminder NOT agreed + inkassokrav", (Cost.REMINDER, Cost.DEMAND), False, False),
            ("SE B2B forseningsersattning + reminder 60 + krav 180", (Cost.REMINDER, Cost.DEMAND), True, True),
            (
                "SE B2B forseningsersattning + reminder 60 + krav 180 + plan 170",
                *((Cost.REMINDER, Cost.DEMAND, Cost.PLAN), True, True),
            ),
            (
                "SE B2B two krav (hypothetical 180+180+60+170 = 590)",
                *((Cost.DEMAND, Cost.DEMAND, Cost.REMINDER, Cost.PLAN), True, True),
            ),
        ],
    )
    def test_of_sweden_is_that_of_the_worked_example(
        self, case: str, done: tuple[Cost, ...], is_business: bool, agreed: bool
    ) -> None:
        told = re.search(r"(?:= )?(\d+) SEK", FEES[case])
        assert told is not None
        found = late_fees.swedish_costs(done, is_business=is_business, reminder_agreed=agreed)
        assert found.total == Money(int(told[1]) * 100, "SEK")


class TestTheDayOfTheRate:
    @pytest.mark.parametrize(
        ("due", "day"),
        [
            (date(2026, 3, 15), date(2026, 2, 27)),  # the 28th is a Saturday
            (date(2026, 1, 10), date(2025, 12, 31)),
            (date(2026, 5, 4), date(2026, 4, 30)),
        ],
    )
    def test_is_the_last_working_day_of_the_month_before(self, due: date, day: date) -> None:
        assert late_fees.polish_rate_day(due) == day


class TestWhereARateComesFrom:
    def test_is_the_bank_s_rate_of_the_half_year_and_the_margin_by_law(self) -> None:
        found = late_interest.basis_on(Regime.PL_B2B, date(2026, 6, 30))
        assert (found.bank, found.fixed_date, found.reference_percent, found.margin) == (
            *(Bank.NBP, date(2026, 1, 1), Decimal("4.00"), Decimal(10)),
        )
        assert found.percent == late_interest.percent_on(Regime.PL_B2B, date(2026, 6, 30))
        assert "8 marca 2013" in found.law

    @pytest.mark.parametrize("regime", Regime)
    def test_is_verified_up_to_a_day_and_not_after(self, regime: Regime) -> None:
        last = late_interest.verified_through(regime)
        assert late_interest.is_verified(regime, last)
        assert not late_interest.is_verified(regime, last + timedelta(days=1))
        assert late_interest.LAWS[regime]

    def test_of_a_frozen_rate_is_verified_to_the_end_of_its_half_year(self) -> None:
        """The Riksbank's rate was last seen on 29 January 2026: that of 1 January holds until June."""
        assert late_interest.verified_through(Regime.SE_6) == date(2026, 6, 30)
        assert late_interest.verified_through(Regime.PL_KC481) == date(2026, 3, 5)
