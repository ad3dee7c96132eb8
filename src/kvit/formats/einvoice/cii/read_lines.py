"""Reads lines from CII."""

from decimal import Decimal

from kvit.formats.einvoice.cii.names import OBJECT_TYPE
from kvit.formats.einvoice.cii.read_pieces import identifier, period, tax
from kvit.formats.einvoice.cii.read_settlement import adjustments
from kvit.formats.einvoice.model import Classification, Identifier, ItemAttribute, Line
from kvit.formats.einvoice.nodes import Currency, Node


def line(node: Node, currency: Currency) -> Line:
    """One line."""
    document = node.child_node("AssociatedDocumentLineDocument")
    product = node.child_node("SpecifiedTradeProduct")
    agreement = node.child_node("SpecifiedLineTradeAgreement")
    settlement = node.child_node("SpecifiedLineTradeSettlement")
    quantity = node.child_node("SpecifiedLineTradeDelivery").one("BilledQuantity")
    price = _Price(agreement, currency)
    category, rate = tax(settlement.one("ApplicableTradeTax"))
    allowances, charges = adjustments(settlement, currency, is_line=True)
    summation = settlement.child_node("SpecifiedTradeSettlementLineMonetarySummation")
    return Line(
        id=document.text("LineID"),
        note=document.inner("IncludedNote", "Content"),
        name=product.text("Name"),
        description=product.text("Description"),
        standard_item=identifier(product, "GlobalID"),
        seller_item=product.text("SellerAssignedID"),
        buyer_item=product.text("BuyerAssignedID"),
        attributes=tuple(
            ItemAttribute(name=own.text("Description"), value=own.text("Value"))
            for own in product.all("ApplicableProductCharacteristic")
        ),
        classifications=_classifications(product),
        origin=product.inner("OriginTradeCountry", "ID"),
        order_line=agreement.inner("BuyerOrderReferencedDocument", "LineID"),
        price=price.net,
        gross_price=price.gross,
        price_discount=price.discount,
        price_quantity=price.quantity,
        price_unit=price.unit,
        quantity=quantity.as_number(quantity.own(), "quantity") if quantity and quantity.own() else None,
        unit=quantity.attribute("unitCode") if quantity else "",
        vat_category=category,
        vat_rate=rate,
        period=period(settlement.one("BillingSpecifiedPeriod")),
        allowances=allowances,
        charges=charges,
        net_minor=currency.amount(summation, "LineTotalAmount", "BR-DEC-23"),
        object=_object(settlement),
        accounting_reference=settlement.inner("ReceivableSpecifiedTradeAccountingAccount", "ID"),
    )


def _classifications(product: Node) -> tuple[Classification, ...]:
    codes = [one for group in product.all("DesignatedProductClassification") for one in group.all("ClassCode")]
    return tuple(
        Classification(code=one.own(), list_id=one.attribute("listID"), list_version=one.attribute("listVersionID"))
        for one in codes
    )


def _object(settlement: Node) -> Identifier | None:
    found = None
    for one in settlement.all("AdditionalReferencedDocument"):
        if one.text("TypeCode") == OBJECT_TYPE and found is None:
            found = Identifier(value=one.text("IssuerAssignedID"), scheme=one.text("ReferenceTypeCode"))
    return found


class _Price:
    """The net price, and the gross price with its discount where they are told."""

    def __init__(self, node: Node, currency: Currency) -> None:
        net = node.child_node("NetPriceProductTradePrice")
        gross = node.child_node("GrossPriceProductTradePrice")
        self.net = currency.price(net, "ChargeAmount")
        self.gross = currency.price(gross, "ChargeAmount")
        self.discount: Decimal | None = None
        base = net.one("BasisQuantity") or gross.one("BasisQuantity")
        gross.all("BasisQuantity")
        self.quantity = base.as_number(base.own(), "BasisQuantity") if base and base.own() else None
        self.unit = base.attribute("unitCode") if base else ""
        reduction = gross.one("AppliedTradeAllowanceCharge")
        if reduction is None:
            return
        self.discount = currency.price(reduction, "ActualAmount")
        if reduction.inner("ChargeIndicator", "Indicator") in ("true", "1"):
            words = "the price is raised by a charge; it is taken over as a discount below zero"
            node.findings.warn("PEPPOL-EN16931-R044", reduction.place, words)
            self.discount = None if self.discount is None else -self.discount
