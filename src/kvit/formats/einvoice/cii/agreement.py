"""Who agreed on what, and what was delivered where: parties and references in CII."""

import base64

from kvit.formats.einvoice.cii.names import (
    LOCAL_SCHEME,
    OBJECT_TYPE,
    PROJECT_NAME,
    SUPPORTING_TYPE,
    TENDER_TYPE,
    VAT_SCHEME,
)
from kvit.formats.einvoice.cii.pieces import day, document, identifier
from kvit.formats.einvoice.markup import each, element, group, marked
from kvit.formats.einvoice.model import (
    Address,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Party,
    SupportingDocument,
    TaxRepresentative,
)


def agreement(invoice: Invoice) -> str:
    """`ram:ApplicableHeaderTradeAgreement`."""
    return group(
        "ram:ApplicableHeaderTradeAgreement",
        element("ram:BuyerReference", invoice.buyer_reference),
        _party("ram:SellerTradeParty", invoice.seller),
        _party("ram:BuyerTradeParty", invoice.buyer),
        _representative(invoice.tax_representative),
        document("ram:SellerOrderReferencedDocument", invoice.sales_order),
        document("ram:BuyerOrderReferencedDocument", invoice.order),
        document("ram:ContractReferencedDocument", invoice.contract),
        each(_supporting(one) for one in invoice.supporting),
        _typed(Identifier(value=invoice.tender), TENDER_TYPE) if invoice.tender else "",
        _typed(invoice.object, OBJECT_TYPE) if invoice.object else "",
        group("ram:SpecifiedProcuringProject", element("ram:ID", invoice.project), element("ram:Name", PROJECT_NAME))
        if invoice.project
        else "",
    )


def _typed(one: Identifier, type_code: str) -> str:
    return group(
        "ram:AdditionalReferencedDocument",
        element("ram:IssuerAssignedID", one.value),
        element("ram:TypeCode", type_code),
        element("ram:ReferenceTypeCode", one.scheme),
    )


def _supporting(one: SupportingDocument) -> str:
    content = "" if one.content is None else base64.b64encode(one.content).decode()
    return group(
        "ram:AdditionalReferencedDocument",
        element("ram:IssuerAssignedID", one.reference),
        element("ram:URIID", one.url),
        element("ram:TypeCode", SUPPORTING_TYPE),
        element("ram:Name", one.description),
        marked("ram:AttachmentBinaryObject", content, ("mimeCode", one.media_type), ("filename", one.file_name)),
    )


def _party(name: str, party: Party) -> str:
    return group(
        name,
        numbers(party.identifiers),
        element("ram:Name", party.name),
        element("ram:Description", party.legal_form),
        group(
            "ram:SpecifiedLegalOrganization",
            identifier("ram:ID", party.registration),
            element("ram:TradingBusinessName", party.trading_name),
        ),
        _contact(party.contact),
        address(party.address),
        group("ram:URIUniversalCommunication", identifier("ram:URIID", party.electronic_address)),
        _registration(party.vat_number, VAT_SCHEME),
        _registration(party.tax_registration, LOCAL_SCHEME),
    )


def numbers(identifiers: tuple[Identifier, ...]) -> str:
    """Identifiers: those without a scheme first, as the schema wants it."""
    own = each(element("ram:ID", one.value) for one in identifiers if not one.scheme)
    return own + each(identifier("ram:GlobalID", one) for one in identifiers if one.scheme)


def _registration(value: str, scheme: str) -> str:
    return group("ram:SpecifiedTaxRegistration", marked("ram:ID", value, ("schemeID", scheme)))


def _contact(contact: Contact | None) -> str:
    if contact is None:
        return ""
    return group(
        "ram:DefinedTradeContact",
        element("ram:PersonName", contact.name),
        group("ram:TelephoneUniversalCommunication", element("ram:CompleteNumber", contact.phone)),
        group("ram:EmailURIUniversalCommunication", element("ram:URIID", contact.email)),
    )


def address(one: Address | None) -> str:
    """`ram:PostalTradeAddress`."""
    if one is None:
        return ""
    return group(
        "ram:PostalTradeAddress",
        element("ram:PostcodeCode", one.postcode),
        element("ram:LineOne", one.line1),
        element("ram:LineTwo", one.line2),
        element("ram:LineThree", one.line3),
        element("ram:CityName", one.city),
        element("ram:CountryID", one.country),
        element("ram:CountrySubDivisionName", one.subdivision),
    )


def _representative(one: TaxRepresentative | None) -> str:
    if one is None:
        return ""
    return group(
        "ram:SellerTaxRepresentativeTradeParty",
        element("ram:Name", one.name),
        address(one.address),
        _registration(one.vat_number, VAT_SCHEME),
    )


def delivery(invoice: Invoice) -> str:
    """`ram:ApplicableHeaderTradeDelivery`, which the schema wants even when it is empty."""
    one = invoice.delivery or Delivery()
    ship_to = group(
        "ram:ShipToTradeParty",
        numbers((one.location,) if one.location else ()),
        element("ram:Name", one.name),
        address(one.address),
    )
    return "".join(
        (
            "<ram:ApplicableHeaderTradeDelivery>",
            ship_to,
            group("ram:ActualDeliverySupplyChainEvent", day("ram:OccurrenceDateTime", one.date)),
            document("ram:DespatchAdviceReferencedDocument", invoice.despatch_advice),
            document("ram:ReceivingAdviceReferencedDocument", invoice.receiving_advice),
            "</ram:ApplicableHeaderTradeDelivery>",
        )
    )
