"""The statement line (:61:) and the balances of MT940 and MT942.

Source: SWIFT Standards MT, category 9, fields 60a, 61, 62a, 34F, 90a.
"""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kvit.formats.bank import fields as values
from kvit.formats.bank.fields import Unreadable, shown

# Value date, entry date, mark, third letter of the currency, amount, type, the references.
_ENTRY: Final = re.compile(
    r"(\d{6})(\d{4}|\s{4})?(R[CD]|E[CD]|[CD])([A-Z])?\s?([\d.,]{1,24})(?:\s?([NFS])(.{3}))?(.*)", re.ASCII
)
_BALANCE: Final = re.compile(r"([CD])(\d{6}|0{6})?([A-Z]{3})\s?([\d.,]{1,24})\s*", re.ASCII)
_SUM: Final = re.compile(r"(\d{1,5})([A-Z]{3})([\d.,]{1,24})\s*", re.ASCII)
_FLOOR: Final = re.compile(r"([A-Z]{3})[CD]?[\d.,]{1,24}\s*", re.ASCII)
_IS_CREDIT: Final = {"C": True, "D": False, "RC": False, "RD": True}
_REFERENCE_LENGTH: Final = 16
_NOT_STATED: Final = frozenset({"NONREF", "NOREF", "KREF+", "EREF+", "EREF", "KREF"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement line. `customer_reference` and `bank_reference` are "" where the bank states none.

    `overflow` is what stands behind the sixteen columns of the customer reference; some banks put a name there.
    """

    booking_date: datetime.date
    value_date: datetime.date | None
    amount_minor: int
    type_code: str
    customer_reference: str
    bank_reference: str
    overflow: str
    is_reversal: bool
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """A booked balance with its sign."""

    amount_minor: int
    currency: str
    date: datetime.date | None


def read(text: str, currency: str) -> Entry:
    """A :61: without its supplementary details. Refuses Unreadable.

    The booking day is the entry date (MMDD, in the year that brings it nearest to the value date), or the
    value date where there is none. RC takes back a credit, so it is booked as a debit; RD the other way.
    EC and ED are only expected. The letter behind the mark is the third one of the currency and not checked.
    """
    found = _ENTRY.match(text)
    if found is None:
        raise Unreadable(f"{shown(text)} is not a statement line (:61:)")
    valued, entered, mark, _, amount, kind, code, rest = found.groups("")
    if mark not in _IS_CREDIT:
        raise Unreadable(f"not booked, so no money has moved yet: only expected ({mark})")
    amount_minor = values.amount_minor(amount.replace(",", ".", 1), currency)
    booking_date, value_date, remarks = _dates(valued, entered.strip())
    customer, _, bank = rest.partition("//")
    return Entry(
        booking_date,
        value_date,
        amount_minor if _IS_CREDIT[mark] else -amount_minor,
        (kind + code).strip(),
        _stated(customer[:_REFERENCE_LENGTH] if not _is_one_word(customer) else customer),
        _stated(bank),
        customer[_REFERENCE_LENGTH:].strip() if not _is_one_word(customer) else "",
        mark[0] == "R",
        remarks,
    )


def balance(text: str) -> Balance:
    """A :60F:, :60M:, :62F: or :62M:. Refuses Unreadable."""
    found = _BALANCE.fullmatch(text)
    if found is None:
        raise Unreadable(f"{shown(text)} is not a balance")
    mark, day, currency, amount = found.groups("")
    amount_minor = values.amount_minor(amount.replace(",", ".", 1), currency)
    date = short_day(day) if day.strip("0") else None
    return Balance(amount_minor if mark == "C" else -amount_minor, currency, date)


def total(text: str) -> tuple[int, str, int]:
    """A :90C: or :90D:: how many, in which currency, how much. Refuses Unreadable."""
    found = _SUM.fullmatch(text)
    if found is None:
        raise Unreadable(f"{shown(text)} is not a count and a sum")
    return int(found[1]), found[2], values.amount_minor(found[3].replace(",", ".", 1), found[2])


def floor_currency(text: str) -> str:
    """The currency of a :34F:, "" where it cannot be read."""
    found = _FLOOR.fullmatch(text)
    return found[1] if found else ""


@lru_cache(maxsize=1024)
def short_day(text: str) -> datetime.date:
    """A day as YYMMDD; 70 to 99 are of the last century. Refuses Unreadable."""
    year = int(text[:2])
    try:
        return datetime.date(year + (1900 if year >= 70 else 2000), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise Unreadable(f"{shown(text)} is not a day of the calendar") from None


@lru_cache(maxsize=1024)
def _dates(valued: str, entered: str) -> tuple[datetime.date, datetime.date | None, tuple[tuple[str, str], ...]]:
    try:
        value_date = short_day(valued)
    except Unreadable as refusal:
        if not entered:
            raise
        return _near(entered, int(valued[:2]) + 2000, 0), None, (("value date", f"{refusal}; left out"),)
    if not entered:
        return value_date, value_date, ()
    return _near(entered, value_date.year, value_date.month), value_date, ()


def _near(entered: str, year: int, month: int) -> datetime.date:
    """MMDD in `year`, or in the year before or after it where that is nearer to `month`."""
    own = int(entered[:2])
    if month and own - month > 6:
        year -= 1
    elif month and month - own > 6:
        year += 1
    try:
        return datetime.date(year, own, int(entered[2:]))
    except ValueError:
        raise Unreadable(f"{shown(entered)} is not a day of the calendar") from None


def _is_one_word(text: str) -> bool:
    return len(text) <= _REFERENCE_LENGTH or " " not in text.strip()


def _stated(text: str) -> str:
    text = text.strip()
    return "" if text in _NOT_STATED else text
