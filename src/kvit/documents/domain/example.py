"""An invoice as the company would send it, to show how documents will look; its figures are made up."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kvit.documents.domain.kinds import FactName, SheetKind, Stamp, TotalName
from kvit.documents.domain.sheet import Fact, Line, Look, Payment, Section, Sheet, Side, Total, VatRow, Way
from kvit.documents.domain.wording import Words

_PERCENT: Final = {"PL": 23, "SE": 25, "RO": 21}
_LINES: Final = ((12, 45_000), (3, 129_000), (1, 38_050))
NUMBER: Final = "2026-000123"
GROSS_AT_NOTHING: Final = sum(quantity * price for quantity, price in _LINES)


def gross_minor(country: str) -> int:
    """What the example comes to, in minor units."""
    return GROSS_AT_NOTHING + _vat(country)


def _vat(country: str) -> int:
    return GROSS_AT_NOTHING * _PERCENT.get(country, 20) // 100


@dataclass(frozen=True, slots=True)
class Company:
    """Whose example it is: as it stands on documents, its country and currency, and the accounts it is paid on."""

    seller: Side
    country: str
    currency: str
    ways: tuple[Way, ...]


def invoice(company: Company, *, language: str, day: date, look: Look, words: Words) -> Sheet:
    """The example, for who reads `language`; `words` are of that language."""
    country = company.country
    _ = words.gettext
    names = (_("Consulting"), _("Maintenance"), _("Delivery"))
    units = ("h", "", "")
    lines = tuple(
        Line(name, quantity * price, Decimal(quantity), unit, Decimal(price) / 100, Decimal(_PERCENT.get(country, 20)))
        for name, unit, (quantity, price) in zip(names, units, _LINES, strict=True)
    )
    vat, gross, due = _vat(country), gross_minor(country), day + timedelta(days=30)
    return Sheet(
        kind=SheetKind.INVOICE,
        language=language,
        country=country,
        number=NUMBER,
        issue_date=day,
        currency=company.currency,
        seller=company.seller,
        buyer=Side(_("Example customer"), (_("Street 1"), _("Town"))),
        headline=Total(TotalName.TO_PAY, gross),
        facts=(
            Fact(FactName.ISSUE_DATE, day=day),
            Fact(FactName.DUE_DATE, day=due),
            Fact(FactName.CUSTOMER_NUMBER, "1001"),
        ),
        sections=(Section(lines),),
        vat=(VatRow(GROSS_AT_NOTHING, vat, Decimal(_PERCENT.get(country, 20))),),
        totals=(
            Total(TotalName.NET, GROSS_AT_NOTHING),
            Total(TotalName.VAT, vat),
            Total(TotalName.GROSS, gross),
        ),
        payment=Payment(gross, due, company.ways) if company.ways else None,
        look=look,
        stamp=Stamp.DRAFT,
    )
