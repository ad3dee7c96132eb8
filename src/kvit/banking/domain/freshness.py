"""How far behind an account's statements are, in the working days of its bank."""

import datetime
from dataclasses import dataclass

from kvit.banking.domain.account_kind import AccountKind
from kvit.kernel import calendars, dates
from kvit.kernel.calendars import Calendar


@dataclass(frozen=True, slots=True)
class Freshness:
    """Until which day an account is known and how many whole bank days are missing; None where nothing ever came.

    0 days missing: everything up to and including the last bank day before today is known.
    """

    known_until: datetime.date | None
    missing_days: int | None

    @property
    def covers_the_last_bank_day(self) -> bool:
        """Whether nothing that was booked before today can be unknown."""
        return self.missing_days == 0


def freshness(known_until: datetime.date | None, *, today: datetime.date, country: str) -> Freshness:
    """Count the bank days of `country` after `known_until` that are over by `today`; today itself is not over.

    Refuses `OutsideCalendar`, `UnknownCalendar`.
    """
    if known_until is None:
        return Freshness(None, None)
    last = today - datetime.timedelta(days=1)
    if known_until >= last:
        return Freshness(known_until, 0)
    return Freshness(known_until, dates.working_days_between(known_until, last, country))


def bank_country(number: str, kind: AccountKind, *, company: str) -> str:
    """The country whose calendar the bank of an account keeps: that of its IBAN, Sweden for a giro.

    26 digits are a Polish number. For anything else, and for a country whose calendar is not known, it is that of
    the company.
    """
    if kind in (AccountKind.BANKGIRO, AccountKind.PLUSGIRO):
        return Calendar.SE
    prefix = "PL" if number.isdigit() and len(number) == 26 else number[:2]
    return prefix if kind is AccountKind.IBAN and prefix in set(calendars.Calendar) else company
