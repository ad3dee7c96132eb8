"""A table of varied invoices: each feature of EN 16931 in an invoice of Sweden, of Poland and of Romania."""

from collections.abc import Iterator
from dataclasses import dataclass

import einvoice_papers
import einvoice_taxes
from einvoice_features import FEATURES
from einvoice_homes import HOMES, Home
from kvit.formats.einvoice.calculation import calculate, normalize
from kvit.formats.einvoice.model import Invoice

MODULES = (einvoice_taxes, einvoice_papers)
"""Where the features are entered."""


@dataclass(frozen=True)
class Case:
    """An invoice that is right, and where it applies: "peppol" besides UBL and CII, "cius-ro", "fa3"."""

    name: str
    home: Home
    invoice: Invoice

    @property
    def is_for_peppol(self) -> bool:
        """Whether Peppol takes it: no kinds for Germans only, one note, Swedish rates are Swedish."""
        return self.invoice.kind not in ("384", "326", "751") and len(self.invoice.notes) < 2


def cases(country: str = "") -> Iterator[Case]:
    """Every feature in every country, calculated."""
    for home in HOMES:
        if country in ("", home.country):
            for name, make in sorted(FEATURES.items(), key=lambda item: (item[0] != "plain", item[0])):
                made = make(home)
                rate = home.exchange_rate if made.accounting_currency else None
                whole = calculate(normalize(made), exchange_rate=rate, round_cash=name == "rounded")
                yield Case(f"{home.country}-{name}", home, whole)
