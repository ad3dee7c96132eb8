"""Calendars of working days: what each country's law calls free, and what is not known."""

import datetime
from datetime import date

import holidays
import pytest

from kvit.kernel import calendars
from kvit.kernel.calendars import Calendar


class TestAWorkingDay:
    @pytest.mark.parametrize("country", list(Calendar))
    def test_is_an_ordinary_weekday_everywhere(self, country: Calendar) -> None:
        assert calendars.is_working_day(date(2026, 11, 18), country)

    @pytest.mark.parametrize("country", list(Calendar))
    def test_is_never_at_the_weekend(self, country: Calendar) -> None:
        assert not calendars.is_working_day(date(2026, 11, 21), country)
        assert not calendars.is_working_day(date(2026, 11, 22), country)

    @pytest.mark.parametrize(
        ("country", "free"),
        [
            ("PL", ["2026-01-06", "2026-04-06", "2026-06-04", "2026-11-11", "2026-12-24", "2025-12-24"]),
            ("SE", ["2026-01-06", "2026-04-03", "2026-05-14", "2026-06-19", "2026-12-24", "2026-12-31"]),
            ("RO", ["2026-01-02", "2026-01-07", "2026-04-10", "2026-04-13", "2026-11-30", "2026-12-01"]),
            ("EU", ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25"]),
        ],
    )
    def test_is_none_of_the_free_days(self, country: str, free: list[str]) -> None:
        assert [day for day in free if calendars.is_working_day(date.fromisoformat(day), country)] == []

    @pytest.mark.parametrize(
        ("country", "worked"),
        [
            ("PL", ["2024-12-24", "2026-04-03", "2026-06-19", "2026-12-31"]),
            ("SE", ["2026-01-05", "2026-04-02", "2026-04-30", "2026-05-15", "2026-11-02"]),
            ("RO", ["2026-04-03", "2026-04-06", "2026-12-24", "2023-01-06"]),
            ("EU", ["2026-01-06", "2026-05-14", "2026-11-11", "2026-12-24"]),
        ],
    )
    def test_may_be_a_neighbours_free_day(self, country: str, worked: list[str]) -> None:
        assert [day for day in worked if not calendars.is_working_day(date.fromisoformat(day), country)] == []

    def test_in_sweden_would_be_an_eve_if_only_public_holidays_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def public_only(country: str, year: int) -> frozenset[date]:
            return frozenset(holidays.country_holidays(country, years=year, expand=False))

        monkeypatch.setattr(calendars, "free_days", public_only)
        assert calendars.is_working_day(date(2026, 12, 24), "SE")

    @pytest.mark.parametrize("country", ["", "DE", "pl", "PLN"])
    def test_is_unknown_in_other_countries(self, country: str) -> None:
        with pytest.raises(calendars.UnknownCalendar):
            calendars.is_working_day(date(2026, 11, 18), country)

    def test_is_a_day_and_not_an_instant(self) -> None:
        christmas = datetime.datetime(2026, 12, 25, tzinfo=datetime.UTC)
        with pytest.raises(TypeError):
            calendars.is_working_day(christmas, "PL")
        # Without that guard Christmas would be worked on: an instant is not equal to any date.
        assert christmas not in calendars.free_days("PL", 2026)


class TestACalendar:
    @pytest.mark.parametrize("year", [1999, 2100])
    def test_refuses_years_it_knows_nothing_about(self, year: int) -> None:
        for country in Calendar:
            with pytest.raises(calendars.OutsideCalendar):
                calendars.is_working_day(date(year, 12, 23), country)

    def test_would_have_no_holidays_there_without_that_guard(self) -> None:
        assert not holidays.country_holidays("PL", years=2101, expand=False)

    def test_reaches_over_a_hundred_years(self) -> None:
        for country in Calendar:
            for year in (2000, 2099):
                assert date(year, 12, 25) in calendars.free_days(country, year)

    def test_is_computed_once_a_year_and_country(self) -> None:
        assert calendars.free_days("PL", 2026) is calendars.free_days("PL", 2026)
        assert calendars.free_days("PL", 2026) != calendars.free_days("PL", 2027)

    @pytest.mark.parametrize("country", list(Calendar))
    def test_says_until_when_it_was_verified(self, country: Calendar) -> None:
        source = calendars.SOURCES[country]
        assert source.rule
        assert calendars.is_verified(source.verified_through, country)
        assert not calendars.is_verified(source.verified_through + datetime.timedelta(days=1), country)
        assert source.verified_on < source.verified_through
