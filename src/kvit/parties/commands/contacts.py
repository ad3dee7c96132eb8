"""Add and close ways to reach a party."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.parties import events
from kvit.parties.commands.hold import hold
from kvit.parties.domain.contacts import Channel, Purpose, tidy_contact


class NoSuchContact(DomainError):
    """The tenant has no contact with this id."""

    code: ClassVar[str] = "parties.no_such_contact"


@dataclass(frozen=True)
class ContactAdded:
    """The contact that is open now; `is_new` is False where it was open already."""

    contact_id: int
    is_new: bool


@dataclass(frozen=True)
class ContactClosed:
    """Whether it was open until now."""

    contact_id: int
    was_open: bool


@command
def add_contact(ctx: Ctx, *, party_id: int, purpose: Purpose, channel: Channel, value: Personal[str]) -> ContactAdded:
    """Reach a party there for this purpose from now on.

    Telephone numbers without a country's code are taken as the party's country's. Refuses `NoSuchParty`,
    `PartyErased`, `BadContact`.
    """
    held = hold(party_id)
    tidy = tidy_contact(channel, value, country=held.country)
    inserted = rows.select(
        """
        INSERT INTO parties_contact (tenant_id, party_id, purpose, channel, value, since_at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (tenant_id, party_id, purpose, channel, value) WHERE closed_at IS NULL DO NOTHING RETURNING id
        """,
        [ctx.tenant_id, party_id, purpose.value, channel.value, tidy, ctx.now, ctx.command_id],
    )
    if inserted:
        ctx.emit(events.ContactChanged(party_id, int(inserted[0][0])))
        return ContactAdded(int(inserted[0][0]), is_new=True)
    ((contact_id,),) = rows.select(
        """
        SELECT id FROM parties_contact
        WHERE party_id = %s AND purpose = %s AND channel = %s AND value = %s AND closed_at IS NULL
        """,
        [party_id, purpose.value, channel.value, tidy],
    )
    return ContactAdded(int(contact_id), is_new=False)


@command
def close_contact(ctx: Ctx, *, contact_id: int) -> ContactClosed:
    """Reach nobody there from now on; what was sent there stays explained. Refuses `NoSuchContact`."""
    found = rows.select("SELECT party_id FROM parties_contact WHERE id = %s", [contact_id])
    if not found:
        raise NoSuchContact(f"there is no contact {contact_id}")
    closed = rows.run(
        "UPDATE parties_contact SET closed_at = %s, closed_by_id = %s WHERE id = %s AND closed_at IS NULL",
        [ctx.now, ctx.command_id, contact_id],
    )
    if closed:
        ctx.emit(events.ContactChanged(int(found[0][0]), contact_id))
    return ContactClosed(contact_id, was_open=bool(closed))
