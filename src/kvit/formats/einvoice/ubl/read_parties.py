"""Reads parties, addresses and the place of delivery from UBL."""

from typing import Final

from kvit.formats.einvoice.model import (
    Address,
    Contact,
    Delivery,
    Identifier,
    Party,
    Payee,
    TaxRepresentative,
)
from kvit.formats.einvoice.nodes import Node
from kvit.formats.einvoice.ubl.names import CREDITOR_SCHEME

_TAX_SCHEMES: Final = 2


def identifier(node: Node, name: str) -> Identifier | None:
    """The first child of this name with its scheme; None where it is not there."""
    found = node.one(name)
    return None if found is None else Identifier(value=found.own(), scheme=found.attribute("schemeID"))


def seller(node: Node) -> tuple[Party, str]:
    """The seller, and the creditor's identifier among its numbers."""
    return _party(node.path("AccountingSupplierParty", "Party"))


def buyer(node: Node) -> Party:
    """The buyer."""
    return _party(node.path("AccountingCustomerParty", "Party"))[0]


def _party(node: Node | None) -> tuple[Party, str]:
    if node is None:
        return Party(), ""
    numbers, creditor = _numbers(node)
    entity = node.one("PartyLegalEntity")
    vat, tax = _tax_numbers(node)
    party = Party(
        name=entity.text("RegistrationName") if entity else "",
        trading_name=node.inner("PartyName", "Name"),
        identifiers=numbers,
        registration=identifier(entity, "CompanyID") if entity else None,
        vat_number=vat,
        tax_registration=tax,
        legal_form=entity.text("CompanyLegalForm") if entity else "",
        electronic_address=identifier(node, "EndpointID"),
        address=address(node.one("PostalAddress")),
        contact=_contact(node.one("Contact")),
    )
    return party, creditor


def _numbers(node: Node) -> tuple[tuple[Identifier, ...], str]:
    found, creditor = [], ""
    for identification in node.all("PartyIdentification"):
        one = identifier(identification, "ID")
        if one is not None and one.scheme == CREDITOR_SCHEME:
            creditor = one.value
        elif one is not None:
            found.append(one)
    return tuple(found), creditor


def _tax_numbers(node: Node) -> tuple[str, str]:
    vat = tax = ""
    schemes = node.all("PartyTaxScheme")
    if len(schemes) > _TAX_SCHEMES:
        node.findings.tell("UBL-SR-42", node.place, f"a party has {_TAX_SCHEMES} tax numbers at most")
    for scheme in schemes:
        of_vat = scheme.inner("TaxScheme", "ID").upper() == "VAT"
        if of_vat and not vat:
            vat = scheme.text("CompanyID")
        elif not of_vat and not tax:
            tax = scheme.text("CompanyID")
        elif of_vat:
            node.findings.tell("UBL-SR-18", scheme.place, "a party has one VAT number at most")
    return vat, tax


def _contact(node: Node | None) -> Contact | None:
    if node is None:
        return None
    return Contact(name=node.text("Name"), phone=node.text("Telephone"), email=node.text("ElectronicMail"))


def address(node: Node | None) -> Address | None:
    """A postal address."""
    if node is None:
        return None
    return Address(
        line1=node.text("StreetName"),
        line2=node.text("AdditionalStreetName"),
        line3=node.inner("AddressLine", "Line"),
        city=node.text("CityName"),
        postcode=node.text("PostalZone"),
        subdivision=node.text("CountrySubentity"),
        country=node.inner("Country", "IdentificationCode"),
    )


def payee(node: Node) -> tuple[Payee | None, str]:
    """The payee, and the creditor's identifier among its numbers."""
    found = node.one("PayeeParty")
    if found is None:
        return None, ""
    numbers, creditor = _numbers(found)
    entity = found.one("PartyLegalEntity")
    payee = Payee(
        name=found.inner("PartyName", "Name"),
        identifier=numbers[0] if numbers else None,
        registration=identifier(entity, "CompanyID") if entity else None,
    )
    return payee, creditor


def tax_representative(node: Node) -> TaxRepresentative | None:
    """The seller's tax representative."""
    found = node.one("TaxRepresentativeParty")
    if found is None:
        return None
    return TaxRepresentative(
        name=found.inner("PartyName", "Name"),
        vat_number=_tax_numbers(found)[0],
        address=address(found.one("PostalAddress")),
    )


def delivery(node: Node) -> Delivery | None:
    """Where and when it was delivered."""
    found = node.one("Delivery")
    if found is None:
        return None
    location = found.one("DeliveryLocation")
    return Delivery(
        date=found.day("ActualDeliveryDate", "PEPPOL-EN16931-F001"),
        location=identifier(location, "ID") if location else None,
        address=address(location.one("Address")) if location else None,
        name=found.inner("DeliveryParty", "PartyName", "Name"),
    )
