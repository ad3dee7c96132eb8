"""What a reader of bank files could not take, and where it stands, in the reader's words."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kvit.kernel.results import Problem, Told
from kvit.pages.words import N_, gettext

TEXTS: Final[Mapping[str, str]] = {
    "no_currency": N_("The currency is missing."),
    "not_a_currency": N_("%(text)s is not a currency."),
    "not_an_amount": N_("%(text)s is not an amount."),
    "too_many_decimals": N_("%(text)s has more decimals than %(currency)s has."),
    "too_large": N_("%(text)s is too large to be an amount."),
    "not_a_day": N_("%(text)s is not a day of the calendar."),
    "not_a_date": N_("%(text)s is not a day written like %(date_format)s."),
    "quote_open": N_("A quotation mark is opened and not closed."),
    "no_row": N_("This is not a row of columns."),
    "too_many_columns": N_("The row has more than %(count)s columns."),
    "too_many_cells": N_("%(count)s cells stand here, but the line of names has %(named)s; is a separator in a text?"),
    "not_booked": N_("Not booked, so no money has moved yet: %(text)s."),
    "no_booking_day": N_("The booking day is missing."),
    "unlikely_day": N_("%(date)s can hardly be a booking day; it is taken as it stands."),
    "no_mark": N_("%(text)s says neither money in nor money out."),
    "mark_and_minus": N_("%(text)s has a minus, but %(mark)s says that money came in: which of them holds?"),
    "no_debit_nor_credit": N_("Neither money in nor money out states an amount."),
    "debit_and_credit": N_("Both money out (%(debit)s) and money in (%(credit)s) state an amount."),
    "no_currency_named": N_("Neither the row nor the account tells the currency."),
    "no_header": N_("No line of the file has all the columns that were chosen."),
    "balance_breaks": N_(
        "The balance does not follow from the amounts (first at %(place)s; %(times)s in all): a row is missing there or"
        " stands twice."
    ),
    "balances_differ": N_(
        "The opening balance %(first)s and the movements of %(lines)s make %(made)s; the closing balance is %(last)s,"
        " a difference of %(difference)s."
    ),
    "empty_column": N_("Every cell of this column is empty."),
    "no_such_column": N_("No line of the file names this column."),
    "left_out": N_("It is left out."),
    "stopped": N_("Reading stopped here; what stands before was kept."),
    "two_columns": N_("Two columns are chosen for the same thing."),
    "no_date_column": N_("Choose the column of the booking date."),
    "no_amount_column": N_("Choose the column of the amount, or one for money in and one for money out."),
    "no_marks": N_("Say which values mean money in and which money out."),
    "two_roles": N_("A column is chosen twice."),
}
"""By the codes of `kvit.formats.bank.sentences`; values stand in them as they came."""

DAYS: Final[Mapping[str, str]] = {
    "YYYY-MM-DD": "2026-03-31",
    "DD.MM.YYYY": "31.03.2026",
    "DD-MM-YYYY": "31-03-2026",
    "DD/MM/YYYY": "31/03/2026",
    "MM/DD/YYYY": "03/31/2026",
    "YYYY/MM/DD": "2026/03/31",
    "YYYYMMDD": "20260331",
}
"""The last day of March 2026 in each format: needs no letters of any language."""

_PLACES: Final = (
    (re.compile(r"line (\d+)"), N_("row %(number)s")),
    (re.compile(r"line (\d+), value date"), N_("row %(number)s, value date")),
    (re.compile(r"line (\d+), booking date"), N_("row %(number)s, booking date")),
    (re.compile(r"line (\d+), balance"), N_("row %(number)s, balance")),
    (re.compile(r"line (\d+), opening"), N_("row %(number)s, opening balance")),
    (re.compile(r"line (\d+), closing"), N_("row %(number)s, closing balance")),
    (re.compile(r"after line (\d+)"), N_("after row %(number)s")),
)


def place(text: str) -> str:
    """Where in a file of columns something stands; any other place as its reader wrote it."""
    if text == "file":
        return gettext("the file")
    for pattern, known in _PLACES:
        if found := pattern.fullmatch(text):
            return gettext(known) % {"number": found[1]}
    return text


def reason(problem: Problem) -> str:
    """Why it could not be taken; in the reader's own English where that gave no codes."""
    return sentences(problem.told) or problem.reason


def sentences(told: Sequence[Told]) -> str:
    """What the codes and values say, sentence by sentence; "" where one of them has no words."""
    if any(one.code not in TEXTS for one in told):
        return ""
    return " ".join(gettext(TEXTS[one.code]) % _written(one) for one in told)


def _written(told: Told) -> dict[str, str]:
    values = dict(told.values)
    if "place" in values:
        values["place"] = place(values["place"])
    if "date_format" in values:
        values["date_format"] = DAYS.get(values["date_format"], values["date_format"])
    return values
