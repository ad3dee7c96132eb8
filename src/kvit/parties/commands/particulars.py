"""Change what a party is called, where it is and which language it reads."""

from dataclasses import dataclass

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.parties import events
from kvit.parties.commands.hold import hold
from kvit.parties.commands.registration import write_starts
from kvit.parties.domain import names
from kvit.parties.domain.register import Language, PostalAddress, tidy_address


@dataclass(frozen=True)
class Renamed:
    """Whether the name is another one than before."""

    party_id: int
    is_changed: bool


@dataclass(frozen=True)
class LanguageSet:
    """Whether the language is another one than before."""

    party_id: int
    is_changed: bool


@dataclass(frozen=True)
class AddressSet:
    """The address that stands now, and whether it is another one than before."""

    address_id: int
    is_changed: bool


@command
def rename_party(ctx: Ctx, *, party_id: int, name: Personal[str]) -> Renamed:
    """Give a party another name; it is found by the former one as well.

    Refuses `NoSuchParty`, `PartyErased`, `BadName`.
    """
    held = hold(party_id)
    tidy = names.tidy_name(name)
    if tidy == held.name:
        return Renamed(party_id, is_changed=False)
    key = names.name_key(tidy, is_person=held.is_person)
    rows.run(
        """
        INSERT INTO parties_formername (tenant_id, party_id, name, until_at, command_id) VALUES (%s, %s, %s, %s, %s)
        """,
        [ctx.tenant_id, party_id, held.name, ctx.now, ctx.command_id],
    )
    rows.run("UPDATE parties_party SET name = %s, name_key = %s WHERE id = %s", [tidy, key, party_id])
    write_starts(ctx, [(party_id, key)])
    ctx.emit(events.PartyRenamed(party_id))
    return Renamed(party_id, is_changed=True)


@command
def change_language(ctx: Ctx, *, party_id: int, language: Language) -> LanguageSet:
    """Write to a party in another language from now on. Refuses `NoSuchParty`, `PartyErased`."""
    held = hold(party_id)
    if held.language == language:
        return LanguageSet(party_id, is_changed=False)
    rows.run("UPDATE parties_party SET language = %s WHERE id = %s", [language.value, party_id])
    ctx.emit(events.LanguageChanged(party_id))
    return LanguageSet(party_id, is_changed=True)


@command
def set_address(ctx: Ctx, *, party_id: int, address: Personal[PostalAddress]) -> AddressSet:
    """Let this be a party's address from now on; the one before is closed and kept.

    Refuses `NoSuchParty`, `PartyErased`, `BadAddress`.
    """
    hold(party_id)
    tidy = tidy_address(address)
    standing = rows.select(
        """
        SELECT id, street, postal_code, city, country FROM parties_address WHERE party_id = %s AND closed_at IS NULL
        """,
        [party_id],
    )
    if standing and PostalAddress(*standing[0][1:]) == tidy:
        return AddressSet(int(standing[0][0]), is_changed=False)
    rows.run(
        "UPDATE parties_address SET closed_at = %s, closed_by_id = %s WHERE party_id = %s AND closed_at IS NULL",
        [ctx.now, ctx.command_id, party_id],
    )
    ((address_id,),) = rows.select(
        """
        INSERT INTO parties_address (tenant_id, party_id, street, postal_code, city, country, since_at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [
            ctx.tenant_id,
            party_id,
            tidy.street,
            tidy.postal_code,
            tidy.city,
            tidy.country,
            ctx.now,
            ctx.command_id,
        ],
    )
    ctx.emit(events.AddressChanged(party_id))
    return AddressSet(int(address_id), is_changed=True)
