"""A party as it stands on a document: its name, its address in the reader's language, its numbers as a business."""

from dataclasses import replace
from typing import Final

from kvit.documents.domain.sheet import Number, Side
from kvit.formats.einvoice.model import Party as Frozen
from kvit.kernel import figures
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.domain.register import PostalAddress
from kvit.parties.queries import Party

_NUMBERS: Final = {
    IdentityKind.NIP: "NIP",
    IdentityKind.ORGNR: "Org.nr",
    IdentityKind.CUI: "CUI",
    IdentityKind.VAT: "VAT",
}
"""What identifies a business; a person's own number has no place on a document."""


def side_then(now: Party, then: Frozen, *, abroad: bool, language: str) -> Side:
    """The side of a party that stood otherwise at an issue: the name and address of `then`."""
    told = then.address
    address = now.address
    if told is not None:
        address = PostalAddress(told.line1, told.postcode, told.city, told.country) if told.line1 or told.city else None
    return side_of(replace(now, name=then.name, address=address), abroad=abroad, language=language)


def side_of(party: Party, *, abroad: bool, language: str) -> Side:
    """The party's side; `abroad` has its country in the address."""
    lines = _address(party.address, abroad=abroad, language=language) if party.address else ()
    numbers = tuple(
        Number(_NUMBERS[each.kind], each.value)
        for each in party.identities
        if each.kind in _NUMBERS and each.state is not IdentityState.REFUTED
    )
    return Side(party.name, lines, numbers)


def _address(address: PostalAddress, *, abroad: bool, language: str) -> tuple[str, ...]:
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    country = figures.country_name(address.country, language) if abroad else ""
    return tuple(line for line in (*address.street.splitlines(), town, country) if line)
