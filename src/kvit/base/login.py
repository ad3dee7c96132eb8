"""Tenants, the people who sign in, and what role each has where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.hashers import make_password

from kvit.base import rows, tenant
from kvit.base.codec import Personal, Secret
from kvit.base.command import Ctx, command
from kvit.kernel import zones
from kvit.kernel.refusals import DomainError


class Role(StrEnum):
    """What a person may do in a tenant; surfaces turn it into routes."""

    OWNER = "owner"
    MANAGER = "manager"
    CLERK = "clerk"
    ACCOUNTANT = "accountant"
    DISPATCHER = "dispatcher"
    AUDITOR = "auditor"


class TenantCodeTaken(DomainError):
    """Another company already uses this code."""

    code: ClassVar[str] = "base.tenant_code_taken"


class NoSuchTenant(DomainError):
    """No company has this code."""

    code: ClassVar[str] = "base.no_such_tenant"


class NoSuchMember(DomainError):
    """This person does not work for the company."""

    code: ClassVar[str] = "base.no_such_member"


class LastOwner(DomainError):
    """Nobody else owns the company: somebody always does."""

    code: ClassVar[str] = "base.last_owner"


@dataclass(frozen=True)
class TenantOpened:
    """A company has its own place now."""

    tenant_id: int


@dataclass(frozen=True)
class MemberAdded:
    """A person may sign in and has a role; where the address had no login before, it has one now."""

    user_id: int
    is_new_login: bool = False


def draw_tenant_id() -> int:
    """The number of a tenant that is about to be opened: the `Ctx` of `open_tenant` carries it."""
    return int(rows.select("SELECT nextval(pg_get_serial_sequence('base_tenant', 'id'))")[0][0])


def count_tenants() -> int:
    """How many companies this installation has; asked before any tenant is set."""
    return int(rows.select("SELECT base_count_tenants()")[0][0])


def tenant_ids() -> tuple[int, ...]:
    """Every company of the installation, for passes that go through all of them; asked before any tenant is set."""
    return tuple(int(row[0]) for row in rows.select("SELECT base_tenant_ids()"))


def own_currency() -> str:
    """The company's own currency (ISO 4217). Needs the tenant's scope."""
    ((currency,),) = rows.select("SELECT currency FROM base_tenant")
    return str(currency)


def own_country() -> str:
    """The company's own country (ISO 3166). Needs the tenant's scope."""
    ((country,),) = rows.select("SELECT country FROM base_tenant")
    return str(country)


def own_day(now: datetime) -> date:
    """The day that it is at an instant where the company is; not that of UTC. Needs the tenant's scope."""
    return zones.day_in(own_country(), now)


@command
def open_tenant(ctx: Ctx, *, code: str, name: str, country: str, currency: str) -> TenantOpened:
    """Open a company under `ctx.tenant_id` (from `draw_tenant_id`). Refuses `TenantCodeTaken`."""
    inserted = rows.select(
        """
        INSERT INTO base_tenant (id, code, name, country, currency) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (code) DO NOTHING RETURNING id
        """,
        [ctx.tenant_id, code, name, country, currency],
    )
    if not inserted:
        raise TenantCodeTaken(f"the code {code!r} is taken; choose another one")
    return TenantOpened(ctx.tenant_id)


def make_user(*, email: str, full_name: str, password: str | None) -> int:
    """The login of an address, made if it has none; one that is there keeps its name and password. Within a command.

    Without a password the login cannot be used until an invitation is accepted.
    """
    rows.run(
        """
        INSERT INTO base_user (email, full_name, language, is_active, password) VALUES (lower(%s), %s, '', true, %s)
        ON CONFLICT (email) DO NOTHING
        """,
        [email, full_name, make_password(password)],
    )
    ((user_id,),) = rows.select("SELECT id FROM base_user WHERE email = lower(%s)", [email])
    return int(user_id)


def choose_language(user_id: int, language: str) -> None:
    """What a person reads, wherever they work; a choice of their own, which no tenant's audit holds."""
    rows.run("UPDATE base_user SET language = %s WHERE id = %s", [language, user_id])


def forget_user(user_id: int) -> None:
    """Erase who a login belongs to: address, name, password, second factors; the id stays. Within a command."""
    for statement in (
        "UPDATE base_user SET email = 'erased-' || id || '@invalid', full_name = '', is_active = false, "
        "password = '!' WHERE id = %s",
        "DELETE FROM account_emailaddress WHERE user_id = %s",
        "DELETE FROM mfa_authenticator WHERE user_id = %s",
    ):
        rows.run(statement, [user_id])


@command
def add_member(
    ctx: Ctx,
    *,
    email: Personal[str],
    full_name: Personal[str],
    role: Role,
    password: Secret[str | None] = None,
) -> MemberAdded:
    """Give a person a role; makes the login if the address has none, and changes the role if it has one here.

    Without a password the login cannot be used until an invitation is accepted. Refuses `LastOwner`.
    """
    is_new = not rows.select("SELECT FROM base_user WHERE email = lower(%s)", [email])
    user_id = make_user(email=email, full_name=full_name, password=password)
    if role is not Role.OWNER:
        _keep_an_owner(user_id)
    rows.run(
        """
        INSERT INTO base_membership (tenant_id, user_id, role) VALUES (%s, %s, %s)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET role = excluded.role
        """,
        [ctx.tenant_id, user_id, role.value],
    )
    return MemberAdded(user_id, is_new)


@dataclass(frozen=True)
class RoleChanged:
    """What the person may do from now on."""

    user_id: int
    role: Role


@dataclass(frozen=True)
class MemberRemoved:
    """The person's next request already finds the company closed."""

    user_id: int


@command
def change_role(ctx: Ctx, *, user_id: int, role: Role) -> RoleChanged:
    """Give somebody who works here another role. Refuses `NoSuchMember`, `LastOwner`."""
    if role is not Role.OWNER:
        _keep_an_owner(user_id)
    if not rows.run("UPDATE base_membership SET role = %s WHERE user_id = %s", [role.value, user_id]):
        raise NoSuchMember(f"user {user_id} does not work here")
    return RoleChanged(user_id, role)


@command
def remove_member(ctx: Ctx, *, user_id: int) -> MemberRemoved:
    """End somebody's work for the company; the login stays for others. Refuses `NoSuchMember`, `LastOwner`."""
    _keep_an_owner(user_id)
    if not rows.run("DELETE FROM base_membership WHERE user_id = %s", [user_id]):
        raise NoSuchMember(f"user {user_id} does not work here")
    return MemberRemoved(user_id)


def _keep_an_owner(leaving_id: int) -> None:
    """Refuse `LastOwner` where nobody else owns the company; owners are locked, so that two never leave at once."""
    owners = rows.select(
        "SELECT user_id FROM base_membership WHERE role = %s ORDER BY user_id FOR NO KEY UPDATE", [Role.OWNER.value]
    )
    if owners == [(leaving_id,)]:
        raise LastOwner("make somebody else an owner first")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for the company."""

    user_id: int
    email: str
    full_name: str
    role: Role
    has_password: bool


def members() -> tuple[Member, ...]:
    """Who works for the company, by name. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT u.id, u.email, u.full_name, m.role, u.password NOT LIKE '!%%' FROM base_membership m
        JOIN base_user u ON u.id = m.user_id ORDER BY u.full_name, u.email
        """
    )
    return tuple(Member(row[0], row[1], row[2], Role(row[3]), row[4]) for row in found)


def names(user_ids: Sequence[int]) -> dict[int, str]:
    """Full names, or addresses where there is none, of people who work or worked here, by login."""
    if not user_ids:
        return {}
    found = rows.select(
        "SELECT id, coalesce(nullif(full_name, ''), email) FROM base_user WHERE id IN (SELECT unnest(%s::bigint[]))",
        [list(set(user_ids))],
    )
    return {int(user_id): name for user_id, name in found}


def tenant_by_code(code: str | None) -> int:
    """The tenant with this code; without a code, the only one there is. Refuses `NoSuchTenant`.

    Asked before any tenant is set, of a function that tells nothing else about other tenants.
    """
    found = rows.select("SELECT base_find_tenant(%s)", [code])[0][0]
    if found is None:
        raise NoSuchTenant(
            f"no company has the code {code!r}" if code else "say which company: there is none yet, or several"
        )
    return int(found)


def memberships(user_id: int) -> list[tuple[int, Role]]:
    """Where a person who has just signed in may go: (tenant_id, role); asked before any tenant is set."""
    return [
        (int(t), Role(role)) for t, role in rows.select("SELECT tenant_id, role FROM base_memberships(%s)", [user_id])
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant as one of its people sees it; country is ISO 3166, currency ISO 4217."""

    tenant_id: int
    role: Role
    code: str
    name: str
    country: str
    currency: str


def places(user_id: int) -> tuple[Place, ...]:
    """Where a person works, by name; asked before any tenant is set."""
    found = rows.select("SELECT tenant_id, role, code, name, country, currency FROM base_places(%s)", [user_id])
    return tuple(Place(int(row[0]), Role(row[1]), *row[2:]) for row in found)


def role_of(tenant_id: int, user_id: int) -> Role | None:
    """The role of a user in a tenant, or None."""
    with tenant.scope(tenant_id):
        found = rows.select("SELECT role FROM base_membership WHERE user_id = %s", [user_id])
    return Role(found[0][0]) if found else None
