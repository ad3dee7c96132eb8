"""Days, amounts, numbers and identifiers in CII."""

import datetime
from decimal import Decimal

from kvit.formats.einvoice.markup import amount, element, group, marked, number
from kvit.formats.einvoice.model import Identifier


def day(name: str, value: datetime.date | None, kind: str = "udt:DateTimeString") -> str:
    """A day in format 102, YYYYMMDD."""
    return "" if value is None else f'<{name}><{kind} format="102">{value:%Y%m%d}</{kind}></{name}>'


def money(name: str, minor: int | None, decimals: int, currency: str = "") -> str:
    """An amount; its currency is told in totals of VAT only."""
    return "" if minor is None else marked(name, amount(minor, decimals), ("currencyID", currency))


def identifier(name: str, one: Identifier | None) -> str:
    """An identifier with its scheme."""
    return "" if one is None else marked(name, one.value, ("schemeID", one.scheme))


def document(name: str, reference: str) -> str:
    """A reference to another document by its number."""
    return group(name, element("ram:IssuerAssignedID", reference))


def tax(name: str, category: str, rate: Decimal | None) -> str:
    """A VAT category with its rate."""
    if not category and rate is None:
        return ""
    return group(
        name,
        "<ram:TypeCode>VAT</ram:TypeCode>",
        element("ram:CategoryCode", category),
        element("ram:RateApplicablePercent", number(rate)),
    )


def indicator(is_charge: bool) -> str:
    """Whether something is added or taken off."""
    told = "true" if is_charge else "false"
    return f"<ram:ChargeIndicator><udt:Indicator>{told}</udt:Indicator></ram:ChargeIndicator>"
