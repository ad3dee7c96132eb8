"""VAT in FA(3): the marks of P_12 and the fields of P_13, and the categories of EN 16931 that they stand for."""

from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.model import Invoice, Line, VatBreakdown, VatCategory

S: Final = VatCategory.STANDARD
Z: Final = VatCategory.ZERO
E: Final = VatCategory.EXEMPT
AE: Final = VatCategory.REVERSE_CHARGE
_ABROAD: Final = VatCategory.OUTSIDE_SCOPE
_FIELD_OF_RATE: Final = {"23": "1", "22": "1", "8": "2", "7": "2", "5": "3", "4": "4", "3": "4"}
_ZERO: Final = Decimal(0)
MARKS: Final[dict[str, tuple[VatCategory, Decimal | None, str]]] = {
    **{mark: (S, Decimal(mark), field) for mark, field in _FIELD_OF_RATE.items()},
    "0 KR": (Z, _ZERO, "6_1"),
    "0 WDT": (VatCategory.INTRA_COMMUNITY, _ZERO, "6_2"),
    "0 EX": (VatCategory.EXPORT, _ZERO, "6_3"),
    "zw": (E, _ZERO, "7"),
    "np I": (_ABROAD, None, "8"),
    "np II": (AE, _ZERO, "9"),
    "oo": (AE, _ZERO, "10"),
    # FA(2) did not tell these apart:
    "0": (Z, _ZERO, "6_1"),
    "np": (_ABROAD, None, "8"),
}
"""P_12: category, rate and field. Np I is outside the country, np II a service that an EU buyer is taxed for (art. 100
ust. 1 pkt 4), oo the reverse charge inside the country."""
FIELDS: Final[dict[str, tuple[VatCategory, Decimal | None]]] = {
    "1": (S, Decimal(23)),
    "2": (S, Decimal(8)),
    "3": (S, Decimal(5)),
    "4": (S, Decimal(4)),
    "5": (S, None),
    "6_1": (Z, _ZERO),
    "6_2": (VatCategory.INTRA_COMMUNITY, _ZERO),
    "6_3": (VatCategory.EXPORT, _ZERO),
    "7": (E, _ZERO),
    "8": (_ABROAD, None),
    "9": (AE, _ZERO),
    "10": (AE, _ZERO),
    "11": (E, _ZERO),
}
"""P_13: category and today's rate. 4 is the lump sum of taxis, 5 the one-stop shop, 11 the margin scheme."""
_OWN: Final = {
    Z: "0 KR",
    VatCategory.INTRA_COMMUNITY: "0 WDT",
    VatCategory.EXPORT: "0 EX",
    E: "zw",
    _ABROAD: "np I",
}
_SHOP: Final = "5"
MARGIN: Final = "11"


def mark(line: Line, invoice: Invoice) -> str:
    """P_12 of a line; "" where its rate is another country's and stands in P_12_XII."""
    if line.polish and line.polish.rate:
        return line.polish.rate
    return mark_of(line.vat_category, line.vat_rate, invoice)


def mark_of(category: str, rate: Decimal | None, invoice: Invoice) -> str:
    """P_12 of a category and rate on this invoice."""
    if category == S:
        told = "" if rate is None else f"{rate.normalize():f}"
        return told if told in _FIELD_OF_RATE else ""
    if category == AE:
        return "oo" if _is_domestic(invoice) else "np II"
    return _OWN.get(VatCategory(category), "") if category in list(VatCategory) else ""


def _is_domestic(invoice: Invoice) -> bool:
    address = invoice.buyer.address
    return invoice.buyer.vat_number.startswith("PL") or (address is not None and address.country == "PL")


def field(one: VatBreakdown, invoice: Invoice) -> str:
    """The number of P_13 in which a breakdown stands."""
    if one.polish_field:
        return one.polish_field
    told = mark_of(one.category, one.rate, invoice)
    return MARKS[told][2] if told else _SHOP


def needed_field(category: str, rate: Decimal | None, number: str) -> str:
    """The number of P_13 as the model keeps it: only where category and rate do not tell it."""
    return number if number in ("4", "5", "9", "11") or (category, rate) != FIELDS[number] else ""
