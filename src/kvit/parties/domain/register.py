"""What a party is made of before the database knows it, and what is wrong with one that cannot be registered."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError
from kvit.parties.domain import contacts, identities, names


class PartyKind(StrEnum):
    """A legal person or a human being, a sole trader included."""

    COMPANY = "company"
    PERSON = "person"


class Language(StrEnum):
    """The languages in which every text that leaves the system exists."""

    ENGLISH = "en"
    POLISH = "pl"
    SWEDISH = "sv"
    ROMANIAN = "ro"


class BadAddress(DomainError):
    """An address without a country, or with text that no address has."""

    code: ClassVar[str] = "parties.bad_address"


@dataclass(frozen=True)
class PostalAddress:
    """Where somebody lives or has their seat; `country` is ISO 3166-1 alpha-2, the rest as written there."""

    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True)
class NewContact:
    """A way to reach a party that is being registered."""

    purpose: contacts.Purpose
    channel: contacts.Channel
    value: str


@dataclass(frozen=True)
class NewIdentity:
    """A number of a party that is being registered."""

    kind: identities.IdentityKind
    value: str


@dataclass(frozen=True)
class NewParty:
    """A party with all that a file or a form knows about it; `country` is ISO 3166-1 alpha-2."""

    kind: PartyKind
    name: str
    country: str
    language: Language = Language.ENGLISH
    is_own: bool = False
    address: PostalAddress | None = None
    identities: tuple[NewIdentity, ...] = ()
    contacts: tuple[NewContact, ...] = ()

    @property
    def is_person(self) -> bool:
        """Whether it is a human being."""
        return self.kind is PartyKind.PERSON


_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LONGEST_LINE: Final = 200


def country_code(text: str) -> str:
    """The two capital letters. Refuses `BadAddress`."""
    code = text.strip().upper()
    if not _COUNTRY.fullmatch(code):
        raise BadAddress("a country is its two letters, like PL, SE or RO")
    return code


def tidy_address(address: PostalAddress) -> PostalAddress:
    """The address with single spaces and its country in capitals. Refuses `BadAddress`."""
    lines = [" ".join(line.split()) for line in (address.street, address.postal_code, address.city)]
    if not any(lines):
        raise BadAddress("an address has at least a street or a town")
    if any(len(line) > _LONGEST_LINE or not line.isprintable() for line in lines):
        raise BadAddress(f"a line of an address has at most {_LONGEST_LINE} printable characters")
    return PostalAddress(lines[0], lines[1], lines[2], country_code(address.country))


def tidied(new: NewParty) -> NewParty:
    """The party in the forms in which it is kept. Refuses the first thing that `problems` would name."""
    country = country_code(new.country)
    return NewParty(
        kind=new.kind,
        name=names.tidy_name(new.name),
        country=country,
        language=new.language,
        is_own=new.is_own,
        address=tidy_address(new.address) if new.address else None,
        identities=tuple(dict.fromkeys(_tidy_identity(new, identity) for identity in new.identities)),
        contacts=tuple(dict.fromkeys(_tidy_contact(contact, country) for contact in new.contacts)),
    )


def problems(new: NewParty) -> tuple[str, ...]:
    """All that keeps a party from being registered, in plain words without its data; empty when nothing does.

    For readers of files, which sort bad rows out before a chunk is registered as a whole.
    """
    address = new.address
    checks: Sequence[Callable[[], object]] = [
        lambda: country_code(new.country),
        lambda: names.tidy_name(new.name),
        *([lambda: tidy_address(address)] if address else []),
        *(lambda identity=identity: _tidy_identity(new, identity) for identity in new.identities),
        *(lambda contact=contact: _tidy_contact(contact, new.country.strip().upper()) for contact in new.contacts),
    ]
    return tuple(text for check in checks if (text := _refusal(check)))


def _refusal(check: Callable[[], object]) -> str:
    try:
        check()
    except DomainError as refusal:
        return str(refusal)
    return ""


def _tidy_identity(new: NewParty, identity: NewIdentity) -> NewIdentity:
    value = identities.validated(identity.kind, identity.value, is_person=new.is_person)
    return NewIdentity(identity.kind, value)


def _tidy_contact(contact: NewContact, country: str) -> NewContact:
    return NewContact(
        contact.purpose, contact.channel, contacts.tidy_contact(contact.channel, contact.value, country=country)
    )
