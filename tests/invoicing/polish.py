"""A Polish company that bills businesses: NIPs, addresses, and documents as electronic invoices."""

from decimal import Decimal
from typing import TYPE_CHECKING

from invoicing.company import Company, open_shop

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.formats.einvoice import Invoice, Problem
    from kvit.invoicing.domain import DraftLine
    from kvit.invoicing.queries import Issued

OWN_NIP, BO_NIP, EWA_NIP = "5260250274", "5250008353", "7740001454"


def open_polish(ctx: "Ctx", *, country: str = "PL", currency: str = "PLN") -> Company:
    """Nordvik of Warsaw with its customers Bo and Eva, all with numbers and addresses."""
    from kvit.parties import commands as parties
    from kvit.parties.domain.identities import IdentityKind
    from kvit.parties.domain.register import PostalAddress

    shop = open_shop(ctx, country=country, currency=currency)
    for party_id, nip in ((shop.own, OWN_NIP), (shop.books.bo, BO_NIP)):
        parties.add_identity(ctx, party_id=party_id, kind=IdentityKind.NIP, value=nip)
        parties.set_address(ctx, party_id=party_id, address=PostalAddress("Prosta 1", "00-001", "Warszawa", "PL"))
    return shop


def partner(shop: Company) -> int:
    """Ewa sp. z o.o., in whose name Nordvik bills itself."""
    from kvit.parties import commands as parties
    from kvit.parties.domain.identities import IdentityKind
    from kvit.parties.domain.register import PartyKind, PostalAddress

    ewa = parties.register_party(shop.ctx, kind=PartyKind.COMPANY, name="Ewa sp. z o.o.", country="PL").party_id
    parties.add_identity(shop.ctx, party_id=ewa, kind=IdentityKind.NIP, value=EWA_NIP)
    parties.set_address(shop.ctx, party_id=ewa, address=PostalAddress("Długa 2", "00-002", "Warszawa", "PL"))
    return ewa


def work(price: str, *, vat: str = "23", quantity: str = "1", category: str = "", **more: object) -> "DraftLine":
    """A line in Polish złoty."""
    from kvit.invoicing.domain import DraftLine, LineContent

    content = LineContent(**more) if more else None  # type: ignore[arg-type]
    return DraftLine("Usługa", Decimal(quantity), Decimal(price), Decimal(vat), "h", category, content)


def issued(shop: Company, invoice_id: int) -> "Issued":
    """An issued document whole."""
    from kvit.base import tenant
    from kvit.invoicing import queries

    with tenant.scope(shop.ctx.tenant_id):
        return queries.issued_documents([invoice_id])[invoice_id]


def einvoice_of(shop: Company, invoice_id: int) -> "Invoice":
    """A document as an electronic invoice."""
    return issued(shop, invoice_id).einvoice


def problems(invoice: "Invoice", *, syntax: str = "ubl") -> list["Problem"]:
    """What the rules say is wrong with it, warnings left out."""
    from kvit.formats import einvoice

    return [
        one
        for one in einvoice.validate(einvoice.under(invoice, einvoice.EN16931), profile=einvoice.EN16931, syntax=syntax)
        if one.severity is einvoice.Severity.ERROR
    ]
