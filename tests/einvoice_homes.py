"""The sellers and buyers of the table of invoices: one pair a country, with its currency, rates and numbers."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal

from kvit.formats.einvoice.model import (
    Account,
    Address,
    Adjustment,
    Contact,
    Identifier,
    Invoice,
    Kind,
    Line,
    MeansOfPayment,
    Party,
    PaymentMeans,
    VatCategory,
)

D = Decimal


def address(street: str, postcode: str, city: str, country: str, region: str = "") -> Address:
    """A postal address."""
    return Address(line1=street, postcode=postcode, city=city, country=country, subdivision=region)


KRAKOW = address("ul. Długa 7", "31-147", "Kraków", "PL", "PL-12")


@dataclass(frozen=True)
class Home:
    """A country's seller and buyer, and how it invoices."""

    country: str
    currency: str
    rates: tuple[Decimal, ...]
    seller: Party
    buyer: Party
    account: Account
    exchange_rate: Decimal
    """of its currency for a euro"""

    @property
    def where(self) -> Address:
        """The buyer's address."""
        assert self.buyer.address is not None
        return self.buyer.address


SWEDEN = Home(
    country="SE",
    currency="SEK",
    rates=(D(25), D(12), D(6)),
    exchange_rate=D("11.2345"),
    seller=Party(
        name="Nordljus Telekom AB",
        trading_name="Nordljus",
        identifiers=(Identifier(value="7300010000001", scheme="0088"),),
        registration=Identifier(value="5560125790", scheme="0007"),
        vat_number="SE556012579001",
        tax_registration="Godkänd för F-skatt",
        legal_form="Styrelsens säte: Luleå",
        electronic_address=Identifier(value="5560125790", scheme="0007"),
        address=Address(
            line1="Storgatan 1", line2="Hus B", line3="Plan 3", city="Luleå", postcode="97231", country="SE"
        ),
        contact=Contact(name="Anna Ström", phone="+46 920 123", email="anna@example.org"),
    ),
    buyer=Party(
        name="Köparen i Örebro AB",
        identifiers=(Identifier(value="K-100"),),
        registration=Identifier(value="5565678959", scheme="0007"),
        vat_number="SE556567895901",
        electronic_address=Identifier(value="5565678959", scheme="0007"),
        address=address("Åsgatan 2", "70210", "Örebro", "SE"),
        contact=Contact(name="Ekonomi", email="faktura@example.org"),
    ),
    account=Account(number="9912346", name="Nordljus", bank="SE:BANKGIRO"),
)
POLAND = Home(
    country="PL",
    currency="PLN",
    rates=(D(23), D(8), D(5)),
    exchange_rate=D("4.3127"),
    seller=Party(
        name="Promień Energia sp. z o.o.",
        registration=Identifier(value="0000099999"),
        vat_number="PL5260250274",
        legal_form="Kapitał zakładowy 5 000 000 zł",
        electronic_address=Identifier(value="5260250274", scheme="9945"),
        address=address("ul. Świętokrzyska 12", "00-916", "Warszawa", "PL"),
        contact=Contact(name="Ewa Żak", phone="22123456", email="ewa@example.org"),
    ),
    buyer=Party(
        name="Łąka i Syn s.c.",
        vat_number="PL7740001454",
        electronic_address=Identifier(value="7740001454", scheme="9945"),
        address=KRAKOW,
    ),
    account=Account(number="PL61109010140000071219812874", name="Promień Energia", bank="WBKPPLPP"),
)
ROMANIA = Home(
    country="RO",
    currency="RON",
    rates=(D(21), D(11)),
    exchange_rate=D("5.0912"),
    seller=Party(
        name="Traseu Flote S.R.L.",
        registration=Identifier(value="J40/372/2002"),
        vat_number="RO14399840",
        legal_form="Capital social 200 lei",
        electronic_address=Identifier(value="RO14399840", scheme="9947"),
        address=address("Șoseaua Virtuții 148", "060787", "SECTOR6", "RO", "RO-B"),
        contact=Contact(name="Ștefan Țurcanu", phone="0213000000", email="stefan@example.org"),
    ),
    buyer=Party(
        name="Cumpărătorul Mare S.A.",
        registration=Identifier(value="J12/1/1991"),
        vat_number="RO361757",
        electronic_address=Identifier(value="RO361757", scheme="9947"),
        address=address("Str. Câmpului 3", "400001", "Cluj-Napoca", "RO", "RO-CJ"),
        contact=Contact(name="Contabilitate", phone="0264000000", email="facturi@example.org"),
    ),
    account=Account(number="RO49AAAA1B31007593840000", name="Traseu Flote", bank="BTRLRO22"),
)
HOMES = (SWEDEN, POLAND, ROMANIA)


def invoice(home: Home, *lines: Line, kind: str = Kind.INVOICE, number: str = "F2026-000017") -> Invoice:
    """An ordinary invoice with these lines, to be calculated."""
    return Invoice(
        number=number,
        kind=kind,
        issue_date=datetime.date(2026, 11, 20),
        due_date=datetime.date(2026, 12, 20),
        currency=home.currency,
        buyer_reference="Kst 12",
        specification="urn:cen.eu:en16931:2017",
        seller=home.seller,
        buyer=home.buyer,
        payment_means=(
            PaymentMeans(
                code=MeansOfPayment.CREDIT_TRANSFER, text="Transfer", reference="2000123455", account=home.account
            ),
        ),
        lines=lines,
    )


def line(
    home: Home,
    name: str,
    quantity: str,
    price: str,
    *,
    rate: Decimal | None = None,
    category: str = VatCategory.STANDARD,
    unit: str = "C62",
) -> Line:
    """A line at the standard rate, or at another, or in a category that has none."""
    taxed = (rate if rate is not None else home.rates[0]) if category == VatCategory.STANDARD else None
    return Line(name=name, quantity=D(quantity), price=D(price), unit=unit, vat_category=category, vat_rate=taxed)


def adjustment(
    home: Home,
    *,
    amount_minor: int | None = None,
    percent: str = "",
    base_minor: int | None = None,
    rate: Decimal | None = None,
    reason: str = "",
    reason_code: str = "",
) -> Adjustment:
    """An allowance or charge of the document at the standard rate, or at another."""
    return Adjustment(
        amount_minor=amount_minor,
        percent=D(percent) if percent else None,
        base_minor=base_minor,
        reason=reason,
        reason_code=reason_code,
        vat_category=VatCategory.STANDARD,
        vat_rate=rate if rate is not None else home.rates[0],
    )


def foreign_buyer(country: str) -> Party:
    """A buyer in Germany with a VAT number, or in America without."""
    if country == "DE":
        return Party(
            name="Käufer GmbH",
            vat_number="DE123456789",
            electronic_address=Identifier(value="DE123456789", scheme="9930"),
            address=address("Hafenstr. 4", "20457", "Hamburg", "DE", "HH"),
        )
    return Party(
        name="Buyer Inc.",
        registration=Identifier(value="12-3456789"),
        electronic_address=Identifier(value="7300010000001", scheme="0088"),
        address=address("1 Main St", "10001", "New York", country, "NY"),
    )


def self_billed(made: Invoice, kind: str = Kind.SELF_BILLED) -> Invoice:
    """The same, made out by the buyer."""
    return replace(made, kind=kind, buyer_reference="Self-billing 2026")


def without_vat_numbers(made: Invoice) -> Invoice:
    """The same between parties that name no VAT number, as what is outside the scope of VAT asks for."""
    seller = replace(
        made.seller,
        vat_number="",
        tax_registration="",
        registration=made.seller.registration or Identifier(value="0000099999"),
    )
    buyer = replace(made.buyer, vat_number="", registration=Identifier(value="5565678959"))
    return replace(made, seller=seller, buyer=buyer)
