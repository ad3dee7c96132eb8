"""Reads parties, references and the delivery from CII."""

from typing import TypedDict

from kvit.formats.einvoice.cii.names import OBJECT_TYPE, TENDER_TYPE, VAT_SCHEME
from kvit.formats.einvoice.cii.read_pieces import address, day, identifier, identifiers
from kvit.formats.einvoice.content import content
from kvit.formats.einvoice.model import (
    Contact,
    Delivery,
    Identifier,
    Party,
    SupportingDocument,
    TaxRepresentative,
)
from kvit.formats.einvoice.nodes import Node


class Agreement(TypedDict):
    """The fields of an invoice that stand in its agreement."""

    buyer_reference: str
    seller: Party
    buyer: Party
    tax_representative: TaxRepresentative | None
    sales_order: str
    order: str
    contract: str
    project: str
    tender: str
    object: Identifier | None
    supporting: tuple[SupportingDocument, ...]


class Delivered(TypedDict):
    """The fields of an invoice that stand in its delivery."""

    delivery: Delivery | None
    despatch_advice: str
    receiving_advice: str


def agreement(node: Node) -> Agreement:
    """The parties and what they refer to."""
    tender, about = "", None
    supporting = []
    for one in node.all("AdditionalReferencedDocument"):
        type_code = one.text("TypeCode")
        if type_code == TENDER_TYPE and not tender:
            tender = one.text("IssuerAssignedID")
        elif type_code == OBJECT_TYPE and about is None:
            about = Identifier(value=one.text("IssuerAssignedID"), scheme=one.text("ReferenceTypeCode"))
        else:
            supporting.append(_supporting(one))
    project = node.one("SpecifiedProcuringProject")
    if project is not None:
        project.text("Name")
    return Agreement(
        buyer_reference=node.text("BuyerReference"),
        seller=_party(node.one("SellerTradeParty")),
        buyer=_party(node.one("BuyerTradeParty")),
        tax_representative=_representative(node.one("SellerTaxRepresentativeTradeParty")),
        sales_order=node.inner("SellerOrderReferencedDocument", "IssuerAssignedID"),
        order=node.inner("BuyerOrderReferencedDocument", "IssuerAssignedID"),
        contract=node.inner("ContractReferencedDocument", "IssuerAssignedID"),
        project=project.text("ID") if project else "",
        tender=tender,
        object=about,
        supporting=tuple(supporting),
    )


def _supporting(node: Node) -> SupportingDocument:
    inside = node.one("AttachmentBinaryObject")
    data = content(inside) if inside else None
    return SupportingDocument(
        reference=node.text("IssuerAssignedID"),
        description=node.text("Name"),
        url=node.text("URIID"),
        content=data,
        media_type=inside.attribute("mimeCode") if inside and data is not None else "",
        file_name=inside.attribute("filename") if inside and data is not None else "",
    )


def _party(node: Node | None) -> Party:
    if node is None:
        return Party()
    organisation = node.one("SpecifiedLegalOrganization")
    communication = node.one("URIUniversalCommunication")
    vat, tax = _registrations(node)
    return Party(
        identifiers=identifiers(node),
        name=node.text("Name"),
        legal_form=node.text("Description"),
        registration=identifier(organisation, "ID") if organisation else None,
        trading_name=organisation.text("TradingBusinessName") if organisation else "",
        contact=_contact(node.one("DefinedTradeContact")),
        address=address(node.one("PostalTradeAddress")),
        electronic_address=identifier(communication, "URIID") if communication else None,
        vat_number=vat,
        tax_registration=tax,
    )


def _registrations(node: Node) -> tuple[str, str]:
    vat = tax = ""
    for registration in node.all("SpecifiedTaxRegistration"):
        one = identifier(registration, "ID")
        if one is None:
            continue
        if one.scheme == VAT_SCHEME and not vat:
            vat = one.value
        elif one.scheme != VAT_SCHEME and not tax:
            tax = one.value
        else:
            node.findings.warn("CII-SR-089", registration.place, "a party has one tax number of a kind")
    return vat, tax


def _contact(node: Node | None) -> Contact | None:
    if node is None:
        return None
    return Contact(
        name=node.text("PersonName") or node.text("DepartmentName"),
        phone=node.inner("TelephoneUniversalCommunication", "CompleteNumber"),
        email=node.inner("EmailURIUniversalCommunication", "URIID"),
    )


def _representative(node: Node | None) -> TaxRepresentative | None:
    if node is None:
        return None
    return TaxRepresentative(
        name=node.text("Name"),
        vat_number=_registrations(node)[0],
        address=address(node.one("PostalTradeAddress")),
    )


def delivery(node: Node) -> Delivered:
    """Where and when it was delivered, and by which papers."""
    ship_to = node.one("ShipToTradeParty")
    found = node.path("ActualDeliverySupplyChainEvent", "OccurrenceDateTime")
    locations = identifiers(ship_to) if ship_to else ()
    one = Delivery(
        name=ship_to.text("Name") if ship_to else "",
        location=locations[0] if locations else None,
        address=address(ship_to.one("PostalTradeAddress")) if ship_to else None,
        date=day(found),
    )
    return Delivered(
        delivery=None if one == Delivery() else one,
        despatch_advice=node.inner("DespatchAdviceReferencedDocument", "IssuerAssignedID"),
        receiving_advice=node.inner("ReceivingAdviceReferencedDocument", "IssuerAssignedID"),
    )
