"""Polish invoices of every kind that FA(3) knows: advances, final, corrections, self-billed, split payment …"""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from einvoice_cases import Case, cases
from einvoice_homes import POLAND, adjustment, foreign_buyer, invoice, line, self_billed
from kvit.formats.einvoice.calculation import calculate, normalize
from kvit.formats.einvoice.model import (
    AdvanceInvoice,
    CorrectedInvoice,
    CorrectionEffect,
    Element,
    FaKind,
    Invoice,
    Kind,
    Order,
    OrderLine,
    PartialAdvance,
    PolishLine,
    PolishTerms,
    VatCategory,
)

D = Decimal
DAY = datetime.date(2026, 10, 5)
NUMBER = "5265877635-20250826-0100001AF629-AF"
UNFIT = {
    "PL-outside_scope": "a Polish seller has a NIP",
    "PL-negative_line": "quantities below zero are for corrections",
    "PL-correction": "the corrected invoice's day is missing",
}
"""Invoices of the table that no FA can be, each with the reason."""
ORIGINAL = CorrectedInvoice(number="F2026-8", issue_date=DAY, ksef_number=NUMBER)


def ksef_cases() -> Iterator[Case]:
    """The table of invoices as far as it is Polish, and what only FA(3) knows."""
    yield from (one for one in cases("PL") if one.name not in UNFIT)
    for name, made in _own():
        rate = POLAND.exchange_rate if made.accounting_currency else None
        yield Case(f"FA-{name}", POLAND, calculate(normalize(made), exchange_rate=rate))


def _own() -> Iterator[tuple[str, Invoice]]:
    yield from _corrections()
    yield from _advances()
    plain = invoice(POLAND, line(POLAND, "Usługa", "2", "500"))
    yield "self_billed", self_billed(plain)
    yield "self_billed_marked", replace(plain, polish=PolishTerms(self_billed=True))
    steel = replace(line(POLAND, "Stal", "10", "2000", unit="TNE"), polish=PolishLine(annex_15=True, gtu="GTU_05"))
    yield "split_payment", replace(invoice(POLAND, steel), polish=PolishTerms(split_payment=True))
    yield "cash_method", replace(plain, polish=PolishTerms(cash_method=True, place="Warszawa", system="Kvit"))
    charged = line(POLAND, "Złom", "1", "900", category=VatCategory.REVERSE_CHARGE)
    yield "reverse_charge_inside", invoice(POLAND, charged)
    service = line(POLAND, "Doradztwo", "1", "900", category=VatCategory.REVERSE_CHARGE)
    yield "service_for_the_union", replace(invoice(POLAND, service), buyer=foreign_buyer("DE"))
    abroad = replace(
        line(POLAND, "Montaż w USA", "1", "900", category=VatCategory.EXEMPT), polish=PolishLine(rate="np I")
    )
    abroad = replace(abroad, vat_category=VatCategory.OUTSIDE_SCOPE)
    yield "outside_the_country", replace(invoice(POLAND, abroad), buyer=foreign_buyer("US"))
    care = line(POLAND, "Wizyta", "1", "200", category=VatCategory.EXEMPT)
    act = PolishTerms(exemption_act="art. 43 ust. 1 pkt 19 ustawy")
    yield "exempt_by_the_act", replace(invoice(POLAND, care), polish=act)
    shop = line(POLAND, "E-book dla Szweda", "1", "80", rate=D(25))
    yield "one_stop_shop", replace(invoice(POLAND, shop), buyer=foreign_buyer("US"))
    yield "paid", replace(plain, polish=PolishTerms(is_paid=True, paid_date=DAY, payment_id="123ABCDEFG456"))
    yield (
        "of_a_local_government",
        replace(plain, polish=PolishTerms(is_local_government_unit=True, third_parties=(_unit(),))),
    )
    rate = replace(line(POLAND, "Licencja", "1", "100"), polish=PolishLine(exchange_rate=D("4.3127")))
    yield "in_euros", replace(invoice(POLAND, rate), currency="EUR", accounting_currency="PLN")


def _corrections() -> Iterator[tuple[str, Invoice]]:
    terms = PolishTerms(
        correction_reason="obniżka ceny",
        correction_effect=CorrectionEffect.AS_CORRECTION,
        corrected=(ORIGINAL,),
    )
    lowered = invoice(POLAND, line(POLAND, "Lodówka", "-1", "162.60"), kind=Kind.CORRECTION, number="K2026-1")
    yield "correction_by_difference", replace(lowered, polish=terms)
    before = replace(line(POLAND, "Lodówka", "-2", "1000"), id="1", polish=PolishLine(is_before=True))
    after = replace(line(POLAND, "Lodówka", "2", "900"), id="1")
    both = invoice(POLAND, before, after, kind=Kind.CORRECTION, number="K2026-2")
    yield "correction_before_and_after", replace(both, polish=terms)
    outside = replace(terms, corrected=(replace(ORIGINAL, ksef_number=""),), correction_effect=None)
    yield "correction_of_one_outside", replace(lowered, polish=outside)
    old = Element(name="Podmiot2K", children=(_identity(), Element(name="IDNabywcy", text="0001")))
    nothing = replace(lowered, lines=(), polish=replace(terms, buyers_before=(old,)))
    yield "correction_of_the_buyers_name", nothing
    credit = invoice(POLAND, line(POLAND, "Zwrot", "3", "33.33"), kind=Kind.CREDIT_NOTE, number="K2026-3")
    yield "credit_note", replace(credit, polish=terms)


def _advances() -> Iterator[tuple[str, Invoice]]:
    ordered = OrderLine(
        number=1,
        name="mieszkanie 50m^2",
        unit="szt.",
        quantity=D(1),
        price=D(300000),
        net_minor=30000000,
        vat_minor=6900000,
        rate="23",
    )
    order = Order(gross_minor=36900000, lines=(ordered,))
    paid = PartialAdvance(received_date=DAY, amount_minor=1000000)
    advance = invoice(POLAND, line(POLAND, "Zaliczka", "1", "16260.16"), kind=Kind.ADVANCE, number="Z2026-1")
    yield "advance", replace(advance, polish=PolishTerms(order=order, partial_advances=(paid, paid)))
    final = invoice(POLAND, line(POLAND, "mieszkanie 50m^2", "1", "300000"), number="F2026-9")
    off = adjustment(POLAND, amount_minor=1626016, reason="Zaliczka Z2026-1", reason_code="95")
    settles = PolishTerms(kind=FaKind.FINAL, advances=(AdvanceInvoice(ksef_number=NUMBER), AdvanceInvoice(number="Z1")))
    yield "final", replace(final, allowances=(off,), polish=settles)
    again = replace(order, lines=(replace(ordered, is_before=True), replace(ordered, net_minor=29000000)))
    wrong = PolishTerms(
        kind=FaKind.ADVANCE_CORRECTION,
        corrected=(ORIGINAL,),
        correction_reason="błędna kwota",
        paid_before_minor=2000000,
        order=again,
    )
    yield "correction_of_an_advance", replace(advance, lines=(), kind=Kind.CORRECTION, polish=wrong)


def _identity() -> Element:
    return Element(
        name="DaneIdentyfikacyjne",
        children=(Element(name="NIP", text="7740001454"), Element(name="Nazwa", text="Stara Łąka")),
    )


def _unit() -> Element:
    return Element(name="Podmiot3", children=(_identity(), Element(name="Rola", text="8")))
