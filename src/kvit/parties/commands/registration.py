"""Get to know parties, one by one or a chunk at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from kvit.base import rows
from kvit.base.codec import Bulk, Personal
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.parties import events
from kvit.parties.commands.identities import refuse_taken
from kvit.parties.domain import names
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.domain.register import Language, NewParty, PartyKind, tidied


class BadParty(DomainError):
    """One party of a chunk cannot be registered, so none was; the text says which and why."""

    code: ClassVar[str] = "parties.bad_party"


@dataclass(frozen=True)
class Registered:
    """The party has this id."""

    party_id: int


@dataclass(frozen=True)
class ChunkRegistered:
    """The parties have these ids, in the order in which they were given."""

    party_ids: tuple[int, ...]


@command
def register_party(
    ctx: Ctx,
    *,
    kind: PartyKind,
    name: Personal[str],
    country: str,
    language: Language = Language.ENGLISH,
    is_own: bool = False,
) -> Registered:
    """Get to know a company or a person; `is_own` for a company that invoices from here.

    `country` is ISO 3166-1 alpha-2. Refuses `BadName`, `BadAddress`. Namesakes are welcome.
    """
    new = tidied(NewParty(kind=kind, name=name, country=country, language=language, is_own=is_own))
    (party_id,) = _write(ctx, [new])
    ctx.emit(events.PartyRegistered(party_id))
    return Registered(party_id)


@command
def register_parties(ctx: Ctx, *, parties: Bulk[Sequence[NewParty]]) -> ChunkRegistered:
    """Get to know about a thousand parties at once, with their addresses, contacts and numbers: all or none.

    Numbers start unverified. Refuses `BadParty` with the position (from 1) of the first party that
    `domain.register.problems` finds fault with, and `IdentityTaken` where another party has verified a number.
    """
    tidy = []
    for position, new in enumerate(parties, start=1):
        try:
            tidy.append(tidied(new))
        except DomainError as refusal:
            raise BadParty(f"party {position} of {len(parties)}: {refusal}") from refusal
    if not tidy:
        return ChunkRegistered(())
    party_ids = tuple(_write(ctx, tidy))
    ctx.emit(events.PartiesRegistered(party_ids))
    return ChunkRegistered(party_ids)


def _write(ctx: Ctx, parties: Sequence[NewParty]) -> list[int]:
    """Insert tidied parties and all they bring; their ids, in order."""
    ids = rows.next_ids("parties_party", len(parties))
    keys = [names.name_key(new.name, is_person=new.is_person) for new in parties]
    count = len(parties)
    rows.insert(
        "parties_party",
        {
            "id": ("bigint", ids),
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "kind": ("text", [new.kind.value for new in parties]),
            "name": ("text", [new.name for new in parties]),
            "name_key": ("text", keys),
            "country": ("text", [new.country for new in parties]),
            "language": ("text", [new.language.value for new in parties]),
            "is_own": ("boolean", [new.is_own for new in parties]),
            "registered_at": ("timestamptz", [ctx.now] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
    )
    write_starts(ctx, [(party_id, key) for party_id, key in zip(ids, keys, strict=True)])
    brought = list(zip(ids, parties, strict=True))
    _write_addresses(ctx, brought)
    _write_contacts(ctx, brought)
    _write_identities(ctx, brought)
    return ids


def write_starts(ctx: Ctx, named: Sequence[tuple[int, str]]) -> None:
    """Let each party (id, name key) be found from each word of the key."""
    found = [(party_id, start) for party_id, key in named for start in names.starts(key)]
    rows.insert(
        "parties_namestart",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(found)),
            "party_id": ("bigint", [party_id for party_id, _ in found]),
            "key": ("text", [start for _, start in found]),
        },
        tail="ON CONFLICT DO NOTHING",
    )


def _write_addresses(ctx: Ctx, brought: Sequence[tuple[int, NewParty]]) -> None:
    found = [(party_id, new.address) for party_id, new in brought if new.address]
    if not found:
        return
    rows.insert(
        "parties_address",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(found)),
            "party_id": ("bigint", [party_id for party_id, _ in found]),
            "street": ("text", [address.street for _, address in found]),
            "postal_code": ("text", [address.postal_code for _, address in found]),
            "city": ("text", [address.city for _, address in found]),
            "country": ("text", [address.country for _, address in found]),
            "since_at": ("timestamptz", [ctx.now] * len(found)),
            "command_id": ("bigint", [ctx.command_id] * len(found)),
        },
    )


def _write_contacts(ctx: Ctx, brought: Sequence[tuple[int, NewParty]]) -> None:
    found = [(party_id, contact) for party_id, new in brought for contact in new.contacts]
    if not found:
        return
    rows.insert(
        "parties_contact",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(found)),
            "party_id": ("bigint", [party_id for party_id, _ in found]),
            "purpose": ("text", [contact.purpose.value for _, contact in found]),
            "channel": ("text", [contact.channel.value for _, contact in found]),
            "value": ("text", [contact.value for _, contact in found]),
            "since_at": ("timestamptz", [ctx.now] * len(found)),
            "command_id": ("bigint", [ctx.command_id] * len(found)),
        },
    )


def _write_identities(ctx: Ctx, brought: Sequence[tuple[int, NewParty]]) -> None:
    found = [(party_id, identity) for party_id, new in brought for identity in new.identities]
    if not found:
        return
    refuse_taken([(party_id, identity.kind, identity.value) for party_id, identity in found])
    rows.insert(
        "parties_identity",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(found)),
            "party_id": ("bigint", [party_id for party_id, _ in found]),
            "kind": ("text", [identity.kind.value for _, identity in found]),
            "value": ("text", [identity.value for _, identity in found]),
            "state": ("text", [IdentityState.UNVERIFIED.value] * len(found)),
            "source": ("text", [""] * len(found)),
            "evidence": ("text", [""] * len(found)),
            "command_id": ("bigint", [ctx.command_id] * len(found)),
        },
    )
