"""Features about payments, references, periods, items, texts and sizes."""

import datetime
from dataclasses import replace
from decimal import Decimal

from einvoice_features import feature
from einvoice_homes import (
    KRAKOW,
    Home,
    invoice,
    line,
    self_billed,
)
from kvit.formats.einvoice.model import (
    Account,
    Card,
    Classification,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    ItemAttribute,
    Kind,
    MeansOfPayment,
    Note,
    Payee,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    SupportingDocument,
    TaxRepresentative,
    Totals,
)

D = Decimal
DAY = datetime.date(2026, 11, 20)


@feature
def self_billed_invoice(home: Home) -> Invoice:
    return self_billed(invoice(home, line(home, "Jobs in week 46", "17.5", "385", unit="HUR"), number="SB2026-1"))


@feature
def self_billed_credit_note(home: Home) -> Invoice:
    made = invoice(home, line(home, "Job 812 withdrawn", "1", "385"), number="SB2026-2")
    made = replace(made, preceding=(PrecedingInvoice(number="SB2026-1", issue_date=DAY),))
    return self_billed(made, kind=Kind.SELF_BILLED_CREDIT_NOTE)


@feature
def three_hundred_lines(home: Home) -> Invoice:
    rates = home.rates
    return invoice(
        home,
        *(
            line(home, f"Call {n}", f"{n % 13 + 1}.{n % 7}", f"{n % 97}.{n % 89:02d}", rate=rates[n % len(rates)])
            for n in range(300)
        ),
    )


@feature
def nothing_due(home: Home) -> Invoice:
    made = invoice(home, line(home, "Paid in the shop", "1", "80"))
    gross = 8000 + int(80 * home.rates[0])
    return replace(made, totals=Totals(prepaid_minor=gross))


@feature
def free_of_charge(home: Home) -> Invoice:
    return invoice(home, line(home, "Sample", "3", "0"))


@feature
def rounded(home: Home) -> Invoice:
    made = invoice(home, line(home, "Telephone", "1", "199.37"))
    return made if home.currency == "SEK" else replace(made, totals=Totals(rounding_minor=-1))


@feature
def negative_line(home: Home) -> Invoice:
    return invoice(home, line(home, "Bottles", "24", "12.50"), line(home, "Empties returned", "-24", "1.00"))


@feature
def several_payments(home: Home) -> Invoice:
    made = invoice(home, line(home, "Subscription", "1", "449"))
    first = made.payment_means[0]
    second = replace(first, text="", account=Account(number="DE75512108001245126199", name="Second", bank="SSKMDEMM"))
    return replace(made, payment_means=(first, second))


@feature
def card(home: Home) -> Invoice:
    made = invoice(home, line(home, "Ticket", "1", "39"))
    paid = PaymentMeans(code=MeansOfPayment.CARD, text="Card", card=Card(number="123456", holder="Ewa Nowak"))
    return replace(made, payment_means=(paid,))


@feature
def direct_debit(home: Home) -> Invoice:
    made = invoice(home, line(home, "Gym", "1", "299"))
    debit = DirectDebit(mandate="M-2026-44", account="SE4550000000058398257466")
    return replace(
        made, payment_means=(PaymentMeans(code="59", direct_debit=debit),), creditor="SE95ZZZ000005560125790"
    )


@feature
def attachments(home: Home) -> Invoice:
    made = invoice(home, line(home, "Report", "1", "1"))
    inside = SupportingDocument(
        reference="A1", description="Time sheet", content=b"day;hours\n1;8\n", media_type="text/csv", file_name="t.csv"
    )
    beside = SupportingDocument(reference="A2", url="https://example.org/a?b=1&c=2")
    return replace(made, supporting=(inside, beside, SupportingDocument(reference="A3")))


@feature
def letters(home: Home) -> Invoice:
    text = "Zażółć gęślą jaźń; Åsa köpte räksmörgås; Știință și țară în câmp; café “5” <b> & 'x' \" — ½ €"
    one = replace(line(home, text[:90], "1", "10"), description=text, note=text)
    return replace(invoice(home, one), notes=(Note(text=text),), payment_terms=text)


@feature
def factored(home: Home) -> Invoice:
    made = invoice(home, line(home, "Transport", "1", "12000"))
    payee = Payee(
        name="Factor Bank & Co",
        identifier=Identifier(value="5790000435975", scheme="0088"),
        registration=Identifier(value="5565678959", scheme="0007"),
    )
    return replace(made, payee=payee)


@feature
def represented(home: Home) -> Invoice:
    made = invoice(home, line(home, "Furniture", "1", "4200"))
    return replace(
        made,
        tax_representative=TaxRepresentative(
            name="Fiscal Ltd", vat_number=made.seller.vat_number, address=KRAKOW if home.country == "PL" else home.where
        ),
    )


@feature
def delivered(home: Home) -> Invoice:
    made = invoice(home, line(home, "Bricks", "5000", "0.0725"))
    delivery = Delivery(
        name="Building site", location=Identifier(value="7300010000001", scheme="0088"), date=DAY, address=home.where
    )
    return replace(made, delivery=delivery)


@feature
def references(home: Home) -> Invoice:
    made = invoice(home, line(home, "Everything", "1", "1"))
    return replace(
        made,
        project="P-9",
        contract="C-2025/3",
        order="PO-778",
        sales_order="SO-12",
        receiving_advice="RA-1",
        despatch_advice="DA-1",
        tender="T-4",
        object=Identifier(value="SE-555", scheme="ABT"),
        accounting_reference="4010",
    )


@feature
def sales_order_only(home: Home) -> Invoice:
    return replace(invoice(home, line(home, "Item", "1", "1")), sales_order="SO-13")


@feature
def periods(home: Home) -> Invoice:
    october = Period(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 10, 31))
    half = Period(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 10, 15))
    one = replace(
        line(home, "Power, first half", "312.5", "1.0455", unit="KWH"),
        period=half,
        object=Identifier(value="735999100012345678", scheme="AVE"),
        order_line="10",
        accounting_reference="5020",
    )
    return replace(invoice(home, one, line(home, "Network", "1", "280")), period=october)


@feature
def items(home: Home) -> Invoice:
    one = replace(
        line(home, "Coffee machine", "1", "7990"),
        seller_item="CM-1",
        buyer_item="4711",
        standard_item=Identifier(value="7318690077503", scheme="0160"),
        classifications=(
            Classification(code="39310000", list_id="STI", list_version="2008"),
            Classification(code="85166000", list_id="HS"),
        ),
        attributes=(ItemAttribute(name="Colour", value="Röd"), ItemAttribute(name="Färg", value="czarny")),
        origin="IT",
    )
    return invoice(home, one)


@feature
def tax_point_day(home: Home) -> Invoice:
    return replace(invoice(home, line(home, "Work", "1", "1")), tax_point_date=datetime.date(2026, 11, 15))


@feature
def tax_point_event(home: Home) -> Invoice:
    return replace(invoice(home, line(home, "Work", "1", "1")), tax_point_code="432")


@feature
def terms_only(home: Home) -> Invoice:
    made = invoice(home, line(home, "Work", "2", "2500"))
    return replace(made, due_date=None, payment_terms="30 days net; 2 % off within 10 days\nThereafter interest")


@feature
def partial(home: Home) -> Invoice:
    kind = Kind.PARTIAL if home.country != "RO" else Kind.INVOICE
    return invoice(home, line(home, "First third of the house", "0.333333", "1200000"), kind=kind)


@feature
def long_names(home: Home) -> Invoice:
    name = "Przedsiębiorstwo Wielobranżowe Handlowo-Usługowo-Produkcyjne „Łąka” Spółka z o.o."
    made = invoice(home, line(home, name, "1", "1"))
    return replace(made, buyer=replace(made.buyer, name=name, trading_name=name))


@feature
def large_amounts(home: Home) -> Invoice:
    return invoice(home, line(home, "Bridge", "1", "1234567890.12"), line(home, "Bolts", "1000000", "0.00123456"))


@feature
def person(home: Home) -> Invoice:
    made = invoice(home, line(home, "Haircut", "1", "350"))
    anna = replace(made.buyer, name="Bo Gäldenär", vat_number="", registration=Identifier(value="0000000000000"))
    return replace(made, buyer=anna)
