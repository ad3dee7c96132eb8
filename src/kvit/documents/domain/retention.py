"""Until which day a document is kept, by its country's law; longer never hurts, shorter may be a crime."""

from calendar import isleap
from datetime import date
from enum import StrEnum
from typing import Final


class RetentionClass(StrEnum):
    """Why something is kept."""

    ACCOUNTING = "accounting"
    CLAIM = "claim"
    USE = "use"
    """The company's own picture or the like: as long as documents are to be drawn with it."""


VERIFIED_DATE: Final = date(2026, 3, 1)
"""When the terms below were last compared with the law."""

_LONGEST_YEARS: Final = 10
_CLAIM_YEARS_SE: Final = 10


def keep_until(kind: RetentionClass, *, country: str, day: date) -> date:
    """The last day on which a document of that day must still be there.

    Poland: until tax is barred, five years from the end of the year in which it fell due (Ordynacja podatkowa art. 70
    and 86; ustawa o rachunkowości art. 74), and income tax of a year falls due in the next one. Sweden: the seventh
    year after the calendar year in which the financial year ended (bokföringslagen 7:2); a financial year that goes
    over New Year ends in the next one, which is assumed, since it is not known here. Romania: five years from
    1 July of the year after (Legea contabilității 82/1991 art. 25, since 2024). Elsewhere ten years. A claim in Sweden
    is barred after ten years (preskriptionslagen 2 §) and its papers are kept as long; elsewhere the books' term is
    the longer one. What is merely used may go when it is used no more.
    """
    if kind is RetentionClass.USE:
        return day
    year = day.year
    if country == "SE":
        books = date(year + 8, 12, 31)
        return max(books, _years_after(day, _CLAIM_YEARS_SE)) if kind is RetentionClass.CLAIM else books
    if country == "PL":
        return date(year + 6, 12, 31)
    if country == "RO":
        return date(year + 6, 6, 30)
    return date(year + _LONGEST_YEARS, 12, 31)


def _years_after(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29) and not isleap(day.year + years)
    return date(day.year + years, 3, 1) if is_leap_day else day.replace(year=day.year + years)
