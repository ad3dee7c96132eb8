"""Whom the companies of the world do larger business with: what is ordered, estimated, agreed and bought there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Ware = tuple[str, str, str]
"""What it is, its unit, its net price in whole units of the currency."""


@dataclass(frozen=True, slots=True)
class Business:
    """One company's partners and what is between them, in its own words.

    `partners` are three firms that order, have estimates and contracts; `supplier` is one for which the company makes
    out the invoices. `project` is what estimates are of; `bought` what the supplier does for the company.
    """

    partners: tuple[str, str, str]
    supplier: str
    goods: tuple[Ware, Ware]
    project: tuple[Ware, Ware]
    service: Ware
    bought: Ware
    indexed: str
    corrected: str
    less_bought: str
    deposits: str


BUSINESS: Final[Mapping[str, Business]] = {
    "nordljus": Business(
        partners=("Fastighets AB Skeppsbron", "Umeå Kontorshotell AB", "Bostadsrättsföreningen Norrskenet"),
        supplier="Fiberteknik i Norr AB",
        goods=(("Router Wi-Fi 6 Pro", "st", "1289.30"), ("Fiberuttag med montering", "st", "947.70")),
        project=(("Fiberinstallation, fastighet", "st", "38615"), ("Nätskåp och switchar", "st", "12437.50")),
        service=("Fastighetsfiber, fast avgift", "mån", "4317.40"),
        bought=("Fiberinstallationer", "h", "612.80"),
        indexed="KPI, oktober",
        corrected="Fel antal",
        less_bought="Två timmar för mycket",
        deposits="Ingående förskott från kunder",
    ),
    "linden": Business(
        partners=("Norrfrakt Åkeri AB", "Ådalens Utbildning AB", "Björks Byggnads AB"),
        supplier="Läkarkonsult Hedlund AB",
        goods=(("Vaccinationer på plats", "st", "341.70"), ("Arbetsplatsbesök", "h", "1187.30")),
        project=(("Hälsoundersökning, grundpaket", "pers", "1943"), ("Ergonomisk genomgång", "st", "8715.50")),
        service=("Företagshälsovård, fast avgift", "mån", "6241.90"),
        bought=("Läkararvode", "h", "1126.40"),
        indexed="AKI, oktober",
        corrected="Fel antal",
        less_bought="Två timmar för mycket",
        deposits="Ingående förskott från kunder",
    ),
    "promien": Business(
        partners=("Piekarnia Zdrój sp. z o.o.", "Hotel Pod Lipami sp. z o.o.", "Drukarnia Ołówek sp. z o.o."),
        supplier="Elektromontaż Wisła sp. z o.o.",
        goods=(("Licznik trójfazowy", "szt", "413.70"), ("Wymiana zabezpieczeń", "h", "187.30")),
        project=(("Instalacja fotowoltaiczna", "szt", "27415"), ("Falownik z montażem", "szt", "6943.50")),
        service=("Opłata za moc umowną", "mies", "1243.60"),
        bought=("Prace elektromontażowe", "h", "142.80"),
        indexed="Wskaźnik cen GUS",
        corrected="Błędna ilość",
        less_bought="Zawyżono o dwie godziny",
        deposits="Zaliczki z poprzedniego systemu",
    ),
    "traseu": Business(
        partners=("Transilvan Cargo SRL", "Pâine și Sare SRL", "Dacica Construct SRL"),
        supplier="Instal GPS Service SRL",
        goods=(("Dispozitiv GPS FT-300", "buc", "317.40"), ("Montaj la sediul clientului", "h", "94.70")),
        project=(("Echipare flotă, dispozitive", "buc", "6215"), ("Instruire dispeceri", "h", "214.50")),
        service=("Monitorizare flotă, abonament", "luna", "1137.30"),
        bought=("Montaj dispozitive", "h", "71.60"),
        indexed="Indicele INS",
        corrected="Cantitate greșită",
        less_bought="Două ore în plus",
        deposits="Avansuri din sistemul anterior",
    ),
}
"""What each company of the world has to do with its partners, by its code."""
OPENING_NUMBER: Final[Mapping[str, str]] = {"SE": "2998", "PL": "249", "RO": "891"}
"""Under which number the accountant has what was there before Kvit, by country."""
