"""Supplier and customer as parties of an electronic invoice, from what is known of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kvit.base import codec
from kvit.formats.einvoice.model import Account, Address, Identifier, Party
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import PostalAddress

_REGISTER: Final = {IdentityKind.ORGNR: "0007"}
"""Schemes of ISO 6523 for numbers of registers of companies."""
_ELECTRONIC: Final = (
    (IdentityKind.ORGNR, "0007", ""),
    (IdentityKind.NIP, "9945", "PL"),
    (IdentityKind.CUI, "9947", "RO"),
)
"""Under which number of a party electronic invoices find it (EAS), with the prefix that the scheme wants."""
_PREFIXED: Final = ((IdentityKind.NIP, "PL"), (IdentityKind.CUI, "RO"))


@dataclass(frozen=True, slots=True)
class Copy:
    """A party as it stood at an issue; a supplier with the accounts that were to be paid to."""

    party: Party
    accounts: tuple[Account, ...] = ()


def party_of(
    name: str, country: str, address: PostalAddress | None, numbers: Iterable[tuple[IdentityKind, str]]
) -> Party:
    """The party; numbers that belong to a person stay off documents."""
    known: dict[IdentityKind, str] = {}
    for kind, value in numbers:
        known.setdefault(kind, value)
    return Party(
        name=name,
        vat_number=_vat_number(known),
        registration=next(
            (Identifier(value=known[kind], scheme=scheme) for kind, scheme in _REGISTER.items() if kind in known), None
        ),
        electronic_address=next(
            (
                Identifier(value=prefix + known[kind].removeprefix(prefix), scheme=scheme)
                for kind, scheme, prefix in _ELECTRONIC
                if kind in known
            ),
            None,
        ),
        address=_address(address, country),
    )


_BANKS: Final = {IdentityKind.IBAN: "", IdentityKind.BANKGIRO: "SE:BANKGIRO", IdentityKind.PLUSGIRO: "SE:PLUSGIRO"}


def accounts_of(numbers: Iterable[tuple[IdentityKind, str]]) -> tuple[Account, ...]:
    """The accounts that are among a party's numbers."""
    return tuple(Account(number=value, bank=_BANKS[kind]) for kind, value in numbers if kind in _BANKS)


def _vat_number(known: Mapping[IdentityKind, str]) -> str:
    """The number under which the party is known to VAT; a NIP or CUI is one with its country before it."""
    if IdentityKind.VAT in known:
        return known[IdentityKind.VAT]
    return next((prefix + known[kind].removeprefix(prefix) for kind, prefix in _PREFIXED if kind in known), "")


def _address(address: PostalAddress | None, country: str) -> Address:
    if address is None:
        return Address(country=country)
    return Address(line1=address.street, city=address.city, postcode=address.postal_code, country=address.country)


def spelled(copy: Copy) -> str:
    """The JSON that is kept, without what is empty."""
    return codec.canonical(_told(copy)).decode()


def _told(copy: Copy) -> dict[str, object]:
    party = copy.party
    told: dict[str, object] = {"name": party.name}
    if party.vat_number:
        told["vat_number"] = party.vat_number
    for field, number in (("registration", party.registration), ("electronic_address", party.electronic_address)):
        if number is not None:
            told[field] = {"value": number.value, "scheme": number.scheme}
    if party.address is not None:
        names = ("line1", "city", "postcode", "country")
        told["address"] = {name: value for name in names if (value := getattr(party.address, name))}
    whole: dict[str, object] = {"party": told}
    if copy.accounts:
        whole["accounts"] = copy.accounts
    return whole


def copy_of(kept: str) -> Copy:
    """The party back from its JSON."""
    return codec.restore(kept, Copy)
