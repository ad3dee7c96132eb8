"""Reads days, identifiers, addresses and VAT from CII."""

import datetime
import re
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.model import Address, Identifier, Period
from kvit.formats.einvoice.nodes import Node

_DAY: Final = re.compile(r"\d{8}", re.ASCII)


def day(node: Node | None) -> datetime.date | None:
    """The day in an element around DateTimeString or DateString, in format 102."""
    if node is None:
        return None
    inside = node.one("DateTimeString") or node.one("DateString") or node.one("DateTime")
    told = inside.own() if inside else ""
    if not told:
        return None
    try:
        return datetime.date.fromisoformat(told if _DAY.fullmatch(told) else told[:10])
    except ValueError:
        node.findings.lose("CII-DT-013", node.place, f"{told[:40]!r} is not a day as YYYYMMDD")
        return None


def period(node: Node | None) -> Period | None:
    """A period."""
    if node is None:
        return None
    return Period(start=day(node.one("StartDateTime")), end=day(node.one("EndDateTime")))


def identifier(node: Node, name: str) -> Identifier | None:
    """The first child of this name with its scheme; None where it is not there or empty."""
    found = node.one(name)
    if found is None or not found.own():
        return None
    return Identifier(value=found.own(), scheme=found.attribute("schemeID"))


def identifiers(node: Node) -> tuple[Identifier, ...]:
    """The numbers of a party: own ones first, then those of a scheme."""
    found = [*node.all("ID"), *node.all("GlobalID")]
    return tuple(Identifier(value=one.own(), scheme=one.attribute("schemeID")) for one in found if one.own())


def address(node: Node | None) -> Address | None:
    """A postal address."""
    if node is None:
        return None
    return Address(
        line1=node.text("LineOne"),
        line2=node.text("LineTwo"),
        line3=node.text("LineThree"),
        city=node.text("CityName"),
        postcode=node.text("PostcodeCode"),
        subdivision=node.text("CountrySubDivisionName"),
        country=node.text("CountryID"),
    )


def tax(node: Node | None) -> tuple[str, Decimal | None]:
    """Code and rate of a VAT category."""
    if node is None:
        return "", None
    node.text("TypeCode")
    return node.text("CategoryCode"), node.number("RateApplicablePercent")
