"""Elements of a JPK as records."""

import datetime
import re
from typing import Final

from kvit.formats.bank import fields as values
from kvit.formats.bank.elements import Element
from kvit.formats.bank.fields import Unreadable, shown
from kvit.formats.books.jpk.records import Declaration, Header, Invoice, InvoiceRow, Order, RegisterRow

_POSITION: Final = re.compile(r"[PK]_\d+[A-Z]?(?:_\d)?", re.ASCII)
_AMOUNTS_OF_INVOICE: Final = re.compile(r"P_1[345]_\d+[A-Z]?|P_14_\d[A-Z]?", re.ASCII)


def header(element: Element, person: Element | None) -> Header:
    """Naglowek with Podmiot1."""
    form = element.find("KodFormularza")
    tax_id = name = ""
    if person is not None:
        who = next(iter(person.children), person)
        who = next((one for one in person.children if one.name.startswith(("Osoba", "Identyfikator"))), who)
        tax_id = who.value("NIP") or person.value("NIP")
        own = " ".join(filter(None, [who.value("ImiePierwsze"), who.value("Nazwisko")]))
        name = who.value("PelnaNazwa") or own or person.value("PelnaNazwa")
    return Header(
        place=f"line {element.line}",
        form=form.text if form else "",
        structure=form.attributes.get("kodSystemowy", "") if form else "",
        variant=element.value("WariantFormularza"),
        purpose=element.value("CelZlozenia"),
        office=element.value("KodUrzedu"),
        created=element.value("DataWytworzeniaJPK"),
        tax_id=tax_id,
        taxpayer=name,
        year=_whole(element.value("Rok")),
        month=_whole(element.value("Miesiac")),
        quarter=_whole(element.value("Kwartal")),
        from_date=_day(element.value("DataOd")),
        to_date=_day(element.value("DataDo")),
    )


def declaration(element: Element) -> Declaration:
    """Deklaracja. Refuses Unreadable: a position that is no amount."""
    stated = element.find("PozycjeSzczegolowe") or element
    positions: list[tuple[str, int]] = []
    other: list[tuple[str, str]] = []
    for one in stated.children:
        if one.name in _TEXTS or not _POSITION.fullmatch(one.name):
            other.append((one.name, one.text))
        else:
            positions.append((one.name, amount_minor(one.text, one.name)))
    amounts = dict(positions)
    form = element.find("Naglowek/KodFormularzaDekl")
    return Declaration(
        place=f"line {element.line}",
        form=form.text if form else "",
        structure=form.attributes.get("kodSystemowy", "") if form else "",
        variant=element.value("Naglowek/WariantFormularzaDekl"),
        due_minor=amounts.get("P_51"),
        refund_minor=amounts.get("P_54"),
        carried_minor=amounts.get("P_62"),
        positions=tuple(positions),
        other=tuple(other),
    )


_CHOICES: Final = "P_55 P_56 P_57 P_58 P_59 P_61 P_63 P_64 P_65 P_66 P_67 P_540 P_560 P_660 P_ORDZU"
# Positions of the declaration that are choices and texts, not amounts.
_TEXTS: Final = frozenset(_CHOICES.split())


def register_row(element: Element) -> RegisterRow:
    """SprzedazWiersz or ZakupWiersz. Refuses Unreadable: an amount or the day of the document that is none."""
    is_sale = element.name == "SprzedazWiersz"
    amounts, marks = [], []
    for one in element.children:
        if one.name.startswith("K_") and _POSITION.fullmatch(one.name):
            amounts.append((one.name, amount_minor(one.text, one.name)))
        elif one.text == "1" and one.name not in _NOT_MARKS:
            marks.append(one.name)
    party, document = ("Kontrahenta", "Sprzedazy") if is_sale else ("Dostawcy", "Zakupu")
    return RegisterRow(
        place=f"line {element.line}",
        is_sale=is_sale,
        number=element.value(f"Lp{document}"),
        party_id=element.value(f"Nr{party}"),
        party_country=element.value("KodKrajuNadaniaTIN"),
        party_name=element.value(f"Nazwa{party}"),
        document=element.value(f"Dowod{document}"),
        issue_date=_day(element.value("DataWystawienia", "DataZakupu")),
        event_date=_day(element.value("DataSprzedazy", "DataWplywu")),
        document_type=element.value("TypDokumentu", "DokumentZakupu"),
        ksef_number=element.value("NrKSeF"),
        due_date=_day(element.value("TerminPlatnosci")),
        payment_date=_day(element.value("DataZaplaty")),
        amounts=tuple(amounts),
        marks=tuple(marks),
    )


_NAMES: Final = (
    "LpSprzedazy LpZakupu NrKontrahenta NrDostawcy DowodSprzedazy DowodZakupu NazwaKontrahenta NazwaDostawcy"
)
_NOT_MARKS: Final = frozenset(_NAMES.split())


def invoice(element: Element) -> Invoice:
    """Faktura. Refuses Unreadable: no number, no day, no currency, an amount that is none."""
    value = element.value
    date, currency = _day(value("P_1")), value("KodWaluty")
    if date is None or not value("P_2A"):
        raise Unreadable("the invoice's number (P_2A) or day (P_1) is missing")
    amounts = tuple(
        (one.name, amount_minor(one.text, one.name, currency))
        for one in element.children
        if _AMOUNTS_OF_INVOICE.fullmatch(one.name)
    )
    return Invoice(
        place=f"line {element.line}",
        number=value("P_2A"),
        issue_date=date,
        currency=currency,
        gross_minor=amount_minor(value("P_15"), "P_15", currency),
        seller_name=value("P_3C"),
        seller_id=value("P_4B"),
        buyer_name=value("P_3A"),
        buyer_id=value("P_5B"),
        buyer_country=value("P_5A"),
        sale_date=_day(value("P_6")),
        kind=value("RodzajFaktury"),
        corrected_number=value("NrFaKorygowanej"),
        correction_reason=value("PrzyczynaKorekty"),
        amounts=amounts,
    )


def invoice_row(element: Element) -> InvoiceRow:
    """FakturaWiersz. Its currency is that of the invoice, which two decimals are assumed for, as the schema does.

    Refuses Unreadable.
    """
    value = element.value
    return InvoiceRow(
        place=f"line {element.line}",
        invoice=value("P_2B"),
        name=value("P_7"),
        unit=value("P_8A"),
        quantity=value("P_8B"),
        net_minor=amount_minor(value("P_11"), "P_11") if value("P_11") else None,
        gross_minor=amount_minor(value("P_11A"), "P_11A") if value("P_11A") else None,
        vat_rate=value("P_12"),
    )


def order(element: Element) -> Order:
    """Zamowienie. Refuses Unreadable."""
    worth = element.value("WartoscZamowienia")
    return Order(
        place=f"line {element.line}",
        invoice=element.value("P_2AZ"),
        value_minor=amount_minor(worth, "WartoscZamowienia") if worth else None,
        row_count=len(element.all("ZamowienieWiersz")),
    )


def amount_minor(text: str, name: str, currency: str = "PLN") -> int:
    """A signed amount of a JPK in hundredths. Refuses Unreadable, naming the position."""
    try:
        minor = values.amount_minor(text.removeprefix("-"), currency)
    except Unreadable as refusal:
        raise Unreadable(f"{name}: {refusal}") from None
    return -minor if text.startswith("-") else minor


def _day(text: str) -> datetime.date | None:
    return values.day(text) if text else None


def _whole(text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Unreadable(f"{shown(text)} is not a number")
    return int(text) if text else None
