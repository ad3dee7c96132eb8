"""One line of an invoice: what was delivered, how much of it, at what price and under which VAT."""

from dataclasses import dataclass
from decimal import Decimal

from kvit.formats.einvoice.model.amounts import Adjustment
from kvit.formats.einvoice.model.party import Identifier, Period
from kvit.formats.einvoice.model.polish import PolishLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A code of the item in a list (BT-158), such as CPV in the list STI."""

    code: str
    list_id: str = ""
    """UNTDID 7143"""
    list_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAttribute:
    """A property of the item (BG-32), such as colour and red."""

    name: str = ""
    """BT-160"""
    value: str = ""
    """BT-161"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An invoice line (BG-25) with its price (BG-29), VAT (BG-30) and item (BG-31)."""

    id: str = ""
    """BT-126"""
    name: str = ""
    """BT-153"""
    quantity: Decimal | None = None
    """BT-129"""
    unit: str = ""
    """BT-130, a code of UN/ECE Recommendation 20 or 21: C62 one, HUR hour, KWH"""
    price: Decimal | None = None
    """BT-146, without VAT and after the discount, for `price_quantity` units"""
    vat_category: str = ""
    """BT-151"""
    vat_rate: Decimal | None = None
    """BT-152, in percent"""
    net_minor: int | None = None
    """BT-131: quantity x price, with charges and without allowances of the line"""
    description: str = ""
    """BT-154"""
    note: str = ""
    """BT-127"""
    object: Identifier | None = None
    """BT-128: what the line is about, such as a meter or a telephone number; scheme of UNTDID 1153"""
    order_line: str = ""
    """BT-132"""
    accounting_reference: str = ""
    """BT-133, the buyer's"""
    period: Period | None = None
    """BG-26"""
    allowances: tuple[Adjustment, ...] = ()
    """BG-27"""
    charges: tuple[Adjustment, ...] = ()
    """BG-28"""
    gross_price: Decimal | None = None
    """BT-148"""
    price_discount: Decimal | None = None
    """BT-147"""
    price_quantity: Decimal | None = None
    """BT-149: how many units the price is for; one where it is None"""
    price_unit: str = ""
    """BT-150"""
    seller_item: str = ""
    """BT-155"""
    buyer_item: str = ""
    """BT-156"""
    standard_item: Identifier | None = None
    """BT-157, a GTIN in scheme 0160 for instance"""
    classifications: tuple[Classification, ...] = ()
    """BT-158"""
    origin: str = ""
    """BT-159, ISO 3166-1"""
    attributes: tuple[ItemAttribute, ...] = ()
    """BG-32"""
    polish: PolishLine | None = None
    """What FA(3) says beyond the standard."""
