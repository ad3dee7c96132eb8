"""Parties, addresses and the place of delivery in UBL."""

from kvit.formats.einvoice.markup import day, each, element, group, marked
from kvit.formats.einvoice.model import Address, Contact, Delivery, Identifier, Invoice, Party, TaxRepresentative
from kvit.formats.einvoice.ubl.names import CREDITOR_SCHEME


def seller(invoice: Invoice) -> str:
    """`cac:Party` of the seller, with the creditor's identifier where the payee does not carry it."""
    creditor = "" if invoice.payee else invoice.creditor
    return _party(invoice.seller, creditor)


def buyer(party: Party) -> str:
    """`cac:Party` of the buyer."""
    return _party(party, "")


def _party(party: Party, creditor: str) -> str:
    return group(
        "cac:Party",
        identifier("cbc:EndpointID", party.electronic_address),
        each(group("cac:PartyIdentification", identifier("cbc:ID", one)) for one in party.identifiers),
        _creditor(creditor),
        group("cac:PartyName", element("cbc:Name", party.trading_name)),
        address("cac:PostalAddress", party.address),
        _tax_scheme(party.vat_number, "VAT"),
        _tax_scheme(party.tax_registration, "TAX"),
        group(
            "cac:PartyLegalEntity",
            element("cbc:RegistrationName", party.name),
            identifier("cbc:CompanyID", party.registration),
            element("cbc:CompanyLegalForm", party.legal_form),
        ),
        _contact(party.contact),
    )


def _creditor(value: str) -> str:
    return group("cac:PartyIdentification", marked("cbc:ID", value, ("schemeID", CREDITOR_SCHEME)))


def _tax_scheme(value: str, scheme: str) -> str:
    if not value:
        return ""
    inside = element("cbc:CompanyID", value) + group("cac:TaxScheme", element("cbc:ID", scheme))
    return group("cac:PartyTaxScheme", inside)


def _contact(contact: Contact | None) -> str:
    if contact is None:
        return ""
    return group(
        "cac:Contact",
        element("cbc:Name", contact.name),
        element("cbc:Telephone", contact.phone),
        element("cbc:ElectronicMail", contact.email),
    )


def identifier(name: str, one: Identifier | None) -> str:
    """An identifier with its scheme."""
    return "" if one is None else marked(name, one.value, ("schemeID", one.scheme))


def address(name: str, one: Address | None) -> str:
    """A postal address under `name`."""
    if one is None:
        return ""
    return group(
        name,
        element("cbc:StreetName", one.line1),
        element("cbc:AdditionalStreetName", one.line2),
        element("cbc:CityName", one.city),
        element("cbc:PostalZone", one.postcode),
        element("cbc:CountrySubentity", one.subdivision),
        group("cac:AddressLine", element("cbc:Line", one.line3)),
        group("cac:Country", element("cbc:IdentificationCode", one.country)),
    )


def payee(invoice: Invoice) -> str:
    """`cac:PayeeParty`."""
    one = invoice.payee
    if one is None:
        return ""
    return group(
        "cac:PayeeParty",
        group("cac:PartyIdentification", identifier("cbc:ID", one.identifier)),
        _creditor(invoice.creditor),
        group("cac:PartyName", element("cbc:Name", one.name)),
        group("cac:PartyLegalEntity", identifier("cbc:CompanyID", one.registration)),
    )


def tax_representative(one: TaxRepresentative | None) -> str:
    """`cac:TaxRepresentativeParty`."""
    if one is None:
        return ""
    return group(
        "cac:TaxRepresentativeParty",
        group("cac:PartyName", element("cbc:Name", one.name)),
        address("cac:PostalAddress", one.address),
        _tax_scheme(one.vat_number, "VAT"),
    )


def delivery(one: Delivery | None) -> str:
    """`cac:Delivery`."""
    if one is None:
        return ""
    return group(
        "cac:Delivery",
        element("cbc:ActualDeliveryDate", day(one.date)),
        group("cac:DeliveryLocation", identifier("cbc:ID", one.location), address("cac:Address", one.address)),
        group("cac:DeliveryParty", group("cac:PartyName", element("cbc:Name", one.name))),
    )
