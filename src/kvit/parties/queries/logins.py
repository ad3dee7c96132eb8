"""Who signs in to the portal, and for whom."""

from dataclasses import dataclass
from datetime import datetime

from kvit.base import rows


@dataclass(frozen=True, slots=True)
class PortalPlace:
    """A party of a tenant, as the person who signs in for it finds it; country is ISO 3166, currency ISO 4217."""

    tenant_id: int
    party_id: int
    party_name: str
    tenant_code: str
    tenant_name: str
    country: str
    currency: str


@dataclass(frozen=True)
class PortalLogin:
    """A person who may sign in for a party."""

    id: int
    user_id: int
    email: str
    full_name: str
    since_at: datetime
    closed_at: datetime | None


def portal_places(user_id: int) -> tuple[PortalPlace, ...]:
    """Every party a person signs in for, at whatever tenant; asked before any tenant is set."""
    found = rows.select(
        "SELECT tenant_id, party_id, party_name, code, name, country, currency FROM parties_logins(%s)", [user_id]
    )
    return tuple(PortalPlace(int(row[0]), int(row[1]), *row[2:]) for row in found)


def portal_logins(party_id: int) -> tuple[PortalLogin, ...]:
    """Who signs in, or did, for a party. Needs the tenant's scope."""
    return tuple(
        PortalLogin(*row)
        for row in rows.select(
            """
            SELECT l.id, l.user_id, u.email, u.full_name, l.since_at, l.closed_at
            FROM parties_login l JOIN base_user u ON u.id = l.user_id WHERE l.party_id = %s ORDER BY l.id
            """,
            [party_id],
        )
    )
