"""The sums of an invoice: allowances and charges, VAT by category and rate, totals."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An allowance or a charge, on the document (BG-20, BG-21) or on a line (BG-27, BG-28).

    Minor units of the invoice's currency, above zero as a rule; which of the two it is, the list says in which it
    stands. Category and rate are those of the document's; on a line they are the line's.
    """

    amount_minor: int | None = None
    """BT-92, BT-99, BT-136, BT-141, without VAT; calculated from base and percent where it is None"""
    base_minor: int | None = None
    """BT-93, BT-100, BT-137, BT-142"""
    percent: Decimal | None = None
    """BT-94, BT-101, BT-138, BT-143"""
    reason: str = ""
    """BT-97, BT-104, BT-139, BT-144"""
    reason_code: str = ""
    """BT-98, BT-140: UNTDID 5189; BT-105, BT-145: UNTDID 7161"""
    vat_category: str = ""
    """BT-95, BT-102"""
    vat_rate: Decimal | None = None
    """BT-96, BT-103, in percent"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VatBreakdown:
    """What is taxed in one category at one rate (BG-23); minor units."""

    category: str = ""
    """BT-118"""
    rate: Decimal | None = None
    """BT-119, in percent; None where the category has no rate"""
    base_minor: int | None = None
    """BT-116"""
    vat_minor: int | None = None
    """BT-117"""
    exemption_reason: str = ""
    """BT-120"""
    exemption_code: str = ""
    """BT-121, of the list VATEX"""
    accounting_minor: int | None = None
    """The VAT in the accounting currency. Beyond the standard: FA(3) states it per rate, UBL and CII only its sum."""
    polish_field: str = ""
    """The number of P_13 in FA(3) where category and rate do not tell it: 4, 5, 8, 9, 10, 11."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the document adds up to (BG-22); minor units of its currency."""

    lines_minor: int | None = None
    """BT-106, the sum of the lines"""
    allowances_minor: int | None = None
    """BT-107"""
    charges_minor: int | None = None
    """BT-108"""
    net_minor: int | None = None
    """BT-109, without VAT"""
    vat_minor: int | None = None
    """BT-110"""
    vat_accounting_minor: int | None = None
    """BT-111, in minor units of the accounting currency"""
    gross_minor: int | None = None
    """BT-112, with VAT"""
    prepaid_minor: int | None = None
    """BT-113"""
    rounding_minor: int | None = None
    """BT-114"""
    due_minor: int | None = None
    """BT-115"""
