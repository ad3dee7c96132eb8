"""Counting in working days and months, and the days on which a term really ends."""

import calendar as gregorian
import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.calendars import Calendar, is_working_day
from kvit.kernel.refusals import DomainError

_ONE_DAY: Final = datetime.timedelta(days=1)
_MONTHS: Final = 12
_LONGEST_TERM_DAYS: Final = 3650


class NoDueDateRule(DomainError):
    """No law is known that says what happens to a due date on a free day in this country."""

    code: ClassVar[str] = "no_due_date_rule"


class InvalidTerms(DomainError):
    """Payment terms that end before they begin, or after more than ten years."""

    code: ClassVar[str] = "invalid_terms"


class TermsKind(StrEnum):
    """How the days of payment terms are counted."""

    NET = "net"
    END_OF_MONTH_THEN_DAYS = "end_of_month_then_days"
    DAYS_THEN_END_OF_MONTH = "days_then_end_of_month"


@dataclass(frozen=True, slots=True)
class Terms:
    """Payment terms as agreed: `Terms(TermsKind.NET, 30)` is "30 days net".

    Refuses `InvalidTerms` for less than 0 or more than 3650 days. Whether a term is too long for
    the country's law is not decided here.
    """

    kind: TermsKind
    days: int

    def __post_init__(self) -> None:
        if not 0 <= self.days <= _LONGEST_TERM_DAYS:
            raise InvalidTerms(f"payment terms last 0 to {_LONGEST_TERM_DAYS} days, not {self.days}")

    def due_date(self, issued: datetime.date) -> datetime.date:
        """The contract's due date, before any shift for free days: the day of issue is not counted."""
        days = datetime.timedelta(days=self.days)
        match self.kind:
            case TermsKind.NET:
                return issued + days
            case TermsKind.END_OF_MONTH_THEN_DAYS:
                return end_of_month(issued) + days
            case TermsKind.DAYS_THEN_END_OF_MONTH:
                return end_of_month(issued + days)


def next_working_day(day: datetime.date, country: str) -> datetime.date:
    """`day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day, country):
        day += _ONE_DAY
    return day


def previous_working_day(day: datetime.date, country: str) -> datetime.date:
    """`day` itself if it is a working day, else the last one before it."""
    while not is_working_day(day, country):
        day -= _ONE_DAY
    return day


def add_working_days(day: datetime.date, n: int, country: str) -> datetime.date:
    """The `n`-th working day after `day`, or before it if `n` is negative; `day` is not counted.

    Zero gives `day` itself, free or not. This is how terms in working days run in the EU
    (Regulation 1182/71 art. 3) and in the Polish KSeF rules.
    """
    step = _ONE_DAY if n >= 0 else -_ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day, country):
            day += step
    return day


def working_days_between(start: datetime.date, end: datetime.date, country: str) -> int:
    """How many working days lie after `start` up to and including `end`: 0 from Friday to Sunday.

    With `end` before `start` it is minus the working days before `start` down to `end`; in both
    directions it undoes `add_working_days`.
    """
    step = _ONE_DAY if end >= start else -_ONE_DAY
    count = 0
    day = start
    while day != end:
        day += step
        count += is_working_day(day, country)
    return count if end >= start else -count


# What happens to an agreed due date that falls on a free day.
_DUE_DATE_MOVES: Final[dict[str, bool]] = {
    Calendar.PL: True,  # Kodeks cywilny art. 115: to the next day that is neither free nor a Saturday
    Calendar.SE: True,  # banks' practice; lag (1930:173) speaks of statutory terms only
    Calendar.RO: False,  # no rule for agreed terms known; late interest runs from the agreed day
}


def effective_due_date(due: datetime.date, country: str) -> datetime.date:
    """The day until which a debtor in `country`'s law may still pay on time.

    Poland and Sweden move an agreed day that is free to the next working day, Romania does not.
    Refuses `NoDueDateRule` for other countries.
    """
    moves = _DUE_DATE_MOVES.get(country)
    if moves is None:
        raise NoDueDateRule(f"no rule on due dates that fall on a free day is known for {country!r}")
    return next_working_day(due, country) if moves else due


def tax_due_date(nominal: datetime.date, country: str) -> datetime.date:
    """The day until which a tax or a return nominally due on `nominal` is still on time.

    A free day moves to the next working day (PL Ordynacja podatkowa art. 12 §5, SE lag (1930:173)
    2 §, RO Codul de procedură fiscală art. 75). Romania pulls 25 December forward to 21 December,
    and where that is free to the last working day before it (art. 155(2)).
    """
    if country == Calendar.RO and (nominal.month, nominal.day) == (12, 25):
        return previous_working_day(nominal.replace(day=21), country)
    return next_working_day(nominal, country)


def end_of_month(day: datetime.date) -> datetime.date:
    """The last day of the month of `day`."""
    return day.replace(day=gregorian.monthrange(day.year, day.month)[1])


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later (or earlier), the month's last day where it has no such day.

    31 January and one month is 28 or 29 February (PL Kodeks cywilny art. 112, SE lag (1930:173)
    1 §). A series must be counted from its first day, or the 31st is lost for good.
    """
    years, month = divmod(day.month - 1 + months, _MONTHS)
    last = end_of_month(datetime.date(day.year + years, month + 1, 1))
    return last.replace(day=min(day.day, last.day))
