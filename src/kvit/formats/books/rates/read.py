"""Reads files of exchange rates, whichever of the four banks they come from: XML, JSON, CSV, or a ZIP of these."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from kvit.formats.bank import archive
from kvit.formats.bank.pieces import Stopped
from kvit.formats.books.rates import markup, table
from kvit.formats.books.rates.records import NoRate, Rate, Source, currency, day, number
from kvit.kernel.results import Problem, Read

MAX_BYTES: Final = 20_000_000
_PUBLISHED: Final = "effectiveDate"


def read(data: bytes, *, series: str = "") -> Read[Rate]:
    """All rates of a file held in memory, recognised from its content; never raises on what it holds.

    Each published rate is a record or a Problem; a day on which the bank states none (N/A) is neither. `series`
    names the currency of a Riksbank file that does not ("SEKEURPMI"). Sources: NBP Web API (table A), BNR
    nbrfxrates.xsd, ECB eurofxref, Riksbank SWEA.
    """
    if len(data) > MAX_BYTES:
        return Read((), (Problem("file", f"the file is larger than {MAX_BYTES} bytes"),))
    found = list(_found(data, series))
    if not found:
        found = [Problem("file", "no exchange rate stands in this file")]
    return Read(
        tuple(one for one in found if isinstance(one, Rate)),
        tuple(one for one in found if isinstance(one, Problem)),
    )


def _found(data: bytes, series: str) -> Iterator[Rate | Problem]:
    if data.startswith(b"PK\x03\x04"):
        for member in archive.members([data], MAX_BYTES):
            yield from [member] if isinstance(member, Problem) else _of_member(member, series)
        return
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"<"):
        yield from markup.read([data])
    elif start.startswith((b"[", b"{")):
        yield from _json(data, series)
    elif start.startswith(b"Date,"):
        yield from table.ecb(table.decoded(data))
    elif start[:7].lower().startswith((b"datum", b"period", b"date;")) or b";Grupp;" in start:
        yield from table.riksbank(table.decoded(data))
    else:
        yield Problem("file", "this is no file of exchange rates that is known here" if start else "the file is empty")


def _of_member(member: archive.Member, series: str) -> Iterator[Rate | Problem]:
    try:
        data = b"".join(member.pieces)
    except Stopped as refusal:
        yield Problem(member.name, str(refusal))
        return
    if data.startswith(b"PK"):
        yield Problem(member.name, "an archive inside an archive is not opened")
        return
    yield from _found(data, series)


def _json(data: bytes, series: str) -> Iterator[Rate | Problem]:
    try:
        whole: Any = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        yield Problem("file", f"this is no JSON: {str(error)[:80]}")
        return
    tables = whole if isinstance(whole, list) else [whole]
    for at, one in enumerate(tables, start=1):
        if not isinstance(one, dict):
            yield Problem(f"item {at}", "no table of rates")
        elif isinstance(one.get("rates"), list):
            for position, rate in enumerate(one["rates"], start=1):
                yield from _taken(f"item {at}, rate {position}", one, rate)
        else:
            yield from _observed(f"item {at}", one, series)


def _taken(place: str, around: dict[str, Any], rate: Any) -> Iterator[Rate | Problem]:
    """One rate of NBP: of a table of a day, or of a series of days."""
    try:
        if not isinstance(rate, dict):
            raise NoRate("no rate")
        yield Rate(
            place=place,
            source=Source.NBP,
            base=currency(_text(rate.get("code", around.get("code")))),
            quote="PLN",
            date=day(_text(rate.get(_PUBLISHED, around.get(_PUBLISHED)))),
            rate=number(_text(rate.get("mid"))),
            table=_text(rate.get("no", around.get("no"))),
        )
    except NoRate as refusal:
        yield Problem(place, str(refusal))


def _observed(place: str, one: dict[str, Any], series: str) -> Iterator[Rate | Problem]:
    """One observation of the Riksbank's interface."""
    try:
        base, multiplier = table.series(_text(one.get("seriesId")) or series)
        yield Rate(
            place=place,
            source=Source.RIKSBANK,
            base=base,
            quote="SEK",
            date=day(_text(one.get("date"))),
            rate=number(_text(one.get("value"))),
            multiplier=multiplier,
        )
    except NoRate as refusal:
        yield Problem(place, str(refusal))


def _text(value: object) -> str:
    """A JSON value as text; a number without an exponent."""
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 30 else ""
    return value if isinstance(value, str) else ""
