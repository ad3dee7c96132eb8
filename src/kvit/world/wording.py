"""What payers write into the fields of a payment, in the words of their country."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvit.kernel.identifiers import rf
from kvit.world.bills import Bill
from kvit.world.chance import happens, pick
from kvit.world.companies import Company, Dialect, Route, Trade
from kvit.world.slips import shortened, slipped


@dataclass(frozen=True, slots=True)
class Words:
    """The reference and the text of a payment; `in_parts`: the references stand one by one, with amounts."""

    reference: str
    text: str
    in_parts: bool = False


_INVOICE: Final[Mapping[str, Sequence[str]]] = {
    "SE": ("Faktura {}", "Fakturanr {}", "Fakt {}", "{}", "Avser faktura {}"),
    "PL": ("Zapłata za fakturę {}", "FV {}", "Opłata za fakturę nr {}", "Faktura {}", "{}"),
    "RO": ("Plata factura {}", "CV FACT {}", "Factura nr. {}", "fact {}", "{}"),
}
_INVOICES: Final = {"SE": "Fakturor {}", "PL": "Zapłata za faktury {}", "RO": "Plata facturi {}"}
_WITH_REFERENCE: Final[Mapping[str, Sequence[str]]] = {
    "SE": ("OCR {}", "{}", "ref {}"),
    "PL": ("Faktura, ref. {}", "{}", "Tytułem: {}", "zapłata {}"),
    "RO": ("Plata ref {}", "{}", "ref. plata {}"),
}
_NO_REFERENCE: Final[Mapping[Trade, Sequence[str]]] = {
    Trade.TELECOM: ("bredband", "internet", "faktura", "räkning", ""),
    Trade.CLINIC: ("läkarbesök", "vårdcentralen", "faktura", "besök", ""),
    Trade.ENERGY: ("opłata za prąd", "energia", "rachunek za prąd", "czynsz i prąd", "zapłata"),
    Trade.TRACKING: ("abonament GPS", "plata factura", "monitorizare auto", "cf. contract"),
}


def by_reference(company: Company, route: Route, reference: str, number: str, source: random.Random) -> tuple[str, str]:
    """(structured reference, text) of somebody who quotes the reference, right or mistyped."""
    dialect = company.account(route.account).dialect
    structured = {Dialect.BGMAX: 100, Dialect.CAMT_SE: 55, Dialect.CAMT_PL: 25, Dialect.CAMT_RO: 45}.get(dialect, 0)
    if happens(source, structured):
        return reference, ""
    if company.country != "SE" and happens(source, 30):
        reference = rf.format(reference)
    if happens(source, 30):
        return "", f"{_phrase(_INVOICE, company, source).format(number)} {reference}"
    return "", _phrase(_WITH_REFERENCE, company, source).format(reference)


def by_number(company: Company, number: str, source: random.Random) -> str:
    """The text of somebody who quotes the invoice's number in place of its reference."""
    return _phrase(_INVOICE, company, source).format(shortened(number, source))


def without_reference(company: Company, source: random.Random) -> str:
    """The text of somebody who quotes nothing."""
    return source.choice(_NO_REFERENCE[company.trade])


def of_several(company: Company, route: Route, bills: Sequence[Bill], source: random.Random) -> Words:
    """What somebody writes who pays several bills at once: all references, all numbers, or a word."""
    if len(bills) == 1:
        return Words(*by_reference(company, route, bills[0].reference, bills[0].number, source))
    dialect = company.account(route.account).dialect
    ways = (("parts", 45), ("numbers", 30), ("references", 15), ("nothing", 10))
    way = pick(source, ways)
    if way == "parts" and dialect in (Dialect.BGMAX, Dialect.CAMT_SE, Dialect.CAMT_RO):
        return Words("", "", in_parts=True)
    if way == "nothing":
        return Words("", without_reference(company, source))
    listed = [bill.reference if way == "references" else bill.number for bill in bills]
    return Words("", _INVOICES[company.country].format(", ".join(listed)))


def of_some(company: Company, route: Route, bills: Sequence[Bill], source: random.Random) -> Words:
    """The same from somebody who forgets: all of them, half of them, the first one, or a word; lists have slips too."""
    way = pick(source, (("all", 50), ("half", 12), ("first", 13), ("nothing", 25)))
    if way == "all" or len(bills) == 1:
        return of_several(company, route, bills, source)
    if way == "nothing":
        return Words("", without_reference(company, source))
    named = bills[: max(1, len(bills) // 2)] if way == "half" else bills[:1]
    listed = [slipped(b.reference, source) if happens(source, 3) else b.reference for b in named]
    return Words("", _INVOICES[company.country].format(", ".join(listed)))


_DISPUTES: Final = {
    "SE": ("reklamation från kunden", "Nedsättning efter reklamation"),
    "PL": ("reklamacja klienta", "Obniżka po reklamacji"),
    "RO": ("reclamația clientului", "Reducere în urma reclamației"),
}


def dispute(company: Company) -> str:
    """The reason that stands on a credit note."""
    return _DISPUTES[company.country][0]


def reduction(company: Company) -> str:
    """The line of a credit note for a part of an invoice."""
    return _DISPUTES[company.country][1]


_COMPLAINTS: Final = {
    "SE": (
        "Det stämmer inte med vad vi kom överens om.",
        "En del av det här har vi inte fått.",
        "Se vårt mejl i måndags.",
    ),
    "PL": ("To się nie zgadza z tym, co ustaliliśmy.", "Części z tego nie otrzymaliśmy.", "Proszę sprawdzić ilość."),
    "RO": ("Nu corespunde cu ce am stabilit.", "O parte nu am primit.", "Vă rugăm să verificați cantitatea."),
}
_PROMISED: Final = {
    "SE": ("Vi väntar själva på en betalning.", "Lönen kommer den 25:e.", ""),
    "PL": ("Sami czekamy na przelew.", "Zapłacę po wypłacie.", ""),
    "RO": ("Așteptăm și noi o încasare.", "Plătesc după salariu.", ""),
}
_REQUESTS: Final = {
    "SE": ("Kan vi få några dagar till?", "Vår ekonomiansvarige är på semester."),
    "PL": ("Czy możemy dostać kilka dni więcej?", "Nasza księgowa jest na urlopie."),
    "RO": ("Ne puteți acorda câteva zile în plus?", "Contabila noastră este în concediu."),
}
_BANKS: Final = {
    "SE": ("Swedbank", "Handelsbanken", "SEB", "Nordea"),
    "PL": ("PKO BP", "mBank", "ING", "Pekao"),
    "RO": ("BT", "BCR", "BRD", "ING"),
}


def complaint(company: Company, source: random.Random) -> str:
    """What somebody writes who disputes an invoice."""
    return _phrase(_COMPLAINTS, company, source)


def promise(company: Company, source: random.Random) -> str:
    """What somebody writes who promises to pay; most write nothing."""
    return _phrase(_PROMISED, company, source)


def request(company: Company, source: random.Random) -> str:
    """What somebody writes who asks for more time."""
    return _phrase(_REQUESTS, company, source)


def bank(company: Company, source: random.Random) -> str:
    """The bank that somebody says they paid from."""
    return _phrase(_BANKS, company, source)


def _phrase(phrases: Mapping[str, Sequence[str]], company: Company, source: random.Random) -> str:
    return source.choice(phrases[company.country])
