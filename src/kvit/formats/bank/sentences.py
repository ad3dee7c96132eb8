"""What readers of amounts, days and columns say, by code: in English here, in other languages on the pages."""

from collections.abc import Mapping
from typing import Final

from kvit.kernel.results import Problem, Told

TEXTS: Final[Mapping[str, str]] = {
    "no_currency": "the currency is missing",
    "not_a_currency": "%(text)s is not a currency",
    "not_an_amount": "%(text)s is not an amount",
    "too_many_decimals": "%(text)s has more decimals than %(currency)s has",
    "too_large": "%(text)s is too large to be an amount",
    "not_a_day": "%(text)s is not a day of the calendar",
    "not_a_date": "%(text)s is not a date (%(date_format)s)",
    "quote_open": "a quote is opened and not closed",
    "no_row": "no line of a CSV file: %(text)s",
    "too_many_columns": "more than %(count)s columns",
    "too_many_cells": "%(count)s cells stand here, the header names %(named)s; a sign inside a text?",
    "not_booked": "not booked, so no money has moved yet: %(text)s",
    "no_booking_day": "the booking day is missing",
    "unlikely_day": "%(date)s can hardly be a booking day; taken as it stands",
    "no_mark": "%(text)s says neither credit nor debit",
    "mark_and_minus": "%(text)s has a minus, and %(mark)s says that money came in; which holds?",
    "no_debit_nor_credit": "neither debit nor credit states an amount",
    "debit_and_credit": "both debit (%(debit)s) and credit (%(credit)s) state an amount",
    "no_currency_named": "neither the row nor the profile names the currency",
    "no_header": "no line names the columns of %(profile)s",
    "balance_breaks": "the balance does not follow from the amounts, first at %(place)s (%(times)s in all): a row is"
    " missing or doubled there",
    "balances_differ": "opening balance %(first)s and lines of %(lines)s make %(made)s, the closing balance is"
    " %(last)s: a difference of %(difference)s",
    "empty_column": "every cell of this column is empty",
    "no_such_column": "no line names this column",
    "left_out": "left out",
    "stopped": "reading stopped here: %(text)s; what stands before was kept",
    "two_columns": "two columns are named as %(role)s",
    "no_date_column": "no column is named as the booking date",
    "no_amount_column": "no column is named as the amount, nor two as debit and credit",
    "no_marks": "it is not said which marks mean credit and which debit",
    "two_roles": "a column has two roles",
}
"""Values are finished text: foreign text in quotes, numbers, places ("line 3"), a format of dates, a role."""


def english(told: Told) -> str:
    """The sentence as reports and the command line say it."""
    return TEXTS[told.code] % dict(told.values)


def problem(place: str, code: str, /, **values: str) -> Problem:
    """A problem that one of the sentences says."""
    told = Told(code, tuple(values.items()))
    return Problem(place, english(told), (told,))
