"""Features about prices, allowances, VAT and kinds of document."""

import datetime
from dataclasses import replace
from decimal import Decimal

from einvoice_features import feature
from einvoice_homes import (
    Home,
    address,
    adjustment,
    foreign_buyer,
    invoice,
    line,
    without_vat_numbers,
)
from kvit.formats.einvoice.model import (
    Adjustment,
    Delivery,
    Invoice,
    Kind,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
    VatCategory,
)

D = Decimal
DAY = datetime.date(2026, 11, 20)


@feature
def plain(home: Home) -> Invoice:
    return invoice(home, line(home, "Rådgivning & stöd", "3", "1250.00"))


@feature
def mixed_rates(home: Home) -> Invoice:
    rates = [home.rates[n % len(home.rates)] for n in range(5)]
    return invoice(
        home, *(line(home, f"Item {n}", str(n + 1), f"{n * 17 + 3}.99", rate=rate) for n, rate in enumerate(rates))
    )


@feature
def line_allowance(home: Home) -> Invoice:
    off = Adjustment(percent=D("12.5"), reason="Loyal customer", reason_code="95")
    fixed = Adjustment(amount_minor=1234, reason="Damaged box")
    return invoice(home, replace(line(home, "Chairs", "7", "333.33"), allowances=(off, fixed)))


@feature
def line_charge(home: Home) -> Invoice:
    freight = Adjustment(amount_minor=9900, reason="Freight", reason_code="FC")
    return invoice(home, replace(line(home, "Tables", "2", "899.50"), charges=(freight,)))


@feature
def document_adjustments(home: Home) -> Invoice:
    made = invoice(home, line(home, "Work", "10", "100"), line(home, "Books", "4", "55.25", rate=home.rates[1]))
    return replace(
        made,
        allowances=(
            adjustment(home, percent="10", base_minor=100000, reason="Discount", reason_code="95"),
            adjustment(home, amount_minor=2100, rate=home.rates[1], reason="Discount on books"),
        ),
        charges=(adjustment(home, amount_minor=5000, reason="Freight", reason_code="FC"),),
    )


@feature
def both_levels(home: Home) -> Invoice:
    off = Adjustment(amount_minor=500, reason="Line discount")
    made = invoice(home, replace(line(home, "Paint", "3", "99.90"), allowances=(off,), charges=(off,)))
    return replace(made, allowances=(adjustment(home, amount_minor=1000, reason="Document discount"),))


@feature
def gross_price(home: Home) -> Invoice:
    one = line(home, "Screws", "40", "8.10")
    return invoice(home, replace(one, gross_price=D("9.00"), price_discount=D("0.90")))


@feature
def price_per_thousand(home: Home) -> Invoice:
    one = line(home, "Electricity", "1234.567", "523.4567", unit="KWH")
    return invoice(home, replace(one, price_quantity=D(1000), price_unit="KWH"))


@feature
def credit_note(home: Home) -> Invoice:
    made = invoice(home, line(home, "Returned chairs", "2", "333.33"), kind=Kind.CREDIT_NOTE, number="K2026-1")
    return replace(made, preceding=(PrecedingInvoice(number="F2026-7", issue_date=datetime.date(2026, 10, 1)),))


@feature
def correction(home: Home) -> Invoice:
    made = invoice(home, line(home, "Price lowered", "-1", "162.60"), kind=Kind.CORRECTION, number="C2026-2")
    return replace(made, preceding=(PrecedingInvoice(number="F2026-8"),), payment_terms="Paid back in 14 days")


@feature
def advance(home: Home) -> Invoice:
    return invoice(home, line(home, "Advance on order 17", "1", "10000"), kind=Kind.ADVANCE, number="A2026-3")


@feature
def final(home: Home) -> Invoice:
    made = invoice(home, line(home, "Machine", "1", "25000"), line(home, "Assembly", "8", "650", unit="HUR"))
    return replace(
        made,
        preceding=(PrecedingInvoice(number="A2026-3", issue_date=datetime.date(2026, 9, 2)),),
        totals=Totals(prepaid_minor=1250000),
    )


@feature
def reverse_charge(home: Home) -> Invoice:
    return invoice(home, line(home, "Building work", "40", "480", category=VatCategory.REVERSE_CHARGE, unit="HUR"))


@feature
def intra_community(home: Home) -> Invoice:
    made = invoice(home, line(home, "Pumps", "12", "2150.75", category=VatCategory.INTRA_COMMUNITY))
    delivery = Delivery(date=DAY, address=address("Hafenstr. 4", "20457", "Hamburg", "DE", "HH"))
    return replace(made, buyer=foreign_buyer("DE"), delivery=delivery)


@feature
def export(home: Home) -> Invoice:
    made = invoice(home, line(home, "Turbine", "1", "1500000", category=VatCategory.EXPORT))
    return replace(made, buyer=foreign_buyer("US"))


@feature
def exempt(home: Home) -> Invoice:
    made = invoice(home, line(home, "Treatment", "1", "1900", category=VatCategory.EXEMPT))
    return replace(made, vat=(VatBreakdown(category="E", exemption_code="VATEX-EU-132-1C", exemption_reason="Care"),))


@feature
def zero_rated(home: Home) -> Invoice:
    return invoice(home, line(home, "Medicine", "5", "87.2", category=VatCategory.ZERO))


@feature
def outside_scope(home: Home) -> Invoice:
    made = invoice(home, line(home, "Late payment interest", "1", "143.27", category=VatCategory.OUTSIDE_SCOPE))
    return without_vat_numbers(made)


@feature
def exempt_and_standard(home: Home) -> Invoice:
    lines = (line(home, "Rent", "1", "9000", category=VatCategory.EXEMPT), line(home, "Cleaning", "3", "400"))
    made = invoice(home, *lines)
    return replace(made, vat=(VatBreakdown(category="E", exemption_reason="Letting of rooms is exempt"),))


@feature
def foreign_currency(home: Home) -> Invoice:
    made = invoice(home, line(home, "Licence", "3", "199.99"), line(home, "Support", "1", "75", rate=home.rates[1]))
    return replace(made, currency="EUR", accounting_currency=home.currency)
