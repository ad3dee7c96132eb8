"""Rates in XML: BNR's DataSet, ECB's envelope of cubes, NBP's tables."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kvit.formats.bank import elements
from kvit.formats.bank.elements import Element
from kvit.formats.bank.pieces import Stopped
from kvit.formats.books.rates.records import NoRate, Rate, Source, currency, day, number
from kvit.kernel.results import Problem

_WANTED: Final = frozenset({"DataSet", "Cube", "ExchangeRatesTable", "tabela_kursow", "ExchangeRatesSeries"})


def read(data: Iterable[bytes]) -> Iterator[Rate | Problem]:
    """The rates of an XML file; each Rate, Cube or pozycja is a rate or a problem with its line."""
    count = 0
    try:
        for element in elements.walk(data, _WANTED):
            for found in _of(element):
                count += 1
                yield found
    except Stopped as refusal:
        yield Problem("file", f"reading stopped here: {refusal}; what stands before was kept")
        return
    if not count:
        yield Problem("file", "no exchange rate stands in this file")


def _of(element: Element) -> Iterator[Rate | Problem]:
    if "currency" in element.attributes and "rate" in element.attributes:
        yield from _taken(element, _ecb)
    elif element.name == "Cube":
        for one in element.all("Rate"):
            yield from _taken(one, lambda rate: _bnr(rate, element))
    elif element.name == "ExchangeRatesTable":
        rates = element.find("Rates")
        for one in rates.all("Rate") if rates else ():
            yield from _taken(one, lambda rate: _nbp(rate, element))
    elif element.name == "tabela_kursow":
        for one in element.all("pozycja"):
            yield from _taken(one, lambda rate: _nbp_old(rate, element))


def _taken(element: Element, make: Callable[[Element], Rate]) -> Iterator[Rate | Problem]:
    try:
        yield make(element)
    except NoRate as refusal:
        yield Problem(f"line {element.line}", str(refusal))


def _ecb(element: Element) -> Rate:
    around = element.around
    return Rate(
        place=f"line {element.line}",
        source=Source.ECB,
        base="EUR",
        quote=currency(element.attributes["currency"]),
        date=day(around.attributes.get("time", "") if around else ""),
        rate=number(element.attributes["rate"]),
    )


def _bnr(element: Element, cube: Element) -> Rate:
    return Rate(
        place=f"line {element.line}",
        source=Source.BNR,
        base=currency(element.attributes.get("currency", "")),
        quote="RON",
        date=day(cube.attributes.get("date", "")),
        rate=number(element.text),
        multiplier=_multiplier(element.attributes.get("multiplier", "1")),
    )


def _nbp(element: Element, table: Element) -> Rate:
    return Rate(
        place=f"line {element.line}",
        source=Source.NBP,
        base=currency(element.value("Code")),
        quote="PLN",
        date=day(table.value("EffectiveDate")),
        rate=number(element.value("Mid")),
        table=table.value("No"),
    )


def _nbp_old(element: Element, table: Element) -> Rate:
    return Rate(
        place=f"line {element.line}",
        source=Source.NBP,
        base=currency(element.value("kod_waluty")),
        quote="PLN",
        date=day(table.value("data_publikacji")),
        rate=number(element.value("kurs_sredni").replace(",", ".")),
        multiplier=_multiplier(element.value("przelicznik")),
        table=table.value("numer_tabeli"),
    )


def _multiplier(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 6 and int(text)):
        raise NoRate(f"{text[:40]!r} is not a number of units")
    return int(text)
