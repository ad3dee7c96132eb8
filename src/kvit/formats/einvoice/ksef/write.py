"""Writes an invoice as FA(3), the structured invoice of KSeF."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from kvit.formats.einvoice.ksef import rates
from kvit.formats.einvoice.ksef.boxes import Part, as_written, box, either, kept_in, marked, money, number, said
from kvit.formats.einvoice.ksef.correction import as_correction
from kvit.formats.einvoice.ksef.names import (
    CORRECTIONS,
    ETD,
    NAMESPACE,
    SELF_BILLED_CORRECTION,
    TERMS,
    TITLE,
)
from kvit.formats.einvoice.ksef.write_lines import lines
from kvit.formats.einvoice.ksef.write_parties import parties
from kvit.formats.einvoice.ksef.write_payment import conditions, payment, settlement
from kvit.formats.einvoice.markup import NotWritable, day, document, element
from kvit.formats.einvoice.model import (
    SELF_BILLING,
    AdvanceInvoice,
    CorrectedInvoice,
    FaKind,
    Invoice,
    Kind,
    Order,
    OrderLine,
    PolishTerms,
    VatBreakdown,
)
from kvit.kernel.currencies import minor_units

_KIND_OF: Final[dict[str, FaKind]] = {
    Kind.CORRECTION: FaKind.CORRECTION,
    SELF_BILLED_CORRECTION: FaKind.CORRECTION,
    Kind.ADVANCE: FaKind.ADVANCE,
}
_LONGEST: Final = 256
_NOTES: Final = 3
_TAXED: Final = frozenset({"1", "2", "3", "4", "5"})
_TAXED_IN_ZLOTY: Final = _TAXED - {"5"}


def write(invoice: Invoice) -> bytes:
    """The document in UTF-8, the same bytes for the same invoice; what was kept of a file stands in its place again.

    A credit note is written as the correction it is (`as_correction`). Write what `calculate` gave; whether it may be
    sent is for `rules.validate(…, syntax="fa3")` to say. Refuses `NotWritable` for what the schema cannot do without
    (issue date, days of corrected invoices), `UnknownCurrency`.
    """
    made = as_correction(invoice)
    if made.issue_date is None:
        raise NotWritable("an FA needs its issue date (P_1)")
    decimals = minor_units(made.currency)
    polish = made.polish or PolishTerms()
    content = box(
        "Faktura",
        _head(made.issue_date, polish),
        *parties(made),
        _body(made, polish, decimals),
        _footer(made),
        kept=kept_in(made, ""),
    )[1]
    return document(content.replace("<Faktura>", f'<Faktura xmlns="{NAMESPACE}" xmlns:etd="{ETD}">', 1))


def _head(issued: datetime.date, polish: PolishTerms) -> Part:
    made = polish.made_at.strftime("%Y-%m-%dT%H:%M:%SZ") if polish.made_at else f"{issued}T00:00:00Z"
    return box(
        "Naglowek",
        ("KodFormularza", '<KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>'),
        said("WariantFormularza", "3"),
        said("DataWytworzeniaFa", made),
        said("SystemInfo", polish.system),
    )


def _body(invoice: Invoice, polish: PolishTerms, decimals: int) -> Part:
    kind = polish.kind or _KIND_OF.get(invoice.kind, FaKind.ORDINARY)
    period = invoice.period
    delivered = invoice.delivery.date if invoice.delivery else None
    has_period = period is not None and period.start and period.end
    return box(
        "Fa",
        said("KodWaluty", invoice.currency),
        said("P_1", day(invoice.issue_date)),
        said("P_1M", polish.place),
        said("P_2", invoice.number),
        said("WZ", invoice.despatch_advice),
        said("P_6", "" if has_period or delivered is None else day(delivered)),
        ("OkresFa", _period(invoice)),
        *_vat(invoice, decimals),
        money("P_15", invoice.totals.gross_minor, decimals),
        number("KursWalutyZ", polish.exchange_rate),
        _annotations(invoice, polish),
        said("RodzajFaktury", kind),
        *(_correction(invoice, polish, decimals) if kind in CORRECTIONS else []),
        ("ZaliczkaCzesciowa", _partial(polish, decimals)),
        ("DodatkowyOpis", _descriptions(invoice, polish)),
        ("FakturaZaliczkowa", "".join(_advance(one) for one in polish.advances)),
        ("FaWiersz", lines(invoice, decimals, kind)),
        settlement(invoice, decimals),
        payment(invoice),
        conditions(invoice),
        _order(polish.order, decimals) if polish.order else ("Zamowienie", ""),
        kept=kept_in(invoice, "Fa"),
    )


def _period(invoice: Invoice) -> str:
    period = invoice.period
    if period is None or not (period.start and period.end):
        return ""
    return f"<OkresFa>{element('P_6_Od', day(period.start))}{element('P_6_Do', day(period.end))}</OkresFa>"


def _vat(invoice: Invoice, decimals: int) -> list[Part]:
    """Bases and VAT by the fields of the form; VAT in złoty too where the invoice is in another currency."""
    sums: dict[str, list[VatBreakdown]] = defaultdict(list)
    for one in invoice.vat:
        sums[rates.field(one, invoice)].append(one)
    parts: list[Part] = []
    for field, found in sums.items():
        parts.append(money(f"P_13_{field}", _sum(one.base_minor for one in found), decimals))
        if field in _TAXED:
            parts.append(money(f"P_14_{field}", _sum(one.vat_minor for one in found), decimals))
        if invoice.currency != "PLN" and field in _TAXED_IN_ZLOTY:
            parts.append(money(f"P_14_{field}W", _sum(one.accounting_minor for one in found)))
    return parts


def _sum(amounts: Iterable[int | None]) -> int | None:
    """The sum of the amounts that are told; None where none is."""
    told = [minor for minor in amounts if minor is not None]
    return sum(told) if told else None


def _annotations(invoice: Invoice, polish: PolishTerms) -> Part:
    kept = kept_in(invoice, "Fa/Adnotacje")
    names = {one.name for one in kept}
    charged = any(rates.mark(line, invoice) == "oo" for line in invoice.lines)
    self_billed = polish.self_billed or invoice.kind in SELF_BILLING
    return box(
        "Adnotacje",
        either("P_16", polish.cash_method),
        either("P_17", self_billed),
        either("P_18", polish.reverse_charge or charged),
        either("P_18A", polish.split_payment),
        _exemption(invoice, polish),
        _plain("NoweSrodkiTransportu", "P_22N", names),
        either("P_23", polish.triangular),
        _plain("PMarzy", "P_PMarzyN", names),
        kept=kept,
    )


def _plain(name: str, nothing: str, kept: set[str]) -> Part:
    """A group that says that there is nothing of its kind, unless one was kept."""
    return name, "" if name in kept else f"<{name}><{nothing}>1</{nothing}></{name}>"


def _exemption(invoice: Invoice, polish: PolishTerms) -> Part:
    grounds = (polish.exemption_act, polish.exemption_directive, polish.exemption_other)
    if not any(grounds):
        found = [one.exemption_reason or one.exemption_code for one in invoice.vat if one.category == rates.E]
        grounds = ("", "", next((told for told in found if told), ""))
    names = ("P_19A", "P_19B", "P_19C")
    ground = next((said(name, told) for name, told in zip(names, grounds, strict=True) if told), None)
    parts = [marked("P_19", is_so=True), ground] if ground else [marked("P_19N", is_so=True)]
    return box("Zwolnienie", *parts)


def _correction(invoice: Invoice, polish: PolishTerms, decimals: int) -> list[Part]:
    corrected = polish.corrected or tuple(
        CorrectedInvoice(number=one.number, issue_date=one.issue_date or _needed(one.number))
        for one in invoice.preceding
    )
    return [
        said("PrzyczynaKorekty", polish.correction_reason),
        said("TypKorekty", polish.correction_effect or ""),
        ("DaneFaKorygowanej", "".join(_corrected(one) for one in corrected)),
        ("Podmiot1K", as_written(polish.seller_before) if polish.seller_before else ""),
        ("Podmiot2K", "".join(as_written(one) for one in polish.buyers_before)),
        money("P_15ZK", polish.paid_before_minor, decimals),
        number("KursWalutyZK", polish.paid_before_rate),
    ]


def _needed(number_: str) -> datetime.date:
    raise NotWritable(f"a correction needs the issue date of the invoice {number_} that it corrects")


def _corrected(one: CorrectedInvoice) -> str:
    inside = element("DataWystFaKorygowanej", day(one.issue_date)) + said("NrFaKorygowanej", one.number)[1]
    if one.ksef_number:
        inside += f"<NrKSeF>1</NrKSeF>{element('NrKSeFFaKorygowanej', one.ksef_number)}"
    else:
        inside += "<NrKSeFN>1</NrKSeFN>"
    return f"<DaneFaKorygowanej>{inside}</DaneFaKorygowanej>"


def _partial(polish: PolishTerms, decimals: int) -> str:
    return "".join(
        f"<ZaliczkaCzesciowa>{element('P_6Z', day(one.received_date))}"
        f"{money('P_15Z', one.amount_minor, decimals)[1]}{number('KursWalutyZW', one.exchange_rate)[1]}"
        "</ZaliczkaCzesciowa>"
        for one in polish.partial_advances
    )


def _descriptions(invoice: Invoice, polish: PolishTerms) -> str:
    told = list(polish.descriptions)
    reference = next((one.reference for one in invoice.payment_means if one.reference), "")
    if reference:
        told.append((TITLE, reference))
    if 0 < len(invoice.payment_terms) <= _LONGEST:
        told.append((TERMS, invoice.payment_terms))
    return "".join(
        f"<DodatkowyOpis>{said('Klucz', key)[1]}{said('Wartosc', value)[1]}</DodatkowyOpis>" for key, value in told
    )


def _advance(one: AdvanceInvoice) -> str:
    inside = (
        element("NrKSeFFaZaliczkowej", one.ksef_number)
        if one.ksef_number
        else f"<NrKSeFZN>1</NrKSeFZN>{said('NrFaZaliczkowej', one.number)[1]}"
    )
    return f"<FakturaZaliczkowa>{inside}</FakturaZaliczkowa>"


def _order(order: Order, decimals: int) -> Part:
    return box(
        "Zamowienie",
        money("WartoscZamowienia", order.gross_minor, decimals),
        ("ZamowienieWiersz", "".join(_order_line(one, decimals) for one in order.lines)),
    )


def _order_line(one: OrderLine, decimals: int) -> str:
    return box(
        "ZamowienieWiersz",
        said("NrWierszaZam", str(one.number)),
        said("P_7Z", one.name),
        said("P_8AZ", one.unit),
        number("P_8BZ", one.quantity),
        number("P_9AZ", one.price),
        money("P_11NettoZ", one.net_minor, decimals),
        money("P_11VatZ", one.vat_minor, decimals),
        said("P_12Z", one.rate),
        marked("StanPrzedZ", one.is_before),
        kept=one.extra,
    )[1]


def _footer(invoice: Invoice) -> Part:
    """Notes, and the register number of the seller."""
    kept = kept_in(invoice, "Stopka")
    texts = [one.text for one in invoice.notes]
    if len(invoice.payment_terms) > _LONGEST:
        texts.append(invoice.payment_terms)
    if len(texts) > _NOTES:
        texts = [*texts[: _NOTES - 1], "\n".join(texts[_NOTES - 1 :])]
    notes = "".join(f"<Informacje>{element('StopkaFaktury', told)}</Informacje>" for told in texts)
    registration = invoice.seller.registration.value if invoice.seller.registration else ""
    is_krs = len(registration) == 10 and registration.isdecimal()
    has_register = any(one.name == "Rejestry" for one in kept)
    register = f"<Rejestry>{element('KRS', registration)}</Rejestry>" if is_krs and not has_register else ""
    return box("Stopka", ("Informacje", notes), ("Rejestry", register), kept=kept)
