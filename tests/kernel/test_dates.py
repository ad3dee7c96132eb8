"""Terms in days, working days and months; every worked example of the rules that is about days."""

import datetime
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shared_folder
from kvit.kernel import calendars, dates
from kvit.kernel.calendars import Calendar
from kvit.kernel.dates import Terms, TermsKind
from shared_folder import needs_shared

days = st.dates(min_value=date(2001, 1, 1), max_value=date(2098, 12, 31))
countries = st.sampled_from(list(Calendar))
ONE_DAY = datetime.timedelta(days=1)


class TestTheNextWorkingDay:
    def test_is_the_day_itself_if_it_is_one(self) -> None:
        assert dates.next_working_day(date(2026, 11, 20), "PL") == date(2026, 11, 20)
        assert dates.previous_working_day(date(2026, 11, 20), "PL") == date(2026, 11, 20)

    def test_lies_beyond_a_weekend_and_its_holidays(self) -> None:
        assert dates.next_working_day(date(2026, 12, 24), "PL") == date(2026, 12, 28)
        assert dates.next_working_day(date(2026, 12, 31), "SE") == date(2027, 1, 4)

    def test_has_its_counterpart_before(self) -> None:
        assert dates.previous_working_day(date(2027, 1, 3), "SE") == date(2026, 12, 30)

    @given(days, countries)
    def test_is_the_first_one_on_or_after_the_day(self, day: date, country: Calendar) -> None:
        found = dates.next_working_day(day, country)
        assert calendars.is_working_day(found, country)
        while day < found:
            assert not calendars.is_working_day(day, country)
            day += ONE_DAY
        assert day == found


class TestCountingWorkingDays:
    def test_skips_what_is_free(self) -> None:
        assert dates.add_working_days(date(2026, 12, 23), 1, "PL") == date(2026, 12, 28)
        assert dates.add_working_days(date(2026, 12, 28), -1, "PL") == date(2026, 12, 23)

    def test_by_none_leaves_even_a_free_day(self) -> None:
        assert dates.add_working_days(date(2026, 12, 25), 0, "PL") == date(2026, 12, 25)

    def test_between_two_days_counts_the_last_and_not_the_first(self) -> None:
        friday, sunday, monday = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23)
        assert dates.working_days_between(friday, sunday, "PL") == 0
        assert dates.working_days_between(friday, monday, "PL") == 1
        assert dates.working_days_between(friday, friday, "PL") == 0
        assert dates.working_days_between(monday, friday, "PL") == -1

    @given(days, st.integers(min_value=-60, max_value=60), countries)
    def test_between_undoes_adding(self, day: date, n: int, country: Calendar) -> None:
        assert dates.working_days_between(day, dates.add_working_days(day, n, country), country) == n

    @pytest.mark.parametrize("row", shared_folder.rows("rules/worked_einvoice_deadlines.csv"), ids=lambda r: r["from"])
    @needs_shared
    def test_gives_the_worked_deadline(self, row: dict[str, str]) -> None:
        counted = re.search(r"(next|\d+) working days?", row["rule"])
        assert counted is not None, f"a rule this test does not know: {row['rule']}"
        n = 1 if counted[1] == "next" else int(counted[1])
        start, expected = date.fromisoformat(row["from"]), date.fromisoformat(row["expected"])
        assert dates.add_working_days(start, n, row["country"]) == expected


class TestATaxDueDate:
    @pytest.mark.parametrize(
        "row", shared_folder.rows("rules/worked_tax_calendar.csv"), ids=lambda r: f"{r['country']}-{r['nominal']}"
    )
    @needs_shared
    def test_is_the_worked_one(self, row: dict[str, str]) -> None:
        nominal, effective = date.fromisoformat(row["nominal"]), date.fromisoformat(row["effective"])
        assert dates.tax_due_date(nominal, row["country"]) == effective

    def test_of_25_december_in_romania_is_the_working_day_on_or_before_the_21st(self) -> None:
        assert dates.tax_due_date(date(2026, 12, 25), "RO") == date(2026, 12, 21)
        assert dates.tax_due_date(date(2025, 12, 25), "RO") == date(2025, 12, 19)

    def test_would_lie_after_christmas_without_that_rule(self) -> None:
        assert dates.next_working_day(date(2026, 12, 25), "RO") == date(2026, 12, 28)

    def test_of_25_december_elsewhere_moves_on(self) -> None:
        assert dates.tax_due_date(date(2026, 12, 25), "PL") == date(2026, 12, 28)
        assert dates.tax_due_date(date(2026, 11, 25), "RO") == date(2026, 11, 25)


class TestAnEffectiveDueDate:
    @pytest.mark.parametrize("row", shared_folder.rows("rules/worked_interest.csv"), ids=lambda r: r["id"])
    @needs_shared
    def test_is_the_worked_one(self, row: dict[str, str]) -> None:
        contract, effective = date.fromisoformat(row["contract_due"]), date.fromisoformat(row["effective_due"])
        assert dates.effective_due_date(contract, row["country"]) == effective

    def test_in_poland_and_sweden_is_a_working_day(self) -> None:
        assert dates.effective_due_date(date(2026, 12, 24), "PL") == date(2026, 12, 28)
        assert dates.effective_due_date(date(2026, 6, 19), "SE") == date(2026, 6, 22)

    def test_in_romania_is_the_agreed_day_even_on_a_holiday(self) -> None:
        assert dates.effective_due_date(date(2022, 11, 30), "RO") == date(2022, 11, 30)

    @pytest.mark.parametrize("country", ["EU", "DE", ""])
    def test_is_refused_where_no_rule_is_known(self, country: str) -> None:
        with pytest.raises(dates.NoDueDateRule):
            dates.effective_due_date(date(2026, 12, 24), country)


class TestAMonth:
    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2026-02-28", 1, "2026-03-28"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2026-12-15", 1, "2027-01-15"),
            ("2026-01-15", -1, "2025-12-15"),
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-05-31", -18, "2024-11-30"),
            ("2026-05-31", 0, "2026-05-31"),
        ],
    )
    def test_later_is_the_same_day_or_the_last(self, day: str, months: int, later: str) -> None:
        assert dates.add_months(date.fromisoformat(day), months) == date.fromisoformat(later)

    @given(days, st.integers(min_value=-500, max_value=500))
    def test_later_lies_as_many_months_away(self, day: date, months: int) -> None:
        later = dates.add_months(day, months)
        assert (later.year - day.year) * 12 + later.month - day.month == months
        assert later.day == day.day or (later.day < day.day and later == dates.end_of_month(later))

    @given(days)
    def test_ends_on_the_day_before_the_first(self, day: date) -> None:
        end = dates.end_of_month(day)
        assert (end.year, end.month) == (day.year, day.month)
        assert (end + ONE_DAY).day == 1


class TestPaymentTerms:
    @pytest.mark.parametrize(
        ("kind", "count", "due"),
        [
            (TermsKind.NET, 30, "2026-12-20"),
            (TermsKind.NET, 0, "2026-11-20"),
            (TermsKind.END_OF_MONTH_THEN_DAYS, 10, "2026-12-10"),
            (TermsKind.END_OF_MONTH_THEN_DAYS, 0, "2026-11-30"),
            (TermsKind.DAYS_THEN_END_OF_MONTH, 10, "2026-11-30"),
            (TermsKind.DAYS_THEN_END_OF_MONTH, 30, "2026-12-31"),
        ],
    )
    def test_give_the_due_date(self, kind: TermsKind, count: int, due: str) -> None:
        assert Terms(kind, count).due_date(date(2026, 11, 20)) == date.fromisoformat(due)

    @pytest.mark.parametrize("count", [-1, 3651])
    def test_refuse_to_end_before_they_begin_or_never(self, count: int) -> None:
        with pytest.raises(dates.InvalidTerms):
            Terms(TermsKind.NET, count)

    @given(
        days.filter(lambda day: day.year < 2080), st.sampled_from(TermsKind), st.integers(min_value=0, max_value=3650)
    )
    def test_never_end_before_the_invoice(self, issued: date, kind: TermsKind, count: int) -> None:
        assert Terms(kind, count).due_date(issued) >= issued + datetime.timedelta(days=count)
