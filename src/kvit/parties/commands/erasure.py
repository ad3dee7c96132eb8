"""Erase a person's data and leave the books and the audit as they are (GDPR, article 17)."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.conf import settings

from kvit.base import codec, lifecycle, login, rows
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.parties import events
from kvit.parties.commands.hold import hold
from kvit.parties.commands.identities import IDENTITY
from kvit.parties.commands.registers import drop_about
from kvit.parties.domain.erasure import ERASED
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.domain.register import PostalAddress
from kvit.parties.queries import portal_places

# Commands of this context that take somebody's data; the index of the audit begins with their names.
_ABOUT_A_PARTY: Final = (
    "parties.register_party",
    "parties.rename_party",
    "parties.set_address",
    "parties.add_contact",
    "parties.give_consent",
    "parties.withdraw_consent",
    "parties.add_identity",
    "parties.record_fact",
    "parties.open_login",
    "parties.record_answer",
)
_ABOUT_AN_IDENTITY: Final = ("parties.record_verification", "parties.decide_number")


class NotAPerson(DomainError):
    """Only a person's data are erased; a company has none of its own."""

    code: ClassVar[str] = "parties.not_a_person"


@dataclass(frozen=True)
class Erased:
    """How many values that people had typed into commands went with the person."""

    party_id: int
    values_removed: int


@command
def erase_person(ctx: Ctx, *, party_id: int, reason: str) -> Erased:
    """Replace a person's data by a neutral text, close their contacts, and delete what commands kept of them.

    Rows, ids, invoices and the audit stay, and so does each keyed hash in it. Deleted from the erasable table
    are the values given in commands about this party and, in commands of other contexts, values equal to their
    names, addresses, contacts and numbers. A namesake stays as they are. `reason` names nobody. Whether a duty
    to keep stands against it is for the caller to know. Refuses `NoSuchParty`, `PartyErased`, `NotAPerson`.
    """
    held = hold(party_id)
    if not held.is_person:
        raise NotAPerson(f"party {party_id} is a company; only a person is erased")
    removed = _forget_given(party_id) + _forget_equal(_hashes(party_id, held.name))
    drop_about(ctx, party_id)
    _expire_identities(ctx, party_id)
    _end_logins(ctx, party_id)
    _neutralise(ctx, party_id)
    ctx.emit(events.PersonErased(party_id))
    return Erased(party_id, removed)


def _forget_given(party_id: int) -> int:
    """Delete the values that commands about this party were given, in whatever spelling."""
    return rows.run(
        """
        DELETE FROM base_personalvalue v USING base_command c
        WHERE c.tenant_id = v.tenant_id AND c.id = v.command_id AND (
            c.name = ANY(%(parties)s) AND %(party)s IN (c.input ->> 'party_id', c.result ->> 'party_id')
            OR c.name = ANY(%(identities)s) AND c.input ->> 'identity_id' IN (
                SELECT id::text FROM parties_identity WHERE party_id = %(id)s
            )
        )
        """,
        {
            "parties": list(_ABOUT_A_PARTY),
            "identities": list(_ABOUT_AN_IDENTITY),
            "party": str(party_id),
            "id": party_id,
        },
    )


def _forget_equal(hashes: list[str]) -> int:
    """Delete equal values that commands of other contexts were given; what was said about a namesake here stays."""
    return rows.run(
        """
        DELETE FROM base_personalvalue v USING base_command c
        WHERE c.tenant_id = v.tenant_id AND c.id = v.command_id AND v.hash = ANY(%s) AND c.name <> ALL(%s)
        """,
        [hashes, [*_ABOUT_A_PARTY, *_ABOUT_AN_IDENTITY]],
    )


def _hashes(party_id: int, name: str) -> list[str]:
    """The keyed hashes of all by which the person can be known."""
    values: list[Any] = [
        value
        for (value,) in rows.select(
            """
            SELECT name FROM parties_formername WHERE party_id = %(id)s
            UNION SELECT value FROM parties_contact WHERE party_id = %(id)s
            UNION SELECT value FROM parties_identity WHERE party_id = %(id)s
            """,
            {"id": party_id},
        )
    ]
    addresses = rows.select(
        "SELECT street, postal_code, city, country FROM parties_address WHERE party_id = %s", [party_id]
    )
    values += [name, *(codec.plain(PostalAddress(*address)) for address in addresses)]
    return [codec.keyed_hash(settings.KVIT_HASH_KEY, codec.canonical(value)) for value in values]


def _expire_identities(ctx: Ctx, party_id: int) -> None:
    relied_on = rows.select("SELECT id FROM parties_identity WHERE party_id = %s AND state <> 'expired'", [party_id])
    if relied_on:
        lifecycle.move(ctx, IDENTITY, [row[0] for row in relied_on], to=IdentityState.EXPIRED)


def _end_logins(ctx: Ctx, party_id: int) -> None:
    """Close the portal logins; a login that opens nothing else any more is forgotten."""
    ended = rows.select(
        "UPDATE parties_login SET closed_at = %s, closed_by_id = %s WHERE party_id = %s AND closed_at IS NULL "
        "RETURNING user_id",
        [ctx.now, ctx.command_id, party_id],
    )
    for (user_id,) in ended:
        if not login.places(user_id) and not portal_places(user_id):
            login.forget_user(user_id)


def _neutralise(ctx: Ctx, party_id: int) -> None:
    by = {"erased": ERASED, "id": party_id, "now": ctx.now, "command": ctx.command_id}
    for statement in (
        "UPDATE parties_contact SET closed_at = %(now)s, closed_by_id = %(command)s "
        "WHERE party_id = %(id)s AND closed_at IS NULL",
        "UPDATE parties_address SET closed_at = %(now)s, closed_by_id = %(command)s "
        "WHERE party_id = %(id)s AND closed_at IS NULL",
        "UPDATE parties_party SET name = %(erased)s::text, name_key = %(erased)s::text, erased_at = %(now)s "
        "WHERE id = %(id)s",
        "UPDATE parties_formername SET name = %(erased)s::text WHERE party_id = %(id)s",
        "UPDATE parties_address SET street = %(erased)s::text, postal_code = %(erased)s::text, city = %(erased)s::text "
        "WHERE party_id = %(id)s",
        "UPDATE parties_contact SET value = %(erased)s::text WHERE party_id = %(id)s",
        "UPDATE parties_consent SET evidence = %(erased)s::text WHERE party_id = %(id)s",
        "UPDATE parties_identity SET value = %(erased)s::text, evidence = %(erased)s::text WHERE party_id = %(id)s",
        "UPDATE parties_fact SET value = %(erased)s::text WHERE party_id = %(id)s",
        "DELETE FROM parties_namestart WHERE party_id = %(id)s",
    ):
        rows.run(statement, by)
