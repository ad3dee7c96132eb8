"""Reads lines from UBL."""

from decimal import Decimal

from kvit.formats.einvoice.model import Classification, Identifier, ItemAttribute, Line, Period
from kvit.formats.einvoice.nodes import Currency, Node
from kvit.formats.einvoice.ubl import read_sums
from kvit.formats.einvoice.ubl.names import OBJECT_TYPE
from kvit.formats.einvoice.ubl.read_parties import identifier


def period(node: Node) -> tuple[Period | None, str]:
    """The period, and the code of the tax point that stands in it."""
    found = node.one("InvoicePeriod")
    if found is None:
        return None, ""
    code = found.text("DescriptionCode")
    one = Period(start=found.day("StartDate", "PEPPOL-EN16931-F001"), end=found.day("EndDate", "PEPPOL-EN16931-F001"))
    return (None if code and one == Period() else one), code


def lines(node: Node, currency: Currency, *, is_note: bool) -> tuple[Line, ...]:
    """The lines of a document."""
    return tuple(
        _line(one, currency, is_note=is_note) for one in node.all("CreditNoteLine" if is_note else "InvoiceLine")
    )


def _line(node: Node, currency: Currency, *, is_note: bool) -> Line:
    quantity = node.one("CreditedQuantity" if is_note else "InvoicedQuantity")
    allowances, charges = read_sums.adjustments(node, currency, is_line=True)
    item = node.one("Item")
    price = _Price(node.one("Price"), currency)
    category, rate = read_sums.category(item.one("ClassifiedTaxCategory")) if item else ("", None)
    return Line(
        id=node.text("ID"),
        note=node.text("Note"),
        quantity=quantity.as_number(quantity.own(), "quantity") if quantity and quantity.own() else None,
        unit=quantity.attribute("unitCode") if quantity else "",
        net_minor=currency.amount(node, "LineExtensionAmount", "BR-DEC-23"),
        accounting_reference=node.text("AccountingCost"),
        period=period(node)[0],
        order_line=node.inner("OrderLineReference", "LineID"),
        object=_object(node),
        allowances=allowances,
        charges=charges,
        name=item.text("Name") if item else "",
        description=item.text("Description") if item else "",
        buyer_item=item.inner("BuyersItemIdentification", "ID") if item else "",
        seller_item=item.inner("SellersItemIdentification", "ID") if item else "",
        standard_item=_standard(item) if item else None,
        origin=item.inner("OriginCountry", "IdentificationCode") if item else "",
        classifications=_classifications(item) if item else (),
        attributes=_attributes(item) if item else (),
        vat_category=category,
        vat_rate=rate,
        price=price.net,
        gross_price=price.gross,
        price_discount=price.discount,
        price_quantity=price.quantity,
        price_unit=price.unit,
    )


def _object(node: Node) -> Identifier | None:
    found = node.one("DocumentReference")
    if found is None:
        return None
    told = found.text("DocumentTypeCode")
    if told not in ("", OBJECT_TYPE):
        words = f"the document is of type {told[:20]!r}, only what is invoiced (130) may be named on a line"
        node.findings.warn("PEPPOL-EN16931-R101", found.place, words)
        return None
    return identifier(found, "ID")


def _standard(item: Node) -> Identifier | None:
    found = item.one("StandardItemIdentification")
    return identifier(found, "ID") if found else None


def _classifications(item: Node) -> tuple[Classification, ...]:
    codes = [one for group in item.all("CommodityClassification") for one in group.all("ItemClassificationCode")]
    return tuple(
        Classification(code=one.own(), list_id=one.attribute("listID"), list_version=one.attribute("listVersionID"))
        for one in codes
    )


def _attributes(item: Node) -> tuple[ItemAttribute, ...]:
    own = item.all("AdditionalItemProperty")
    return tuple(ItemAttribute(name=one.text("Name"), value=one.text("Value")) for one in own)


class _Price:
    """The net price, and the gross price with its discount where they are told."""

    def __init__(self, node: Node | None, currency: Currency) -> None:
        self.net: Decimal | None = None
        self.gross: Decimal | None = None
        self.discount: Decimal | None = None
        self.quantity: Decimal | None = None
        self.unit = ""
        if node is None:
            return
        self.net = currency.price(node, "PriceAmount")
        base = node.one("BaseQuantity")
        if base is not None and base.own():
            self.quantity = base.as_number(base.own(), "BaseQuantity")
            self.unit = base.attribute("unitCode")
        reduction = node.one("AllowanceCharge")
        if reduction is None:
            return
        if reduction.text("ChargeIndicator") in ("true", "1"):
            words = "a price may be reduced only, not raised"
            node.findings.lose("PEPPOL-EN16931-R044", reduction.place, words)
        self.discount = currency.price(reduction, "Amount")
        self.gross = currency.price(reduction, "BaseAmount")
