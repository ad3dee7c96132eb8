"""Lines of a CSV as rows of cells, and cells as days and amounts: exact, or refused with a reason."""

import csv
import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kvit.formats.bank import fields as values
from kvit.formats.bank import sentences
from kvit.formats.bank.fields import shown, unreadable
from kvit.formats.bank.tabular.profile import Profile
from kvit.kernel.results import Problem, Told

MAX_COLUMNS: Final = 500
_MAX_LINES_OF_A_ROW: Final = 20
_BLANKS: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_NUMBER: Final = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?", re.ASCII)
_CURRENCY: Final = re.compile(r"^[A-Z]{3}(?=[\s\d+-])|(?<=[\s\d])[A-Za-z]{2,3}\.?$")
_DATES: Final = {
    "YYYY-MM-DD": (re.compile(r"(\d{4})-(\d\d?)-(\d\d?)", re.ASCII), (1, 2, 3)),
    "YYYY/MM/DD": (re.compile(r"(\d{4})[/-](\d\d?)[/-](\d\d?)", re.ASCII), (1, 2, 3)),
    "YYYYMMDD": (re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII), (1, 2, 3)),
    "DD.MM.YYYY": (re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII), (3, 2, 1)),
    "DD-MM-YYYY": (re.compile(r"(\d\d?)-(\d\d?)-(\d{4})", re.ASCII), (3, 2, 1)),
    "DD/MM/YYYY": (re.compile(r"(\d\d?)/(\d\d?)/(\d{4})", re.ASCII), (3, 2, 1)),
    "MM/DD/YYYY": (re.compile(r"(\d\d?)/(\d\d?)/(\d{4})", re.ASCII), (3, 1, 2)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line, and its cells without blanks around; `damage` where it is none."""

    number: int
    cells: tuple[str, ...]
    damage: Told | None = None

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"line {self.number}"

    def problem(self, damage: Told) -> Problem:
        """That it is no row."""
        return Problem(self.place, sentences.english(damage), (damage,))


def rows(lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Row]:
    """Rows of numbered lines. A quoted cell may hold line ends, but only twenty: a quote that nothing closes
    would else swallow the rest of the file; then its line is damaged and the next one a row of its own.
    """
    waiting: list[tuple[int, str]] = []
    quotes = 0
    for numbered in lines:
        waiting.append(numbered)
        quotes += numbered[1].count('"')
        if quotes % 2 == 0:
            yield _row(waiting, delimiter)
            waiting, quotes = [], 0
        elif len(waiting) > _MAX_LINES_OF_A_ROW:
            yield from _given_up(waiting, delimiter)
            waiting, quotes = [], 0
    yield from _given_up(waiting, delimiter)


def _given_up(waiting: list[tuple[int, str]], delimiter: str) -> Iterator[Row]:
    """Lines that nothing puts together: each by itself, those with an odd number of quotes damaged."""
    for number, line in waiting:
        if line.count('"') % 2:
            yield Row(number, (), Told("quote_open"))
        else:
            yield _row([(number, line)], delimiter)


def _row(lines: list[tuple[int, str]], delimiter: str) -> Row:
    number = lines[0][0]
    text = "\n".join(line for _, line in lines)
    try:
        cells = next(csv.reader([text] if len(lines) == 1 else text.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error as error:
        return Row(number, (), Told("no_row", (("text", str(error)),)))
    if len(cells) > MAX_COLUMNS:
        return Row(number, (), Told("too_many_columns", (("count", str(MAX_COLUMNS)),)))
    return Row(number, tuple(" ".join(cell.split()) for cell in cells))


def amount_minor(text: str, profile: Profile, currency: str) -> int:
    """A signed amount as the profile writes it, in minor units of `currency`. Refuses Unreadable.

    A currency behind or before the number is passed over. Between thousands stand groups of three digits or
    nothing: "1,23" is no amount where the comma separates thousands.
    """
    bare = _BLANKS.sub("", _CURRENCY.sub("", text.strip()).replace("\u2212", "-"))
    if profile.thousands in (",", ".") and profile.thousands in bare:
        whole, point, fraction = bare.partition(profile.decimal)
        groups = whole.lstrip("+-").split(profile.thousands)
        if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:]):
            raise unreadable("not_an_amount", text=shown(text))
        bare = whole.replace(profile.thousands, "") + point + fraction
    found = _NUMBER.fullmatch(
        bare.replace(profile.decimal, ".", 1) if profile.decimal == "," and "." not in bare else bare
    )
    if found is None or (profile.decimal == "," and "." in bare):
        raise unreadable("not_an_amount", text=shown(text))
    if found[3] and len(found[3]) > values.decimals(currency):  # "1,000" may mean a thousand
        raise unreadable("too_many_decimals", text=shown(text), currency=currency)
    minor = values.amount_minor(f"{found[2]}.{found[3] or ''}", currency)
    return -minor if found[1] == "-" else minor


@lru_cache(maxsize=4096)
def day(text: str, date_format: str) -> datetime.date:
    """A day as the format says; a time behind it is passed over. Refuses Unreadable."""
    pattern, order = _DATES[date_format]
    found = pattern.match(text)
    if found is None or text[found.end() : found.end() + 1] not in ("", " ", "T"):
        raise unreadable("not_a_date", text=shown(text), date_format=date_format)
    try:
        return datetime.date(*(int(found[group]) for group in order))
    except ValueError:
        raise unreadable("not_a_day", text=shown(text)) from None
