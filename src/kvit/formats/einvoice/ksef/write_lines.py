"""Lines in FA(3): FaWiersz, with a line of their own for whatever is added to or taken off the document."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.ksef import rates
from kvit.formats.einvoice.ksef.boxes import Part, box, marked, money, number, said
from kvit.formats.einvoice.ksef.names import UNITS
from kvit.formats.einvoice.model import Adjustment, FaKind, Invoice, Line, PolishLine
from kvit.kernel.money import round_half_up

_PRICE: Final = 8
"""Decimals of a price."""
_QUANTITY: Final = 6
_ALLOWANCE: Final = "Rabat"
_CHARGE: Final = "Opłata dodatkowa"


def lines(invoice: Invoice, decimals: int, kind: FaKind) -> str:
    """Every `FaWiersz`.

    A charge of a line, and allowances and charges of the document, have lines of their own; on a final invoice the
    document's allowances are the advances, which its sums leave out and no line shows.
    """
    numbers = _numbers(invoice)
    following = max(numbers, default=0)
    written = []
    for line, position in zip(invoice.lines, numbers, strict=True):
        written.append(_line(line, position, invoice, decimals))
    for adjustment, line in _added(invoice, decimals, is_final=kind in (FaKind.FINAL, FaKind.FINAL_CORRECTION)):
        following += 1
        written.append(_own_line(adjustment, line, following, invoice, decimals))
    return "".join(written)


def _numbers(invoice: Invoice) -> list[int]:
    """The lines' own identifiers where they are natural numbers, else their positions."""
    told = [line.id for line in invoice.lines]
    if all(one.isascii() and one.isdecimal() and int(one) > 0 and len(one) < 10 for one in told):
        return [int(one) for one in told]
    return list(range(1, len(told) + 1))


def _line(line: Line, position: int, invoice: Invoice, decimals: int) -> str:
    polish = line.polish or PolishLine()
    sign = -1 if polish.is_before else 1
    allowed = sum(one.amount_minor or 0 for one in line.allowances)
    charged = sum(one.amount_minor or 0 for one in line.charges)
    told = rates.mark(line, invoice)
    has_shop_rate = not told and line.vat_category == rates.S
    return box(
        "FaWiersz",
        said("NrWierszaFa", str(position)),
        said("P_7", line.name),
        said("Indeks", line.seller_item),
        said("GTIN", line.standard_item.value if line.standard_item else ""),
        said("P_8A", UNITS.get(line.unit, line.unit)),
        number("P_8B", None if line.quantity is None else _rounded(line.quantity * sign, _QUANTITY)),
        number("P_9A", _price(line)),
        number("P_9B", polish.gross_price),
        number("P_10", _discount(allowed * sign, polish, decimals)),
        money("P_11", None if line.net_minor is None else (line.net_minor - charged) * sign, decimals),
        money("P_11A", None if polish.gross_minor is None else polish.gross_minor * sign, decimals),
        money("P_11Vat", None if polish.vat_minor is None else polish.vat_minor * sign, decimals),
        said("P_12", told),
        number("P_12_XII", line.vat_rate if has_shop_rate else None),
        marked("P_12_Zal_15", polish.annex_15),
        said("GTU", polish.gtu),
        said("Procedura", polish.procedure),
        number("KursWaluty", polish.exchange_rate),
        marked("StanPrzed", polish.is_before),
        kept=polish.extra,
    )[1]


def _price(line: Line) -> Decimal | None:
    if line.price is None:
        return None
    return _rounded(line.price / line.price_quantity if line.price_quantity else line.price, _PRICE)


def _rounded(value: Decimal, places: int) -> Decimal:
    rounded = round_half_up(value, places)
    return value if rounded == value else rounded


def _discount(allowed_minor: int, polish: PolishLine, decimals: int) -> Decimal | None:
    if allowed_minor:
        return Decimal(allowed_minor).scaleb(-decimals)
    return polish.discount


def _added(invoice: Invoice, decimals: int, *, is_final: bool) -> Iterator[tuple[Adjustment, Line]]:
    """What needs a line of its own: the amount with its sign, and the line whose VAT it has."""
    for line in invoice.lines:
        yield from ((one, line) for one in line.charges)
    if is_final:
        return
    for one in invoice.charges:
        yield one, Line(name=one.reason or _CHARGE, vat_category=one.vat_category, vat_rate=one.vat_rate)
    for one in invoice.allowances:
        plain = Line(name=one.reason or _ALLOWANCE, vat_category=one.vat_category, vat_rate=one.vat_rate)
        yield Adjustment(amount_minor=-(one.amount_minor or 0)), plain


def _own_line(one: Adjustment, line: Line, position: int, invoice: Invoice, decimals: int) -> str:
    amount = one.amount_minor or 0
    told = rates.mark(line, invoice)
    parts: list[Part] = [
        said("NrWierszaFa", str(position)),
        said("P_7", one.reason or line.name or _CHARGE),
        said("P_8A", UNITS["C62"]),
        said("P_8B", "1"),
        number("P_9A", Decimal(amount).scaleb(-decimals)),
        money("P_11", amount, decimals),
        said("P_12", told),
        number("P_12_XII", None if told else line.vat_rate),
    ]
    return box("FaWiersz", *parts)[1]
