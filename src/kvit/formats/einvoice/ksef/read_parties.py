"""Reads seller and buyer from FA."""

import re
from typing import Final

from kvit.formats.einvoice.ksef.kept import Kept, in_order
from kvit.formats.einvoice.ksef.names import EU
from kvit.formats.einvoice.model import Address, Contact, Identifier, Party
from kvit.formats.einvoice.nodes import Node

_TOWN: Final = re.compile(r"(\d{2}-\d{3}) (.+)", re.ASCII)


def seller(node: Node, kept: Kept) -> Party:
    """`Podmiot1`."""
    found = node.one("Podmiot1")
    if found is None:
        return Party()
    in_order(found)
    identity = found.child_node("DaneIdentyfikacyjne")
    number = identity.text("NIP")
    party = Party(
        name=identity.text("Nazwa"),
        vat_number=f"PL{number}" if number else "",
        address=_address(found, kept, "Podmiot1/Adres"),
        contact=_contact(found, kept, "Podmiot1"),
    )
    kept.rest(found, "Podmiot1")
    return party


def buyer(node: Node, kept: Kept) -> Party:
    """`Podmiot2`; its marks JST and GV are for `mark` to read."""
    found = node.one("Podmiot2")
    if found is None:
        return Party()
    in_order(found)
    identity = found.child_node("DaneIdentyfikacyjne")
    address = _address(found, kept, "Podmiot2/Adres")
    vat, foreign = _numbers(identity, address, kept)
    customer = found.text("NrKlienta")
    party = Party(
        name=identity.text("Nazwa"),
        vat_number=vat,
        registration=Identifier(value=foreign) if foreign else None,
        identifiers=(Identifier(value=customer),) if customer else (),
        address=address,
        contact=_contact(found, kept, "Podmiot2"),
    )
    found.text("JST")
    found.text("GV")
    kept.rest(found, "Podmiot2")
    return party


def _numbers(identity: Node, address: Address | None, kept: Kept) -> tuple[str, str]:
    nip, prefix, eu = identity.text("NIP"), identity.text("KodUE"), identity.text("NrVatUE")
    country, foreign = identity.one("KodKraju"), identity.text("NrID")
    identity.text("BrakID")
    if country is not None and (address is None or country.own() != address.country):
        kept.put(country, "Podmiot2/DaneIdentyfikacyjne")
    if nip:
        return f"PL{nip}", ""
    if eu and (prefix not in EU or prefix == "PL"):
        words = "an EU VAT number needs the code of another country before it (KodUE); a Polish one is a NIP"
        identity.findings.tell("FA-10", f"{identity.place}/NrVatUE", words)
    return f"{prefix}{eu}", foreign


def mark(node: Node, name: str) -> bool:
    """Whether the buyer's mark JST or GV is 1."""
    party = next((child for child in node.element if child.tag.endswith("}Podmiot2")), None)
    return party is not None and any(
        child.tag.endswith(f"}}{name}") and (child.text or "").strip() == "1" for child in party
    )


def _address(node: Node, kept: Kept, path: str) -> Address | None:
    found = node.one("Adres")
    if found is None:
        return None
    in_order(found)
    first, second = found.text("AdresL1"), found.text("AdresL2")
    town = _TOWN.fullmatch(second)
    one = Address(
        country=found.text("KodKraju"),
        line1=first,
        line2="" if town else second,
        postcode=town[1] if town else "",
        city=town[2] if town else "",
    )
    kept.rest(found, path)
    return one


def _contact(node: Node, kept: Kept, path: str) -> Contact | None:
    found = node.all("DaneKontaktowe")
    for one in found[1:]:
        kept.put(one, path)
    if not found:
        return None
    contact = Contact(email=found[0].text("Email"), phone=found[0].text("Telefon"))
    return None if contact == Contact() else contact
