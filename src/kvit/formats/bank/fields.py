"""Amounts and dates as bank files write them: exact, or refused with a reason; nothing is guessed."""

import datetime
import re
from functools import lru_cache
from typing import ClassVar, Final

from kvit.formats.bank import sentences
from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem, Told

_AMOUNT: Final = re.compile(r"\+?([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.,]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII)
_YEARS: Final = range(1970, 2100)
_MAX_WHOLE_DIGITS: Final = 15
_MAX_DIGITS: Final = 18  # with the decimals; all of them are inside a bigint


class Unreadable(DomainError):
    """A value in a foreign file that cannot be taken as what it should be; the text says why."""

    code: ClassVar[str] = "unreadable"

    def __init__(self, text: str, *told: Told) -> None:
        """`told` is the text once more as codes and values, where the reader knows them."""
        super().__init__(text)
        self.told = told

    def at(self, place: str) -> Problem:
        """The problem at this place."""
        return Problem(place, str(self), self.told)

    def left_out(self, place: str) -> Problem:
        """The remark that a value beside the main ones is left out for it."""
        return Problem(place, f"{self}; left out", (*self.told, Told("left_out")) if self.told else ())


def unreadable(code: str, /, **values: str) -> Unreadable:
    """The refusal that one of `sentences.TEXTS` says, of these values."""
    told = Told(code, tuple(values.items()))
    return Unreadable(sentences.english(told), told)


def decimals(currency: str) -> int:
    """How many decimals the currency's amounts have, by ISO 4217. Refuses Unreadable."""
    try:
        return currencies.minor_units(currency)
    except currencies.UnknownCurrency:
        if not currency:
            raise unreadable("no_currency") from None
        raise unreadable("not_a_currency", text=shown(currency)) from None


def amount_minor(text: str, currency: str) -> int:
    """An unsigned decimal amount ("12.5", "8.850") in minor units of `currency`.

    Trailing zeros beyond the currency's decimals are dropped, anything else beyond them is refused, never
    rounded. Refuses Unreadable: no number, a sign, a comma, too many decimals, too large, no currency.
    Source: ISO 20022, ActiveOrHistoricCurrencyAndAmount (unsigned, a point, at most 18 digits).
    """
    places = decimals(currency)
    if places == 2 and text[-3:-2] == "." and len(text) <= _MAX_WHOLE_DIGITS:  # nearly all amounts; fast
        digits = text[:-3] + text[-2:]
        if digits.isdecimal() and digits.isascii():
            return int(digits)
    found = _AMOUNT.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        raise unreadable("not_an_amount", text=shown(text))
    whole, fraction = found[1].lstrip("0"), (found[2] or "").rstrip("0")
    if len(fraction) > places:
        raise unreadable("too_many_decimals", text=shown(text), currency=currency)
    if len(whole) > min(_MAX_WHOLE_DIGITS, _MAX_DIGITS - places):
        raise unreadable("too_large", text=shown(text))
    return int(whole + fraction.ljust(places, "0") or "0")


@lru_cache(maxsize=1024)
def day(text: str) -> datetime.date:
    """The day of a date or a date and time ("2026-11-20", "2026-11-20T09:30:00+01:00").

    It is the day as the bank wrote it: the bank's own calendar, not converted to another time zone.
    Refuses Unreadable. Source: XML Schema date and dateTime.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        raise Unreadable(f"{shown(text)} is not a date")
    try:
        return datetime.date.fromisoformat(found[1])
    except ValueError:
        raise unreadable("not_a_day", text=shown(text)) from None


def doubt(date: datetime.date) -> str:
    """Why a day, though it can be read, can hardly be a booking day; "" where it can."""
    if date.year in _YEARS:
        return ""
    return f"{date.isoformat()} can hardly be a booking day; taken as it stands"


def shown(text: str) -> str:
    """Foreign text as it may stand in a reason: quoted, one line, cut after 60 characters."""
    cut = text if len(text) <= 60 else text[:60] + "…"
    return '"' + "".join(c if c.isprintable() else "�" for c in cut) + '"'


def decimal_text(minor: int, currency: str) -> str:
    """Minor units for a person to read in a reason: "-12.50 SEK"."""
    try:
        places = decimals(currency)
    except Unreadable:
        return f"{minor} minor units"
    digits = str(abs(minor)).rjust(places + 1, "0")
    amount = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"{'-' if minor < 0 else ''}{amount} {currency}"
