"""VAT categories, why no VAT is charged in them, and the words the law wants on a document, as dated data.

Sources: Directive 2006/112/EC art. 226; Poland: ustawa o VAT art. 106e, 108a; Sweden: mervärdesskattelag (2023:200)
17 kap. 24 §; Romania: Codul fiscal art. 319 (20). Looked up 2026-11-21; rates of VAT stand in `kernel.vat`.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.model import VatCategory

VERIFIED_ON: Final = datetime.date(2026, 11, 21)
_TAKEN: Final = {
    VatCategory.STANDARD: "standard rated",
    VatCategory.ZERO: "zero rated",
    VatCategory.EXEMPT: "exempt",
    VatCategory.REVERSE_CHARGE: "under the reverse charge",
    VatCategory.INTRA_COMMUNITY: "an intra-community supply",
    VatCategory.EXPORT: "an export",
    VatCategory.OUTSIDE_SCOPE: "outside the scope of VAT",
}
"""The categories of Poland, Sweden and Romania; the others of UNTDID 5305 are those of other countries."""
_NATIONAL: Final = {"PL": "PLN", "SE": "SEK", "RO": "RON"}
_SPLIT_FROM_MINOR: Final = 1_500_000
_SPLIT_FROM: Final = datetime.date(2019, 11, 1)


@dataclass(frozen=True, slots=True)
class LawText:
    """Words that a document must carry: by the country of the supplier, with the law and its first day."""

    code: str
    country: str
    words: str
    source: str
    first_day: datetime.date
    verified_on: datetime.date = VERIFIED_ON


_LONG_AGO: Final = datetime.date(2013, 1, 1)
_ML: Final = datetime.date(2023, 7, 1)
TEXTS: Final[tuple[LawText, ...]] = (
    LawText("reverse_charge", "PL", "odwrotne obciążenie", "ustawa o VAT art. 106e ust. 1 pkt 18", _LONG_AGO),
    LawText("reverse_charge", "SE", "Omvänd betalningsskyldighet", "ML (2023:200) 17 kap. 24 § 13", _ML),
    LawText("reverse_charge", "RO", "taxare inversă", "Codul fiscal art. 319 (20) lit. m", _LONG_AGO),
    LawText("self_billing", "PL", "samofakturowanie", "ustawa o VAT art. 106e ust. 1 pkt 17", _LONG_AGO),
    LawText("self_billing", "SE", "Självfakturering", "ML (2023:200) 17 kap. 24 § 12", _ML),
    LawText("self_billing", "RO", "autofactură", "Codul fiscal art. 319 (20) lit. l", _LONG_AGO),
    LawText(
        "split_payment", "PL", "mechanizm podzielonej płatności", "ustawa o VAT art. 106e ust. 1 pkt 18a", _SPLIT_FROM
    ),
    LawText("cash_accounting", "PL", "metoda kasowa", "ustawa o VAT art. 106e ust. 1 pkt 16", _LONG_AGO),
    LawText("cash_accounting", "RO", "TVA la încasare", "Codul fiscal art. 319 (20) lit. r", _LONG_AGO),
    LawText("intra_community", "PL", "Wewnątrzwspólnotowa dostawa towarów, art. 42 ustawy o VAT", "art. 42", _LONG_AGO),
    LawText("intra_community", "SE", "Unionsintern försäljning, undantag enligt 10 kap. 42 § ML", "ML 10:42", _ML),
    LawText(
        "intra_community", "RO", "Livrare intracomunitară scutită, art. 294 alin. (2) Cod fiscal", "art. 294", _LONG_AGO
    ),
    LawText("export", "PL", "Eksport towarów, art. 41 ust. 4 ustawy o VAT", "art. 41", _LONG_AGO),
    LawText("export", "SE", "Export, undantag enligt 10 kap. 64 § ML", "ML 10:64", _ML),
    LawText("export", "RO", "Export scutit, art. 294 alin. (1) Cod fiscal", "art. 294", _LONG_AGO),
    LawText("outside_scope", "PL", "nie podlega VAT", "ustawa o VAT art. 5", _LONG_AGO),
    LawText("outside_scope", "SE", "Omfattas inte av mervärdesskatt", "ML 3 kap.", _ML),
    LawText("outside_scope", "RO", "neimpozabil", "Codul fiscal art. 268", _LONG_AGO),
)
ENGLISH: Final = {
    "reverse_charge": "Reverse charge",
    "self_billing": "Self-billing",
    "split_payment": "Split payment mechanism",
    "cash_accounting": "Cash accounting",
    "intra_community": "Intra-Community supply",
    "export": "Export outside the EU",
    "outside_scope": "Not subject to VAT",
    "rate_unverified": "A VAT rate used here is newer than our last check of the law.",
}
_REASON_OF: Final = {
    VatCategory.REVERSE_CHARGE: ("reverse_charge", "VATEX-EU-AE"),
    VatCategory.INTRA_COMMUNITY: ("intra_community", "VATEX-EU-IC"),
    VatCategory.EXPORT: ("export", "VATEX-EU-G"),
    VatCategory.OUTSIDE_SCOPE: ("outside_scope", "VATEX-EU-O"),
}


def category_of(told: str, rate: Decimal) -> str:
    """The category that was told, else S for a rate above zero and Z for zero."""
    return told or (VatCategory.STANDARD.value if rate else VatCategory.ZERO.value)


def wrong_rate(category: str, rate: Decimal) -> str:
    """What is wrong with a rate (percent) in a category, in words; nothing if it is fine."""
    if category not in _TAKEN:
        return f"{category!r} is no VAT category here; there is {', '.join(_TAKEN)}"
    name = _TAKEN[VatCategory(category)]
    if category == VatCategory.STANDARD:
        return "" if rate > 0 else f"what is {name} ({category}) has a rate above 0"
    return "" if rate == 0 else f"what is {name} ({category}) has the rate 0, not {rate}"


def rate_of(category: str, rate: Decimal) -> Decimal | None:
    """The rate as EN 16931 tells it: none outside the scope of VAT."""
    return None if category == VatCategory.OUTSIDE_SCOPE else rate


def exemption(category: str, country: str, day: datetime.date) -> tuple[str, str]:
    """Code (VATEX) and words of why no VAT is charged, where the category says it all; else ("", "")."""
    if category not in _REASON_OF:
        return "", ""
    text, code = _REASON_OF[VatCategory(category)]
    return code, words_of(text, country, day)


def text_of(category: str) -> str:
    """The code of the words of the law for what stands in a category; "" where it has none of its own."""
    return _REASON_OF[VatCategory(category)][0] if category in _REASON_OF else ""


def law_text(code: str, country: str, day: datetime.date) -> LawText | None:
    """What the country's law asks for on a day; None where the country has none here."""
    told = [one for one in TEXTS if one.code == code and one.country == country and one.first_day <= day]
    return told[-1] if told else None


def law_words(code: str, country: str, day: datetime.date) -> str:
    """The words of the country's law on a day; "" where the country has none here."""
    told = law_text(code, country, day)
    return told.words if told else ""


def words_of(code: str, country: str, day: datetime.date) -> str:
    """The words of the country's law on a day, and in English; in English alone where the country has none here."""
    told = law_words(code, country, day)
    return f"{told} / {ENGLISH[code]}" if told else ENGLISH[code]


def national_currency(country: str) -> str:
    """In which currency a supplier of this country states its VAT; "" where that is not known here."""
    return _NATIONAL.get(country, "")


def splits_payment(country: str, day: datetime.date, *, currency: str, gross_minor: int, annex_15: bool) -> bool:
    """Whether a Polish invoice must be paid in split payment: goods of annex 15, above 15 000 PLN (art. 108a)."""
    is_large = currency == "PLN" and gross_minor > _SPLIT_FROM_MINOR
    return country == "PL" and day >= _SPLIT_FROM and annex_15 and is_large


def texts(
    country: str,
    day: datetime.date,
    *,
    categories: Collection[str],
    is_self_billed: bool = False,
    splits: bool = False,
    is_cash: bool = False,
) -> tuple[str, ...]:
    """The codes of the words that must stand on a document, in the order in which they are written."""
    wanted = [
        ("self_billing", is_self_billed),
        ("reverse_charge", VatCategory.REVERSE_CHARGE in categories),
        ("intra_community", VatCategory.INTRA_COMMUNITY in categories),
        ("export", VatCategory.EXPORT in categories),
        ("split_payment", splits),
        ("cash_accounting", is_cash),
    ]
    begun = {one.code for one in TEXTS if one.country == country and one.first_day <= day}
    return tuple(code for code, is_wanted in wanted if is_wanted and (code in begun or code in ENGLISH))
