"""What a document adds up to: the one calculation of EN 16931-1, which e-invoices are made by, on drafts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kvit.formats import einvoice
from kvit.formats.einvoice.model import Adjustment, Invoice, Line, Totals, VatBreakdown
from kvit.invoicing.domain import taxes
from kvit.invoicing.domain.content import NO_CONTENT, Content, LineContent
from kvit.invoicing.domain.draft import DraftLine
from kvit.kernel.currencies import minor_units
from kvit.kernel.money import LARGEST_MINOR, NotRepresentable


@dataclass(frozen=True, slots=True)
class VatSum:
    """Taxable base and VAT of one category and rate, in minor units; `accounting_minor` in the national currency."""

    vat_rate: Decimal
    base_minor: int
    vat_minor: int
    category: str = "S"
    exemption_code: str = ""
    exemption_reason: str = ""
    accounting_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What counts beside the lines: the document's contents, an exchange rate, what was paid, how it is rounded."""

    content: Content = NO_CONTENT
    accounting_currency: str = ""
    exchange_rate: Decimal | None = None
    prepaid_minor: int = 0
    rounding_minor: int = 0
    rounds_cash: bool = False


@dataclass(frozen=True, slots=True)
class Calculated:
    """Net amount of each line, VAT per rate (rising), and the sums; minor units.

    `content` and `line_contents` are those given, with the amounts of allowances and charges filled in.
    """

    line_nets: tuple[int, ...]
    vat: tuple[VatSum, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    allowance_minor: int = 0
    charge_minor: int = 0
    rounding_minor: int = 0
    vat_accounting_minor: int | None = None
    content: Content = NO_CONTENT
    line_contents: tuple[LineContent, ...] = ()


_PLAIN: Final = Reckoning()


def calculate(lines: Sequence[DraftLine], currency: str, reckoning: Reckoning = _PLAIN) -> Calculated:
    """Line net = quantity x price rounded (BT-131); VAT = base x rate rounded (BR-CO-17); gross = net + VAT.

    Refuses `NotRepresentable` for more than an amount of money can be, `UnknownCurrency`.
    """
    if _is_plain(lines, reckoning):
        return _within(_of_lines_alone(lines, currency, reckoning.content))
    made = einvoice.calculate(
        _invoice(lines, currency, reckoning),
        exchange_rate=reckoning.exchange_rate,
        round_cash=reckoning.rounds_cash,
    )
    totals = made.totals
    return _within(
        Calculated(
            line_nets=tuple([line.net_minor or 0 for line in made.lines]),
            vat=_vat(made.vat, reckoning.content),
            net_minor=totals.net_minor or 0,
            vat_minor=totals.vat_minor or 0,
            gross_minor=totals.gross_minor or 0,
            allowance_minor=totals.allowances_minor or 0,
            charge_minor=totals.charges_minor or 0,
            rounding_minor=totals.rounding_minor or 0,
            vat_accounting_minor=totals.vat_accounting_minor,
            content=_filled(made, reckoning.content),
            line_contents=_filled_lines(made, lines),
        )
    )


def _is_plain(lines: Sequence[DraftLine], reckoning: Reckoning) -> bool:
    """Whether lines are all there is to it, as in most of a run of thousands: then no e-invoice need be built."""
    content = reckoning.content
    return (
        not (content.allowances or content.charges or reckoning.rounds_cash or reckoning.rounding_minor)
        and reckoning.exchange_rate is None
        and all(line.content is None for line in lines)
    )


def _of_lines_alone(lines: Sequence[DraftLine], currency: str, content: Content) -> Calculated:
    """The same sums by the same rules, without the e-invoice around them."""
    decimals = minor_units(currency)
    nets = tuple([einvoice.line_amount(line.quantity, line.unit_price, None, decimals) for line in lines])
    parts = [
        (category, taxes.rate_of(category, line.vat_rate), net)
        for line, net in zip(lines, nets, strict=True)
        for category in (line.category,)
    ]
    vat, totals = einvoice.plain_sums(parts, currency)
    return Calculated(
        line_nets=nets,
        vat=_vat(vat, content),
        net_minor=totals.net_minor or 0,
        vat_minor=totals.vat_minor or 0,
        gross_minor=totals.gross_minor or 0,
        content=content,
    )


def _within(found: Calculated) -> Calculated:
    if max(map(abs, (*found.line_nets, found.net_minor, found.vat_minor, found.gross_minor))) > LARGEST_MINOR:
        raise NotRepresentable("the document adds up to more than an amount of money can be")
    return found


def _invoice(lines: Sequence[DraftLine], currency: str, reckoning: Reckoning) -> Invoice:
    content = reckoning.content
    return Invoice(
        currency=currency,
        accounting_currency=reckoning.accounting_currency,
        lines=tuple([_line(line) for line in lines]),
        allowances=_rated(content.allowances),
        charges=_rated(content.charges),
        totals=Totals(prepaid_minor=reckoning.prepaid_minor or None, rounding_minor=reckoning.rounding_minor or None),
    )


def _line(line: DraftLine) -> Line:
    category = line.category
    rate = taxes.rate_of(category, line.vat_rate)
    if line.content is None:
        return Line(quantity=line.quantity, price=line.unit_price, vat_category=category, vat_rate=rate)
    return Line(
        quantity=line.quantity,
        price=line.unit_price,
        price_quantity=line.more.price_quantity,
        vat_category=category,
        vat_rate=rate,
        allowances=line.more.allowances,
        charges=line.more.charges,
    )


def _rated(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    """Allowances and charges of the document with their category told."""
    return tuple(
        replace(one, vat_category=category, vat_rate=taxes.rate_of(category, one.vat_rate or Decimal(0)))
        for one in adjustments
        for category in (taxes.category_of(one.vat_category, one.vat_rate or Decimal(0)),)
    )


def _vat(breakdown: Iterable[VatBreakdown], content: Content) -> tuple[VatSum, ...]:
    told = {one.category: (one.code, one.reason) for one in content.exemptions}
    found = []
    for one in breakdown:
        code, reason = told.get(one.category, (one.exemption_code, one.exemption_reason))
        base, vat = one.base_minor or 0, one.vat_minor or 0
        found.append(VatSum(one.rate or Decimal(0), base, vat, one.category, code, reason, one.accounting_minor))
    return tuple(sorted(found, key=lambda one: (one.vat_rate, one.category)))


def _filled(made: Invoice, content: Content) -> Content:
    if not (content.allowances or content.charges):
        return content
    return replace(content, allowances=made.allowances, charges=made.charges)


def _filled_lines(made: Invoice, lines: Sequence[DraftLine]) -> tuple[LineContent, ...]:
    if all(line.content is None for line in lines):
        return ()
    return tuple(
        replace(line.more, allowances=one.allowances, charges=one.charges)
        for line, one in zip(lines, made.lines, strict=True)
    )
