"""Let somebody sign in to the portal for a party, and end it."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.base import login, rows
from kvit.base.codec import Personal, Secret
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.parties import events
from kvit.parties.commands.hold import hold
from kvit.parties.domain.contacts import Channel, tidy_contact


class NoSuchLogin(DomainError):
    """The tenant has no portal login with this id."""

    code: ClassVar[str] = "parties.no_such_login"


@dataclass(frozen=True)
class LoginOpened:
    """The login that is open now; `is_new` is False where it was open already."""

    login_id: int
    user_id: int
    is_new: bool


@dataclass(frozen=True)
class LoginClosed:
    """Whether it was open until now."""

    login_id: int
    was_open: bool


@command
def open_login(
    ctx: Ctx,
    *,
    party_id: int,
    email: Personal[str],
    full_name: Personal[str],
    password: Secret[str | None] = None,
) -> LoginOpened:
    """Let the person with this address see the party's invoices and payments from now on.

    An address that signs in already keeps its password and name; one person may have logins of many parties, at
    many tenants. Refuses `NoSuchParty`, `PartyErased`, `BadContact`.
    """
    held = hold(party_id)
    address = tidy_contact(Channel.EMAIL, email, country=held.country)
    user_id = login.make_user(email=address, full_name=full_name, password=password)
    inserted = rows.select(
        """
        INSERT INTO parties_login (tenant_id, party_id, user_id, since_at, command_id) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (tenant_id, user_id, party_id) WHERE closed_at IS NULL DO NOTHING RETURNING id
        """,
        [ctx.tenant_id, party_id, user_id, ctx.now, ctx.command_id],
    )
    if inserted:
        ctx.emit(events.LoginChanged(party_id, int(inserted[0][0])))
        return LoginOpened(int(inserted[0][0]), user_id, is_new=True)
    ((login_id,),) = rows.select(
        "SELECT id FROM parties_login WHERE party_id = %s AND user_id = %s AND closed_at IS NULL", [party_id, user_id]
    )
    return LoginOpened(int(login_id), user_id, is_new=False)


@command
def close_login(ctx: Ctx, *, login_id: int) -> LoginClosed:
    """The person sees the party's portal no longer. Refuses `NoSuchLogin`."""
    found = rows.select("SELECT party_id FROM parties_login WHERE id = %s", [login_id])
    if not found:
        raise NoSuchLogin(f"there is no portal login {login_id}")
    closed = rows.run(
        "UPDATE parties_login SET closed_at = %s, closed_by_id = %s WHERE id = %s AND closed_at IS NULL",
        [ctx.now, ctx.command_id, login_id],
    )
    if closed:
        ctx.emit(events.LoginChanged(int(found[0][0]), login_id))
    return LoginClosed(login_id, was_open=bool(closed))
