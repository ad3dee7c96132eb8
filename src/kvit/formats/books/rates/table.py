"""Rates in CSV: ECB's table of a day or of all days, and what the Riksbank's search exports."""

import datetime
import re
from collections.abc import Iterator
from typing import Final

from kvit.formats import encoding
from kvit.formats.books.rates.records import NoRate, Rate, Source, currency, day, number
from kvit.kernel.results import Problem

_NAMES: Final = "January February March April May June July August September October November December"
_MONTHS: Final = _NAMES.split()
_SERIES: Final = re.compile(r"(?:(\d{1,6})\s+)?([A-Z]{3})\b|SEK([A-Z]{3})PMI", re.ASCII)
_RIKSBANK_COLUMNS: Final = 4


def ecb(text: str) -> Iterator[Rate | Problem]:
    """ECB: a header "Date,USD,JPY ...", a row for each day; N/A and empty cells are days without a rate."""
    lines = text.splitlines()
    header = [cell.strip() for cell in lines[0].split(",")] if lines else []
    for number_of_row, line in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in line.split(",")]
        if not any(cells):
            continue
        try:
            date = _day(cells[0])
        except NoRate as refusal:
            yield Problem(f"line {number_of_row}", str(refusal))
            continue
        for at, cell in enumerate(cells[1:], start=1):
            if cell in ("", "N/A"):
                continue
            place = f"line {number_of_row}, column {at + 1}"
            try:
                quote = currency(header[at]) if at < len(header) else currency("")
                yield Rate(place=place, source=Source.ECB, base="EUR", quote=quote, date=date, rate=number(cell))
            except NoRate as refusal:
                yield Problem(place, str(refusal))


def riksbank(text: str) -> Iterator[Rate | Problem]:
    """Riksbank: "Datum;Grupp;Serie;Värde" below at most a few titles; the series is "1 EUR", "100 JPY" or an id.

    "n/a" is a day without a rate.
    """
    for at, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip().strip('"') for cell in re.split(r"[;\t]", line)]
        if len(cells) < _RIKSBANK_COLUMNS or not cells[0][:1].isdigit():
            if at > 3 and any(cells):
                yield Problem(f"line {at}", "no row of day, group, series and value")
            continue
        if cells[3].casefold() in ("n/a", ""):
            continue
        try:
            yield _riksbank_rate(cells, f"line {at}")
        except NoRate as refusal:
            yield Problem(f"line {at}", str(refusal))


def series(text: str) -> tuple[str, int]:
    """The currency and the units of a Riksbank series: "100 JPY" or "SEKJPYPMI". Refuses NoRate.

    An id says nothing of units: the interface that uses ids states all rates for one unit.
    """
    found = _SERIES.search(text)
    if found is None:
        raise NoRate(f"{text[:40]!r} is no series of exchange rates")
    return currency(found[2] or found[3]), int(found[1] or 1)


def decoded(data: bytes) -> str:
    """The text of a CSV in whatever code page it is."""
    return data.decode(encoding.guess(data).removesuffix("-sig"), errors="replace").removeprefix("\ufeff")


def _riksbank_rate(cells: list[str], place: str) -> Rate:
    base, multiplier = series(cells[2])
    return Rate(
        place=place,
        source=Source.RIKSBANK,
        base=base,
        quote="SEK",
        date=day(cells[0]),
        rate=number(cells[3].replace(" ", "").replace(",", ".")),
        multiplier=multiplier,
    )


def _day(text: str) -> datetime.date:
    """A day as 2026-04-13 or "13 April 2026"."""
    words = text.split()
    if len(words) == 3 and words[1] in _MONTHS and words[0].isdecimal() and words[2].isdecimal():
        try:
            return datetime.date(int(words[2]), _MONTHS.index(words[1]) + 1, int(words[0]))
        except (ValueError, OverflowError):  # a year beyond the calendar; one beyond what a machine counts
            raise NoRate(f"{text[:40]!r} is not a day of the calendar") from None
    return day(text)
