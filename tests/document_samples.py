"""Documents of every kind in every language, made up: for tests, pictures and benchmarks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from document_cast import (
    BUYERS,
    BY_LAW,
    COUNTRY,
    CURRENCY,
    DAY,
    DETAIL,
    GOODS,
    IBAN,
    RATE,
    REVERSE_CHARGE,
    SELF_BILLING,
    SELLERS,
    UNITS,
)
from kvit.documents.domain.kinds import (
    Age,
    FactName,
    LinkName,
    SectionName,
    SheetKind,
    Stamp,
    TotalName,
    WayKind,
    Wording,
)
from kvit.documents.domain.sheet import (
    AgeSum,
    Change,
    Entry,
    Fact,
    InterestRow,
    Line,
    Link,
    Look,
    National,
    OpenItem,
    Payment,
    Section,
    Settled,
    Sheet,
    Total,
    VatRow,
    Way,
)
from kvit.formats.payment_codes import epc, using_qr, zbp


def amounts(language: str, count: int) -> tuple[tuple[Line, ...], int]:
    """So many lines of work, and their sum."""
    lines = []
    for place in range(count):
        quantity, price = Decimal(1 + place % 7), Decimal(12_950 + 1_137 * (place % 11)) / 100
        net = int(quantity * price * 100)
        lines.append(
            Line(
                GOODS[language][place % 4] + (f" {place + 1}" if count > 12 else ""),
                net,
                quantity,
                UNITS[language],
                price,
                Decimal(RATE[language]),
                detail=DETAIL[language] if place == 1 else "",
            )
        )
    return tuple(lines), sum(line.net_minor for line in lines)


def ways(language: str, amount_minor: int, reference: str) -> tuple[Way, ...]:
    """How it is paid in the language's country, with its code."""
    seller = SELLERS[language].name
    if language == "sv":
        payee = using_qr.Payee(seller, "556036-0793", using_qr.PaysTo.BANKGIRO, "991-2346")
        code = using_qr.text(payee, amount_minor=amount_minor, reference=reference, due_date=DAY)
        return (
            Way(WayKind.BANKGIRO, "9912346", seller, reference, code=code),
            Way(WayKind.PLUSGIRO, "4000003", seller, reference),
        )
    if language == "pl":
        code = zbp.text(name=seller, account=IBAN["pl"][2:], amount_minor=min(amount_minor, 999_999), title=reference)
        return (Way(WayKind.IBAN, IBAN["pl"], seller, reference, "Santander Bank Polska", code),)
    if language == "en":
        code = epc.text(name=seller, iban=IBAN["en"], amount_minor=amount_minor, reference="RF18539007547034")
        return (Way(WayKind.IBAN, IBAN["en"], seller, "RF18539007547034", code=code),)
    return (Way(WayKind.IBAN, IBAN["ro"], seller, reference, "Banca Transilvania"),)


def invoice(language: str = "sv", *, lines: int = 4, number: str = "F2026-000017") -> Sheet:
    """An invoice with a code, a detail, and words of the law."""
    of, net = amounts(language, lines)
    vat = round(net * int(RATE[language]) / 100)
    reference = {"sv": "1000001723", "pl": "RF18539007547034"}.get(language, "F2026-000017")
    return Sheet(
        kind=SheetKind.INVOICE,
        language=language,
        country=COUNTRY[language],
        number=number,
        issue_date=DAY,
        currency=CURRENCY[language],
        seller=SELLERS[language],
        buyer=BUYERS[language],
        headline=Total(TotalName.TO_PAY, net + vat),
        facts=(
            Fact(FactName.ISSUE_DATE, day=DAY),
            Fact(FactName.DUE_DATE, day=DAY + timedelta(days=30)),
            Fact(FactName.PERIOD, day=date(2026, 2, 1), until=date(2026, 2, 28)),
            Fact(FactName.CUSTOMER_NUMBER, "1001"),
            Fact(FactName.YOUR_REFERENCE, "Ewa Żółć-Wiśniewska"),
        ),
        sections=(Section(of),),
        vat=(VatRow(net, vat, Decimal(RATE[language])),),
        totals=(Total(TotalName.NET, net), Total(TotalName.VAT, vat), Total(TotalName.GROSS, net + vat)),
        payment=Payment(net + vat, DAY + timedelta(days=30), ways(language, net + vat, reference)),
        by_law=BY_LAW.get(language, ()),
        links=(Link(LinkName.LIVE_PAGE, "https://kvit.example/i/4rT9xQ"),),
        look=Look({"en": "#1d4fa3", "pl": "#b3261e", "sv": "", "ro": "#0e5a3c"}[language]),
    )


def estimate(language: str) -> Sheet:
    """What becomes an invoice when it is paid."""
    base = invoice(language, number="O2026-000003")
    gross = base.headline.amount_minor
    return replace(
        base,
        kind=SheetKind.ESTIMATE,
        headline=Total(TotalName.ESTIMATED, gross),
        facts=(Fact(FactName.ISSUE_DATE, day=DAY), Fact(FactName.VALID_UNTIL, day=DAY + timedelta(days=14))),
        by_law=(),
        wordings=(Wording.NO_INVOICE,),
    )


def credit_note(language: str) -> Sheet:
    """A credit note; nothing is to be paid."""
    base = invoice(language, lines=2, number="K2026-000002")
    return replace(
        base,
        kind=SheetKind.CREDIT_NOTE,
        headline=Total(TotalName.CREDITED, base.headline.amount_minor),
        facts=(
            Fact(FactName.ISSUE_DATE, day=DAY),
            Fact(FactName.CREDITED, "F2026-000017"),
            Fact(FactName.REASON, "2 × 450 A"),
        ),
        payment=None,
        by_law=(),
        stamp=Stamp.COPY,
    )


def correction(language: str) -> Sheet:
    """A correction with the lines before and after, and VAT in the national currency."""
    before, was = amounts(language, 3)
    after, now = amounts(language, 2)
    net = now - was
    vat = round(net * int(RATE[language]) / 100)
    currency = "EUR" if language != "en" else "USD"
    in_national = round(vat * Decimal("4.2675"))
    national = National(CURRENCY[language], Decimal("4.2675"), date(2026, 2, 27), "NBP 041/A/NBP/2026", in_national)
    return replace(
        credit_note(language),
        kind=SheetKind.CORRECTION,
        number="KOR/2026/000004",
        currency=currency,
        headline=Total(TotalName.DIFFERENCE, net + vat),
        sections=(Section(before, SectionName.BEFORE), Section(after, SectionName.AFTER)),
        vat=(VatRow(net, vat, Decimal(RATE[language]), national_minor=in_national),),
        national=national,
        changes=(
            Change(TotalName.NET, 2 * was, 2 * was + net),
            Change(TotalName.VAT, was // 2, was // 2 + vat),
            Change(TotalName.GROSS, 2 * was + was // 2, 2 * was + was // 2 + net + vat),
        ),
        totals=(Total(TotalName.NET, net), Total(TotalName.VAT, vat), Total(TotalName.GROSS, net + vat)),
        links=(
            Link(LinkName.KSEF, "https://qr.ksef.mf.gov.pl/invoice/5250008356/02-03-2026/UtQp9Gpc51y", True, "OFFLINE"),
        ),
        stamp=None,
    )


def mixed(language: str) -> Sheet:
    """Allowances, a charge, lines without VAT and why, rounding, and what was paid before."""
    first, second = amounts(language, 2)[0]
    exempted = replace(second, vat_rate=Decimal(0), vat_category="E", detail=f"{DETAIL[language]} · −10 %")
    taxed, exempt = first.net_minor - 1_000 + 4_900, second.net_minor
    net, vat = taxed + exempt, round(taxed * int(RATE[language]) / 100)
    left = net + vat - 4_988
    sums = ((TotalName.LINES, net - 3_900, ""), (TotalName.ALLOWANCES, -1_000, "(5 %)"), (TotalName.CHARGES, 4_900, ""),
            (TotalName.NET, net, ""), (TotalName.VAT, vat, ""), (TotalName.GROSS, net + vat, ""),
            (TotalName.ROUNDING, 12, ""), (TotalName.PREPAID, -5_000, ""), (TotalName.TO_PAY, left, ""))  # fmt: skip
    return replace(
        invoice(language, number="F2026-000018"),
        headline=Total(TotalName.TO_PAY, left),
        payment=Payment(left, DAY + timedelta(days=30), ways(language, left, "RF18539007547034")),
        sections=(Section((first, exempted)),),
        vat=(VatRow(exempt, 0, Decimal(0), "E", "Art. 132(1)(i)"), VatRow(taxed, vat, Decimal(RATE[language]))),
        totals=tuple(Total(*each) for each in sums),
        wordings=(Wording.RATE_UNVERIFIED,),
    )


def self_billed(language: str) -> Sheet:
    """An invoice that the buyer wrote for the seller."""
    base = invoice(language, lines=3, number="SF-0007/2026/000012")
    return replace(
        base, kind=SheetKind.SELF_BILLED, headline=Total(TotalName.TO_PAY_OUT, base.headline.amount_minor),
        by_law=(SELF_BILLING[COUNTRY[language]], REVERSE_CHARGE[COUNTRY[language]]), links=(),
    )  # fmt: skip


def _days(language: str, kind: SheetKind, headline: Total, number: str) -> Sheet:
    return Sheet(
        kind=kind,
        language=language,
        country=COUNTRY[language],
        number=number,
        issue_date=DAY,
        currency=CURRENCY[language],
        seller=SELLERS[language],
        buyer=BUYERS[language],
        headline=headline,
        look=invoice(language).look,
    )


def statement(language: str, *, entries: int = 9) -> Sheet:
    """What happened on an account, with its balance after each."""
    names = {
        "en": ("Invoice", "Payment"),
        "pl": ("Faktura", "Wpłata"),
        "sv": ("Faktura", "Betalning"),
        "ro": ("Factură", "Plată"),
    }
    found, balance = [], 125_000
    for place in range(entries):
        is_debit = place % 3 != 2
        amount = 31_250 + 4_375 * (place % 5)
        balance += amount if is_debit else -amount
        day = date(2026, 1, 2) + timedelta(days=6 * place)
        found.append(
            Entry(
                day,
                names[language][0 if is_debit else 1],
                f"F2026-{place + 1:06d}" if is_debit else "",
                amount if is_debit else 0,
                0 if is_debit else amount,
                balance,
                day + timedelta(days=30) if is_debit else None,
            )
        )
    base = _days(language, SheetKind.STATEMENT, Total(TotalName.BALANCE, balance), "1001 · 2026-01-01–2026-03-02")
    return replace(
        base,
        facts=(
            Fact(FactName.PERIOD, day=date(2026, 1, 1), until=DAY),
            Fact(FactName.CUSTOMER_NUMBER, "1001"),
        ),
        entries=tuple(found),
        totals=(Total(TotalName.OPENING, 125_000), Total(TotalName.BALANCE, balance)),
    )


def _items(count: int) -> tuple[tuple[OpenItem, ...], int]:
    items = tuple(
        OpenItem(
            f"F2025-{place + 101:06d}",
            DAY - timedelta(days=40 * place + 9),
            DAY - timedelta(days=40 * place - 21),
            87_500 + 12_345 * place,
            43_750 + 12_345 * place,
            max(0, 40 * place - 21),
        )
        for place in range(count)
    )
    return items, sum(item.open_minor for item in items)


def open_items(language: str) -> Sheet:
    """What is open of each document, and how old it is."""
    items, total = _items(4)
    ages = tuple(
        AgeSum(age, sum(i.open_minor for i in items if low <= i.days_overdue < high))
        for age, low, high in (
            (Age.NOT_DUE, 0, 1),
            (Age.TO_30, 1, 31),
            (Age.TO_60, 31, 61),
            (Age.TO_90, 61, 91),
            (Age.OVER_90, 91, 9999),
        )
    )
    reference = "1000001723" if language == "sv" else "1001"
    return replace(
        _days(language, SheetKind.OPEN_ITEMS, Total(TotalName.BALANCE, total), "1001 · 2026-03-02"),
        facts=(Fact(FactName.AS_OF, day=DAY), Fact(FactName.CUSTOMER_NUMBER, "1001")),
        items=items,
        ages=ages,
        totals=(Total(TotalName.BALANCE, total),),
        payment=Payment(total, DAY + timedelta(days=10), ways(language, total, reference)),
    )


def confirmation(language: str) -> Sheet:
    """A balance that the customer is asked to confirm."""
    items, total = _items(3)
    base = _days(language, SheetKind.CONFIRMATION, Total(TotalName.BALANCE, total), "SB/2025/1001")
    return replace(
        base,
        facts=(
            Fact(FactName.AS_OF, day=date(2025, 12, 31)),
            Fact(FactName.REPLY_BY, day=date(2026, 3, 16)),
            Fact(FactName.CUSTOMER_NUMBER, "1001"),
        ),
        items=items,
        totals=(Total(TotalName.BALANCE, total),),
        links=(Link(LinkName.ANSWER, "https://kvit.example/i/4rT9xQ", True),),
    )


def receipt(language: str) -> Sheet:
    """A payment, and what it settled."""
    base = _days(language, SheetKind.RECEIPT, Total(TotalName.RECEIVED, 250_000), "R2026-000005")
    return replace(
        base,
        facts=(Fact(FactName.PAYMENT_DATE, day=DAY), Fact(FactName.PAID_BY, "Bankgiro 991-2346")),
        settled=(
            Settled("F2025-000101", date(2025, 12, 3), 150_000),
            Settled("F2025-000102", date(2026, 1, 9), 75_000),
        ),
        totals=(Total(TotalName.UNUSED, 25_000), Total(TotalName.RECEIVED, 250_000)),
        stamp=Stamp.PAID,
    )


def reminder(language: str) -> Sheet:
    """What is overdue, with interest by its rates and the fee."""
    items, principal = _items(2)
    first = items[0]
    interest = (
        InterestRow(first.number, first.open_minor, Decimal("10.5"), date(2025, 12, 1), date(2025, 12, 31), 31, 390),
        InterestRow(first.number, first.open_minor, Decimal("10"), date(2026, 1, 1), DAY, 61, 731),
    )
    late, fee = sum(row.amount_minor for row in interest), 6_000
    total = principal + late + fee
    reference = "1000001723" if language == "sv" else "F2025-000101"
    return replace(
        _days(language, SheetKind.REMINDER, Total(TotalName.TO_PAY, total), "P2026-000009"),
        facts=(Fact(FactName.DATE, day=DAY), Fact(FactName.CUSTOMER_NUMBER, "1001")),
        items=items,
        interest=interest,
        totals=(
            Total(TotalName.PRINCIPAL, principal),
            Total(TotalName.INTEREST, late),
            Total(TotalName.FEE, fee),
            Total(TotalName.TO_PAY, total),
        ),
        payment=Payment(total, DAY + timedelta(days=10), ways(language, total, reference)),
        wordings=(Wording.RATE_UNVERIFIED,),
    )


def settlement(language: str) -> Sheet:
    """What a partner earned in a period, less what was deducted."""
    lines, net = amounts(language, 5)
    fee = 12_000
    base = _days(language, SheetKind.SETTLEMENT, Total(TotalName.TO_PAY_OUT, net - fee), "U2026-000044")
    return replace(
        base,
        facts=(Fact(FactName.PERIOD, day=date(2026, 2, 1), until=date(2026, 2, 28)),),
        sections=(Section(lines), Section((Line("Dispatch 4%", fee),), SectionName.DEDUCTIONS)),
        totals=(Total(TotalName.DEDUCTED, -fee), Total(TotalName.TO_PAY_OUT, net - fee)),
        payment=Payment(
            net - fee, DAY + timedelta(days=14), (Way(WayKind.IBAN, IBAN[language], BUYERS[language].name, ""),)
        ),
    )


SAMPLES: Mapping[str, Callable[[str], Sheet]] = {
    "invoice": invoice,
    "estimate": estimate,
    "credit_note": credit_note,
    "correction": correction,
    "mixed": mixed,
    "self_billed": self_billed,
    "statement": statement,
    "open_items": open_items,
    "confirmation": confirmation,
    "receipt": receipt,
    "reminder": reminder,
    "settlement": settlement,
}
"""By name, to be called with a language."""
