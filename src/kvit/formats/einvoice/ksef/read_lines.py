"""Reads lines from FA."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.calculation import line_amount
from kvit.formats.einvoice.ksef.kept import SCHEMA, as_kept, in_order
from kvit.formats.einvoice.ksef.names import UNITS
from kvit.formats.einvoice.ksef.rates import MARKS, S
from kvit.formats.einvoice.model import Adjustment, Identifier, Line, PolishLine
from kvit.formats.einvoice.nodes import Currency, Node
from kvit.kernel.money import round_half_up

_UNIT_OF: Final = {polish: code for code, polish in UNITS.items()}
_DISCOUNT: Final = "95"
"""UNTDID 5189: discount."""
_TELLING: Final = frozenset({"np I", "np II", "oo"})
"""Marks that category and rate do not tell."""


def lines(body: Node, currency: Currency) -> tuple[Line, ...]:
    """Every `FaWiersz`; one of before a correction counts against those after it."""
    return tuple(_line(one, currency) for one in body.all("FaWiersz"))


def _line(node: Node, currency: Currency) -> Line:
    in_order(node)
    is_before = node.text("StanPrzed") == "1"
    sign = -1 if is_before else 1
    told, shop = node.text("P_12"), node.number("P_12_XII")
    category, rate = _taxed(node, told, shop)
    quantity, price = node.number("P_8B"), node.number("P_9A")
    net = currency.amount(node, "P_11", "FA-DEC")
    discount = node.number("P_10")
    allowance = _allowance(discount, quantity, price, net, currency)
    gtin = node.text("GTIN")
    unit = node.text("P_8A")
    gross = currency.amount(node, "P_11A", "FA-DEC")
    vat = currency.amount(node, "P_11Vat", "FA-DEC")
    polish = PolishLine(
        rate=told if told in _TELLING else "",
        is_before=is_before,
        gross_price=node.number("P_9B"),
        gross_minor=None if gross is None else gross * sign,
        vat_minor=None if vat is None else vat * sign,
        annex_15=node.text("P_12_Zal_15") == "1",
        gtu=node.text("GTU"),
        procedure=node.text("Procedura"),
        exchange_rate=node.number("KursWaluty"),
        discount=None if allowance else discount,
    )
    line = Line(
        id=node.text("NrWierszaFa"),
        name=node.text("P_7"),
        seller_item=node.text("Indeks"),
        standard_item=Identifier(value=gtin, scheme="0160") if gtin else None,
        unit=_UNIT_OF.get(unit, unit),
        quantity=None if quantity is None else quantity * sign,
        price=price,
        allowances=(Adjustment(amount_minor=allowance * sign, reason_code=_DISCOUNT),) if allowance else (),
        net_minor=None if net is None else net * sign,
        vat_category=category,
        vat_rate=rate,
    )
    extra = tuple(as_kept(one) for one in node.rest())
    polish = replace(polish, extra=extra)
    return line if polish == PolishLine() else replace(line, polish=polish)


def _taxed(node: Node, told: str, shop: Decimal | None) -> tuple[str, Decimal | None]:
    """Category and rate: of the mark, or of another country's rate in the one-stop shop."""
    if told in MARKS:
        return MARKS[told][0], MARKS[told][1]
    if told:
        node.findings.tell(SCHEMA, f"{node.place}/P_12", f"{told[:20]!r} is no mark of a VAT rate")
    return (S, shop) if shop is not None else ("", None)


def _allowance(
    discount: Decimal | None, quantity: Decimal | None, price: Decimal | None, net: int | None, currency: Currency
) -> int | None:
    """The discount as an allowance where the net amount is less by it; None where it is told for information."""
    if not discount or net is None or quantity is None or price is None:
        return None
    if round_half_up(discount, currency.decimals) != discount:
        return None
    minor = int(discount.scaleb(currency.decimals))
    return minor if line_amount(quantity, price, None, currency.decimals) - minor == net else None


def sum_of(found: tuple[Line, ...]) -> int | None:
    """The sum of the net amounts, None where one of them is not told."""
    nets = [line.net_minor for line in found]
    return None if None in nets else sum(net or 0 for net in nets)
