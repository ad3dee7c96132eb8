"""Reads sums of VAT, annotations, corrections and advances from FA."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.ksef.kept import SCHEMA, Kept, as_kept, in_order, whole
from kvit.formats.einvoice.ksef.rates import FIELDS, needed_field
from kvit.formats.einvoice.model import (
    AdvanceInvoice,
    CorrectedInvoice,
    CorrectionEffect,
    FaKind,
    Line,
    Order,
    OrderLine,
    PartialAdvance,
    PolishTerms,
    Totals,
    VatBreakdown,
)
from kvit.formats.einvoice.nodes import Currency, Node

_TAXED: Final = ("1", "2", "3", "4", "5")


def vat(body: Node, currency: Currency) -> tuple[tuple[VatBreakdown, ...], Totals]:
    """The breakdown by the fields P_13 and P_14, and the totals."""
    found = []
    zloty = Currency("PLN")
    for number in FIELDS:
        base = currency.amount(body, f"P_13_{number}", "FA-DEC")
        tax = currency.amount(body, f"P_14_{number}", "FA-DEC") if number in _TAXED else None
        other = zloty.amount(body, f"P_14_{number}W", "FA-DEC") if number in _TAXED[:4] else None
        if base is None and tax is None:
            continue
        category, rate = FIELDS[number]
        found.append(
            VatBreakdown(
                category=category,
                rate=rate,
                base_minor=base,
                vat_minor=tax if number in _TAXED else 0,
                accounting_minor=other,
                polish_field=needed_field(category, rate, number),
            )
        )
    accounting = [one.accounting_minor for one in found if one.accounting_minor is not None]
    return tuple(found), Totals(
        net_minor=sum(one.base_minor or 0 for one in found) if found else None,
        vat_minor=sum(one.vat_minor or 0 for one in found) if found else None,
        vat_accounting_minor=sum(accounting) if accounting else None,
        gross_minor=currency.amount(body, "P_15", "FA-DEC"),
    )


def rated(found: tuple[VatBreakdown, ...], lines: tuple[Line, ...]) -> tuple[VatBreakdown, ...]:
    """The breakdown with the rates that the lines tell: 22 and 7 stand in the fields of 23 and 8."""
    used = {line.vat_rate for line in lines if line.vat_category == "S" and line.vat_rate is not None}
    older = {Decimal(23): Decimal(22), Decimal(8): Decimal(7), Decimal(4): Decimal(3)}
    return tuple(
        replace(one, rate=older[one.rate])
        if one.rate in older and one.rate not in used and older[one.rate] in used
        else replace(one, rate=next(iter(used)))
        if one.polish_field == "5" and len(used) == 1
        else one
        for one in found
    )


def terms(body: Node, currency: Currency, kept: Kept) -> PolishTerms:
    """What the invoice says beyond the standard, parties and payment aside."""
    annotations = body.child_node("Adnotacje")
    exemption = annotations.child_node("Zwolnienie")
    for name in ("P_19", "P_19N"):
        exemption.text(name)
    found = PolishTerms(
        kind=_kind(body),
        place=body.text("P_1M"),
        cash_method=annotations.text("P_16") == "1",
        self_billed=annotations.text("P_17") == "1",
        reverse_charge=annotations.text("P_18") == "1",
        split_payment=annotations.text("P_18A") == "1",
        triangular=annotations.text("P_23") == "1",
        exemption_act=exemption.text("P_19A"),
        exemption_directive=exemption.text("P_19B"),
        exemption_other=exemption.text("P_19C"),
        exchange_rate=body.number("KursWalutyZ"),
        correction_reason=body.text("PrzyczynaKorekty"),
        correction_effect=_effect(body),
        corrected=tuple(_corrected(body)),
        seller_before=whole(before) if (before := body.one("Podmiot1K")) else None,
        buyers_before=tuple(whole(one) for one in body.all("Podmiot2K")),
        paid_before_minor=currency.amount(body, "P_15ZK", "FA-DEC"),
        paid_before_rate=body.number("KursWalutyZK"),
        advances=tuple(_advance(one) for one in body.all("FakturaZaliczkowa")),
        partial_advances=tuple(_partial(body, currency)),
        order=_order(body, currency),
        descriptions=tuple(_descriptions(body, kept)),
    )
    _plain(annotations, "NoweSrodkiTransportu", "P_22N", kept)
    _plain(annotations, "PMarzy", "P_PMarzyN", kept)
    kept.rest(annotations, "Fa/Adnotacje")
    return found


def _kind(body: Node) -> FaKind | None:
    told = body.text("RodzajFaktury")
    if told in list(FaKind):
        return FaKind(told)
    body.findings.tell(SCHEMA, f"{body.place}/RodzajFaktury", f"{told[:20]!r} is no kind of FA")
    return None


def _effect(body: Node) -> CorrectionEffect | None:
    told = body.text("TypKorekty")
    return CorrectionEffect(told) if told in list(CorrectionEffect) else None


def _plain(annotations: Node, name: str, nothing: str, kept: Kept) -> None:
    """A group that says that there is nothing of its kind is read; another is kept."""
    found = annotations.one(name)
    if found is not None and found.names() != [nothing]:
        kept.put(found, "Fa/Adnotacje")
    elif found is not None:
        found.text(nothing)


def _corrected(body: Node) -> Iterator[CorrectedInvoice]:
    for one in body.all("DaneFaKorygowanej"):
        issued, number = one.day("DataWystFaKorygowanej"), one.text("NrFaKorygowanej")
        one.text("NrKSeF")
        one.text("NrKSeFN")
        if issued is None:
            one.findings.lose(SCHEMA, one.place, "the corrected invoice has no issue date")
            continue
        yield CorrectedInvoice(number=number, issue_date=issued, ksef_number=one.text("NrKSeFFaKorygowanej"))


def _advance(node: Node) -> AdvanceInvoice:
    node.text("NrKSeFZN")
    return AdvanceInvoice(ksef_number=node.text("NrKSeFFaZaliczkowej"), number=node.text("NrFaZaliczkowej"))


def _partial(body: Node, currency: Currency) -> Iterator[PartialAdvance]:
    for one in body.all("ZaliczkaCzesciowa"):
        received, amount = one.day("P_6Z"), currency.amount(one, "P_15Z", "FA-DEC")
        if received is None or amount is None:
            one.findings.lose(SCHEMA, one.place, "the advance has no day or no amount")
            continue
        yield PartialAdvance(received_date=received, amount_minor=amount, exchange_rate=one.number("KursWalutyZW"))


def _descriptions(body: Node, kept: Kept) -> Iterator[tuple[str, str]]:
    """Keys and values on the whole invoice; those on one line are kept."""
    for one in body.all("DodatkowyOpis"):
        if "NrWiersza" in one.names():
            kept.put(one, "Fa")
        else:
            yield one.text("Klucz"), one.text("Wartosc")


def _order(body: Node, currency: Currency) -> Order | None:
    found = body.one("Zamowienie")
    if found is None:
        return None
    in_order(found)
    value = currency.amount(found, "WartoscZamowienia", "FA-DEC")
    if value is None:
        found.findings.lose(SCHEMA, found.place, "the order has no value (WartoscZamowienia)")
    return Order(
        gross_minor=value or 0,
        lines=tuple(_order_line(one, n, currency) for n, one in enumerate(found.all("ZamowienieWiersz"), 1)),
    )


def _order_line(node: Node, position: int, currency: Currency) -> OrderLine:
    in_order(node)
    number = node.text("NrWierszaZam")
    line = OrderLine(
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else position,
        name=node.text("P_7Z"),
        unit=node.text("P_8AZ"),
        quantity=node.number("P_8BZ"),
        price=node.number("P_9AZ"),
        net_minor=currency.amount(node, "P_11NettoZ", "FA-DEC"),
        vat_minor=currency.amount(node, "P_11VatZ", "FA-DEC"),
        rate=node.text("P_12Z"),
        is_before=node.text("StanPrzedZ") == "1",
    )
    return replace(line, extra=tuple(as_kept(one) for one in node.rest()))
