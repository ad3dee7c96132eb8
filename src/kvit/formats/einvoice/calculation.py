"""Puts an invoice into its plain form and works out what it adds up to, by the calculation rules of EN 16931-1.

`normalize` first, then `calculate`; `rules.validate` says whether the result may be sent.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Context, Decimal
from typing import Any, Final

from kvit.formats.einvoice.model import Adjustment, Invoice, Line, Totals, VatBreakdown, VatCategory
from kvit.kernel.currencies import minor_units
from kvit.kernel.money import cash_rounding, round_half_up

_EXACT: Final = Context(prec=60)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot carry at all."""
_ZERO_RATED: Final = frozenset(
    {
        VatCategory.ZERO,
        VatCategory.EXEMPT,
        VatCategory.REVERSE_CHARGE,
        VatCategory.INTRA_COMMUNITY,
        VatCategory.EXPORT,
    }
)
REASONS: Final[dict[str, tuple[str, str]]] = {
    VatCategory.REVERSE_CHARGE: ("VATEX-EU-AE", "Reverse charge"),
    VatCategory.INTRA_COMMUNITY: ("VATEX-EU-IC", "Intra-community supply"),
    VatCategory.EXPORT: ("VATEX-EU-G", "Export outside the EU"),
    VatCategory.OUTSIDE_SCOPE: ("VATEX-EU-O", "Not subject to VAT"),
}
"""Code and words of why no VAT is charged where the category says it all; an exemption (E) has to state its own."""


def normalize(invoice: Invoice) -> Invoice:
    """The same invoice in plain form.

    Texts are trimmed, line ends LF, characters that XML cannot carry blanks; lines without an identifier are numbered,
    gross price and discount told together; the rates of zero-rated categories are 0, those outside the scope None.
    """
    tidy: Invoice = _tidied(invoice)
    lines = tuple(_plain_line(line, position) for position, line in enumerate(tidy.lines, 1))
    return replace(tidy, lines=lines, allowances=_rated(tidy.allowances), charges=_rated(tidy.charges))


def _plain_line(line: Line, position: int) -> Line:
    gross, discount = line.gross_price, line.price_discount
    if line.price is not None and gross is None and discount is not None:
        gross = line.price + discount
    elif line.price is not None and gross is not None and discount is None:
        discount = gross - line.price
    return replace(
        line,
        id=line.id or str(position),
        vat_rate=_rate(line.vat_category, line.vat_rate),
        gross_price=gross,
        price_discount=discount,
    )


def _tidied(value: Any) -> Any:
    if type(value) is str:
        return _FORBIDDEN.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if isinstance(value, tuple):
        return tuple(_tidied(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: tidy
            for field in fields(value)
            if (tidy := _tidied(old := getattr(value, field.name))) is not old and tidy != old
        }
        return replace(value, **changed) if changed else value
    return value


def _rate(category: str, rate: Decimal | None) -> Decimal | None:
    if category == VatCategory.OUTSIDE_SCOPE:
        return None
    return Decimal(0) if rate is None and category in _ZERO_RATED else rate


def _rated(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(replace(one, vat_rate=_rate(one.vat_category, one.vat_rate)) for one in adjustments)


def calculate(invoice: Invoice, *, exchange_rate: Decimal | None = None, round_cash: bool = False) -> Invoice:
    """The invoice with every sum filled in; what was there of them is replaced.

    Kept of the given: amounts of allowances and charges (else base x percent), `totals.prepaid_minor` and
    `totals.rounding_minor`, and of `vat` the exemption reasons by category, which default to `REASONS`.
    `exchange_rate` is units of the accounting currency for one of the invoice's: VAT per rate and in all is then
    stated in both. `round_cash` asks for a sum payable in cash (whole kronor) by BT-114.

    Sources: BR-CO-10 to BR-CO-17; EN 16931-1 6.5 for lines; half a minor unit is rounded away from zero.
    Refuses `NotRepresentable` for more than an amount of money can be, `UnknownCurrency`.
    """
    decimals = minor_units(invoice.currency)
    lines = tuple(_line(line, decimals) for line in invoice.lines)
    lines_minor = sum(line.net_minor or 0 for line in lines)
    allowances = tuple(_adjustment(one, lines_minor) for one in invoice.allowances)
    charges = tuple(_adjustment(one, lines_minor) for one in invoice.charges)
    told = {one.category: (one.exemption_code, one.exemption_reason) for one in reversed(invoice.vat)}
    currencies = invoice.currency, invoice.accounting_currency
    vat = _breakdown(_parts(lines, charges, allowances), told, currencies, exchange_rate)
    given = replace(
        invoice.totals,
        allowances_minor=_sum(allowances) if allowances else None,
        charges_minor=_sum(charges) if charges else None,
    )
    totals = _totals(given, lines_minor, vat, cash=invoice.currency if round_cash else "")
    return replace(invoice, lines=lines, allowances=allowances, charges=charges, vat=vat, totals=totals)


def plain_sums(
    lines: Iterable[tuple[str, Decimal | None, int]], currency: str
) -> tuple[tuple[VatBreakdown, ...], Totals]:
    """VAT and totals of what `calculate` would give for lines alone: category, rate and net amount of each.

    For sets of thousands of plain invoices, of which nobody needs the whole.
    """
    parts = tuple(lines)
    vat = _breakdown(parts, {}, (currency, ""), None)
    return vat, _totals(Totals(), sum(amount for _, _, amount in parts), vat)


def _line(line: Line, decimals: int) -> Line:
    price = line.price
    if price is None and line.gross_price is not None:
        price = line.gross_price - (line.price_discount or Decimal(0))
    plain_minor = line_amount(line.quantity, price, line.price_quantity, decimals)
    allowances = tuple(_adjustment(one, plain_minor) for one in line.allowances)
    charges = tuple(_adjustment(one, plain_minor) for one in line.charges)
    net = plain_minor + _sum(charges) - _sum(allowances)
    return replace(line, price=price, allowances=allowances, charges=charges, net_minor=net)


def line_amount(quantity: Decimal | None, price: Decimal | None, price_quantity: Decimal | None, decimals: int) -> int:
    """Quantity x price / the quantity that the price is for, in whole minor units of a currency with `decimals`."""
    exact = _EXACT.multiply(quantity or Decimal(0), price or Decimal(0))
    if price_quantity:
        exact = _EXACT.divide(exact, price_quantity)
    return int(round_half_up(exact.scaleb(decimals, context=_EXACT), 0))


def percentage(base_minor: int, percent: Decimal) -> int:
    """`percent` of an amount, rounded to whole minor units (BR-CO-17)."""
    return int(round_half_up(_EXACT.divide(_EXACT.multiply(Decimal(base_minor), percent), Decimal(100)), 0))


def _adjustment(one: Adjustment, base_minor: int) -> Adjustment:
    """The amount is the base's percent where it is not given; the base is then what was given, or `base_minor`."""
    if one.amount_minor is not None or one.percent is None:
        return one
    base = base_minor if one.base_minor is None else one.base_minor
    return replace(one, base_minor=base, amount_minor=percentage(base, one.percent))


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum(one.amount_minor or 0 for one in adjustments)


def _breakdown(
    parts: Iterable[tuple[str, Decimal | None, int]],
    told: Mapping[str, tuple[str, str]],
    currencies: tuple[str, str],
    exchange_rate: Decimal | None,
) -> tuple[VatBreakdown, ...]:
    bases: dict[tuple[str, Decimal | None], int] = {}
    for category, rate, amount in parts:
        bases[category, rate] = bases.get((category, rate), 0) + amount
    found = []
    for (category, rate), base in sorted(bases.items(), key=lambda item: (item[0][0], item[0][1] or Decimal(0))):
        code, reason = told.get(category, ("", ""))
        if not (code or reason):
            code, reason = REASONS.get(category, ("", ""))
        vat = percentage(base, rate or Decimal(0))
        found.append(
            VatBreakdown(
                category=category,
                rate=rate,
                base_minor=base,
                vat_minor=vat,
                exemption_code=code,
                exemption_reason=reason,
                accounting_minor=None if exchange_rate is None else _converted(vat, currencies, exchange_rate),
            )
        )
    return tuple(found)


def taxed(invoice: Invoice) -> Iterable[tuple[str, Decimal | None, int]]:
    """Category, rate and signed amount of every line, charge and allowance: what a VAT breakdown is summed from."""
    return _parts(invoice.lines, invoice.charges, invoice.allowances)


def _parts(
    lines: Iterable[Line], charges: Iterable[Adjustment], allowances: Iterable[Adjustment]
) -> Iterable[tuple[str, Decimal | None, int]]:
    for line in lines:
        yield line.vat_category, line.vat_rate, line.net_minor or 0
    for one in charges:
        yield one.vat_category, one.vat_rate, one.amount_minor or 0
    for one in allowances:
        yield one.vat_category, one.vat_rate, -(one.amount_minor or 0)


def _converted(minor: int, currencies: tuple[str, str], rate: Decimal) -> int:
    """An amount of the first currency in the second, at `rate` units of it for one of the first."""
    shift = minor_units(currencies[1]) - minor_units(currencies[0])
    return int(round_half_up(_EXACT.multiply(Decimal(minor), rate).scaleb(shift, context=_EXACT), 0))


def _totals(given: Totals, lines_minor: int, vat: Sequence[VatBreakdown], *, cash: str = "") -> Totals:
    """The totals; `given` has the sums of allowances and charges, `cash` is the currency that is rounded to be paid."""
    net = lines_minor + (given.charges_minor or 0) - (given.allowances_minor or 0)
    vat_minor = sum(one.vat_minor or 0 for one in vat)
    accounting = [one.accounting_minor for one in vat if one.accounting_minor is not None]
    unrounded = net + vat_minor - (given.prepaid_minor or 0)
    rounding = cash_rounding(unrounded, cash) or None if cash else given.rounding_minor
    return Totals(
        lines_minor=lines_minor,
        allowances_minor=given.allowances_minor,
        charges_minor=given.charges_minor,
        net_minor=net,
        vat_minor=vat_minor,
        vat_accounting_minor=sum(accounting) if accounting else given.vat_accounting_minor,
        gross_minor=net + vat_minor,
        prepaid_minor=given.prepaid_minor,
        rounding_minor=rounding,
        due_minor=unrounded + (rounding or 0),
    )
