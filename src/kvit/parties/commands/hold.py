"""Hold a party for the rest of the transaction, so that what is written about it meets no erasure halfway."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.base import rows
from kvit.kernel.refusals import DomainError
from kvit.parties.domain.register import PartyKind


class NoSuchParty(DomainError):
    """The tenant has no party with this id."""

    code: ClassVar[str] = "parties.no_such_party"


class PartyErased(DomainError):
    """The person's data were erased; nothing is written about them any more."""

    code: ClassVar[str] = "parties.party_erased"


@dataclass(frozen=True)
class Held:
    """A party under lock."""

    party_id: int
    kind: PartyKind
    name: str
    country: str
    language: str

    @property
    def is_person(self) -> bool:
        """Whether it is a human being."""
        return self.kind is PartyKind.PERSON


def hold(party_id: int) -> Held:
    """Lock one party of the tenant. Refuses `NoSuchParty`, `PartyErased`."""
    found = rows.select(
        """
        SELECT kind, name, country, language, erased_at FROM parties_party WHERE id = %s FOR NO KEY UPDATE
        """,
        [party_id],
    )
    if not found:
        raise NoSuchParty(f"there is no party {party_id}")
    ((kind, name, country, language, erased_at),) = found
    if erased_at is not None:
        raise PartyErased(f"party {party_id} was erased; register the person anew if they have come back")
    return Held(party_id, PartyKind(kind), name, country, language)
