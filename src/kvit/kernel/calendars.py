"""On which days people and banks work, by country: public holidays, eves and weekends."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, Final

import holidays

from kvit.kernel.refusals import DomainError


class Calendar(StrEnum):
    """Whose days: a country's statutory free days, or `EU` for TARGET, the banks of the euro.

    Poland, Sweden and Romania have one calendar for law and banks: their payment systems close on
    the statutory free days and Saturdays (in Sweden also on the three eves).
    """

    PL = "PL"
    SE = "SE"
    RO = "RO"
    EU = "EU"


class UnknownCalendar(DomainError):
    """There is no calendar for this country."""

    code: ClassVar[str] = "unknown_calendar"


class OutsideCalendar(DomainError):
    """The day lies in a year the calendar knows nothing about."""

    code: ClassVar[str] = "outside_calendar"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a calendar's rule stands, when it was last compared, and the last day it is known to hold for.

    Legislators add free days with a few months' notice (Poland 24 December in 2025, Romania 6 and 7
    January in 2024), so a deadline after `verified_through` must say so on the document.
    """

    rule: str
    verified_on: datetime.date
    verified_through: datetime.date


_VERIFIED_ON: Final = datetime.date(2026, 11, 21)
_VERIFIED_THROUGH: Final = datetime.date(2027, 12, 31)

SOURCES: Final[dict[Calendar, Source]] = {
    Calendar.PL: Source(
        "ustawa z 18.01.1951 o dniach wolnych od pracy, Dz.U. 2025 poz. 296, art. 1 (24 December since 2025)",
        _VERIFIED_ON,
        _VERIFIED_THROUGH,
    ),
    Calendar.SE: Source(
        "lag (1989:253) om allmänna helgdagar; eves and Saturdays: lag (1930:173) 2 §",
        _VERIFIED_ON,
        _VERIFIED_THROUGH,
    ),
    Calendar.RO: Source("Codul muncii, art. 139", _VERIFIED_ON, _VERIFIED_THROUGH),
    Calendar.EU: Source("TARGET long-term calendar of closing days, ECB", _VERIFIED_ON, _VERIFIED_THROUGH),
}

_SATURDAY: Final = 5
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2099


def is_working_day(day: datetime.date, country: str) -> bool:
    """Whether offices and banks work on `day`: not a weekend, a public holiday or a free eve.

    Refuses `UnknownCalendar` and `OutsideCalendar` (years before 2000 and after 2099).
    """
    if isinstance(day, datetime.datetime):
        raise TypeError("a day is a date; an instant belongs to different days in different places")
    return day not in free_days(country, day.year) and day.weekday() < _SATURDAY


def is_verified(day: datetime.date, country: str) -> bool:
    """Whether the calendar is known to hold for `day`; if not, what is computed from it needs a warning."""
    return day <= SOURCES[_calendar(country)].verified_through


@lru_cache(maxsize=512)
def free_days(country: str, year: int) -> frozenset[datetime.date]:
    """The public holidays and free eves of one year, those that fall on a weekend included.

    Refuses `UnknownCalendar`, `OutsideCalendar`. Remembered by country and year.
    """
    calendar = _calendar(country)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        # Beyond its range the library answers "no holidays" instead of "I don't know".
        raise OutsideCalendar(f"the calendars cover {_FIRST_YEAR} to {_LAST_YEAR}, not {year}")
    if calendar is Calendar.EU:
        return frozenset(holidays.financial_holidays("ECB", years=year, expand=False))
    # "de facto" are midsummer eve, Christmas eve and New Year's eve.
    categories = ("public", "de_facto") if calendar is Calendar.SE else ("public",)
    return frozenset(holidays.country_holidays(calendar.value, years=year, expand=False, categories=categories))


def _calendar(country: str) -> Calendar:
    try:
        return Calendar(country)
    except ValueError:
        raise UnknownCalendar(f"there is no calendar of working days for {country!r}") from None
