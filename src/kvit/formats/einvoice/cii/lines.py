"""Lines of an invoice in CII."""

from kvit.formats.einvoice.cii.names import OBJECT_TYPE
from kvit.formats.einvoice.cii.pieces import day, identifier, indicator, money, tax
from kvit.formats.einvoice.markup import each, element, group, marked, number
from kvit.formats.einvoice.model import Adjustment, Line, Period


def line(one: Line, decimals: int) -> str:
    """`ram:IncludedSupplyChainTradeLineItem`."""
    return group(
        "ram:IncludedSupplyChainTradeLineItem",
        group(
            "ram:AssociatedDocumentLineDocument",
            element("ram:LineID", one.id),
            group("ram:IncludedNote", element("ram:Content", one.note)),
        ),
        _product(one),
        group(
            "ram:SpecifiedLineTradeAgreement",
            group("ram:BuyerOrderReferencedDocument", element("ram:LineID", one.order_line)),
            _gross_price(one),
            group(
                "ram:NetPriceProductTradePrice", element("ram:ChargeAmount", number(one.price)), _price_quantity(one)
            ),
        ),
        group(
            "ram:SpecifiedLineTradeDelivery",
            marked("ram:BilledQuantity", number(one.quantity), ("unitCode", one.unit)),
        ),
        _settlement(one, decimals),
    )


def _product(one: Line) -> str:
    return group(
        "ram:SpecifiedTradeProduct",
        identifier("ram:GlobalID", one.standard_item),
        element("ram:SellerAssignedID", one.seller_item),
        element("ram:BuyerAssignedID", one.buyer_item),
        element("ram:Name", one.name),
        element("ram:Description", one.description),
        each(
            group(
                "ram:ApplicableProductCharacteristic",
                element("ram:Description", own.name),
                element("ram:Value", own.value),
            )
            for own in one.attributes
        ),
        each(
            group(
                "ram:DesignatedProductClassification",
                marked("ram:ClassCode", code.code, ("listID", code.list_id), ("listVersionID", code.list_version)),
            )
            for code in one.classifications
        ),
        group("ram:OriginTradeCountry", element("ram:ID", one.origin)),
    )


def _price_quantity(one: Line) -> str:
    return marked("ram:BasisQuantity", number(one.price_quantity), ("unitCode", one.price_unit))


def _gross_price(one: Line) -> str:
    if one.gross_price is None:
        return ""
    return group(
        "ram:GrossPriceProductTradePrice",
        element("ram:ChargeAmount", number(one.gross_price)),
        _price_quantity(one),
        group(
            "ram:AppliedTradeAllowanceCharge",
            indicator(False),
            element("ram:ActualAmount", number(one.price_discount)),
        )
        if one.price_discount is not None
        else "",
    )


def _settlement(one: Line, decimals: int) -> str:
    return group(
        "ram:SpecifiedLineTradeSettlement",
        tax("ram:ApplicableTradeTax", one.vat_category, one.vat_rate),
        period(one.period),
        each(adjustment(own, decimals, is_charge=False) for own in one.allowances),
        each(adjustment(own, decimals, is_charge=True) for own in one.charges),
        group(
            "ram:SpecifiedTradeSettlementLineMonetarySummation",
            money("ram:LineTotalAmount", one.net_minor, decimals),
        ),
        group(
            "ram:AdditionalReferencedDocument",
            element("ram:IssuerAssignedID", one.object.value),
            element("ram:TypeCode", OBJECT_TYPE),
            element("ram:ReferenceTypeCode", one.object.scheme),
        )
        if one.object
        else "",
        group("ram:ReceivableSpecifiedTradeAccountingAccount", element("ram:ID", one.accounting_reference)),
    )


def period(one: Period | None) -> str:
    """`ram:BillingSpecifiedPeriod`."""
    if one is None:
        return ""
    return group("ram:BillingSpecifiedPeriod", day("ram:StartDateTime", one.start), day("ram:EndDateTime", one.end))


def adjustment(one: Adjustment, decimals: int, *, is_charge: bool) -> str:
    """`ram:SpecifiedTradeAllowanceCharge` of a document or a line."""
    return group(
        "ram:SpecifiedTradeAllowanceCharge",
        indicator(is_charge),
        element("ram:CalculationPercent", number(one.percent)),
        money("ram:BasisAmount", one.base_minor, decimals),
        money("ram:ActualAmount", one.amount_minor, decimals),
        element("ram:ReasonCode", one.reason_code),
        element("ram:Reason", one.reason),
        tax("ram:CategoryTradeTax", one.vat_category, one.vat_rate),
    )
