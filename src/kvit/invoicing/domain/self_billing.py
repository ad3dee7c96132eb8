"""How a supplier accepts what is made out in its name: the clause of an agreement, in its country's words.

Directive 2006/112/EC art. 224 asks for a prior agreement and a procedure for the acceptance of each invoice; silence
for an agreed time may be one.
"""

from dataclasses import dataclass
from typing import Final

LONGEST_PREFIX: Final = 18
"""Of the series of an agreement."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The words of an agreement where each invoice is accepted expressly, and where silence for some days does it."""

    language: str
    expressly: str
    silently: str
    law: str


_ENGLISH: Final = Clause(
    "en",
    "The supplier accepts each invoice expressly.",
    "The supplier accepts each invoice; no objection within {days} of its arrival is acceptance.",
    "Directive 2006/112/EC art. 224",
)
CLAUSES: Final = {
    "PL": Clause(
        "pl",
        "Sprzedawca wyraźnie akceptuje każdą fakturę.",
        "Sprzedawca akceptuje każdą fakturę; brak zastrzeżeń w ciągu {days} od otrzymania faktury oznacza jej "
        "akceptację.",
        "ustawa o VAT art. 106d ust. 1",
    ),
    "SE": Clause(
        "sv",
        "Säljaren godkänner varje faktura uttryckligen.",
        "Säljaren godkänner varje faktura; görs ingen invändning inom {days} från mottagandet är den godkänd.",
        "ML (2023:200) 17 kap. 15 §",
    ),
    "RO": Clause(
        "ro",
        "Furnizorul acceptă în mod expres fiecare factură.",
        "Furnizorul acceptă fiecare factură; lipsa obiecțiilor în termen de {days} de la primire înseamnă acceptarea "
        "ei.",
        "Codul fiscal art. 319",
    ),
}
"""By the supplier's country."""


def clause_of(country: str) -> Clause:
    """The clause of a supplier's country; English and the directive where there is none."""
    return CLAUSES.get(country, _ENGLISH)


def acceptance(country: str, silent_days: int | None) -> str:
    """How each invoice is accepted, in words: by silence for so many days, or expressly."""
    clause = clause_of(country)
    if silent_days is None:
        return clause.expressly
    return clause.silently.format(days=_days(silent_days, clause.language))


def _days(count: int, language: str) -> str:
    """So many days, in the case that the clause asks for; Romanian says "de" from twenty on."""
    one, many = {"pl": ("dnia", "dni"), "sv": ("dag", "dagar"), "ro": ("zi", "zile")}.get(language, ("day", "days"))
    if count == 1:
        return f"1 {one}"
    return f"{count} de {many}" if language == "ro" and not 1 <= count % 100 <= 19 else f"{count} {many}"
