"""Lines of an invoice in UBL."""

from kvit.formats.einvoice.markup import day, each, element, group, marked, number
from kvit.formats.einvoice.model import Identifier, Line, Period
from kvit.formats.einvoice.ubl.names import OBJECT_TYPE, Document
from kvit.formats.einvoice.ubl.parties import identifier
from kvit.formats.einvoice.ubl.sums import adjustment, money, tax_category


def line(one: Line, kind: Document, currency: str, decimals: int) -> str:
    """`cac:InvoiceLine` or `cac:CreditNoteLine`."""
    return group(
        f"cac:{kind.line}",
        element("cbc:ID", one.id),
        element("cbc:Note", one.note),
        marked(f"cbc:{kind.quantity}", number(one.quantity), ("unitCode", one.unit)),
        money("LineExtensionAmount", one.net_minor, currency, decimals),
        element("cbc:AccountingCost", one.accounting_reference),
        period(one.period, ""),
        group("cac:OrderLineReference", element("cbc:LineID", one.order_line)),
        object_reference("cac:DocumentReference", one.object, OBJECT_TYPE),
        each(adjustment(adjusted, currency, decimals, is_charge=False) for adjusted in one.allowances),
        each(adjustment(adjusted, currency, decimals, is_charge=True) for adjusted in one.charges),
        _item(one),
        _price(one, currency),
    )


def period(one: Period | None, code: str) -> str:
    """`cac:InvoicePeriod`, which also carries the code of the tax point."""
    start, end = (one.start, one.end) if one else (None, None)
    return group(
        "cac:InvoicePeriod",
        element("cbc:StartDate", day(start)),
        element("cbc:EndDate", day(end)),
        element("cbc:DescriptionCode", code),
    )


def object_reference(name: str, one: Identifier | None, type_code: str) -> str:
    """A reference to what is invoiced, such as a meter."""
    if one is None:
        return ""
    return group(name, identifier("cbc:ID", one), element("cbc:DocumentTypeCode", type_code))


def _item(one: Line) -> str:
    return group(
        "cac:Item",
        element("cbc:Description", one.description),
        element("cbc:Name", one.name),
        group("cac:BuyersItemIdentification", element("cbc:ID", one.buyer_item)),
        group("cac:SellersItemIdentification", element("cbc:ID", one.seller_item)),
        group("cac:StandardItemIdentification", identifier("cbc:ID", one.standard_item)),
        group("cac:OriginCountry", element("cbc:IdentificationCode", one.origin)),
        each(
            group(
                "cac:CommodityClassification",
                marked(
                    "cbc:ItemClassificationCode",
                    code.code,
                    ("listID", code.list_id),
                    ("listVersionID", code.list_version),
                ),
            )
            for code in one.classifications
        ),
        tax_category("cac:ClassifiedTaxCategory", one.vat_category, one.vat_rate),
        each(
            group("cac:AdditionalItemProperty", element("cbc:Name", own.name), element("cbc:Value", own.value))
            for own in one.attributes
        ),
    )


def _price(one: Line, currency: str) -> str:
    unit = ("currencyID", currency)
    is_reduced = one.gross_price is not None or one.price_discount is not None
    return group(
        "cac:Price",
        marked("cbc:PriceAmount", number(one.price), unit),
        marked("cbc:BaseQuantity", number(one.price_quantity), ("unitCode", one.price_unit)),
        group(
            "cac:AllowanceCharge",
            "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>",
            marked("cbc:Amount", number(one.price_discount) or "0", unit),
            marked("cbc:BaseAmount", number(one.gross_price), unit),
        )
        if is_reduced
        else "",
    )
