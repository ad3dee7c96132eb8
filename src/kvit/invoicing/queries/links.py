"""What a link opens, and who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kvit.base import rows
from kvit.invoicing.domain import LinkState, is_token, token_hash


@dataclass(frozen=True, slots=True)
class FoundLink:
    """Where a token leads; whether it still opens anything is said by `link` within the tenant."""

    tenant_id: int
    link_id: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link to an invoice at an instant."""

    id: int
    invoice_id: int
    state: LinkState
    opened_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_viewed_at: datetime | None


def find_link(token: str) -> FoundLink | None:
    """Where a token leads; asked before any tenant is set, of a function that tells nothing else."""
    if not is_token(token):
        return None
    found = rows.select("SELECT tenant_id, link_id FROM invoicing_find_link(%s)", [token_hash(token)])
    return FoundLink(int(found[0][0]), int(found[0][1])) if found else None


_LINKS = """
    SELECT l.id, l.invoice_id, l.opened_at, l.expires_at, l.revoked_at,
           (SELECT max(v.at) FROM invoicing_view v WHERE v.link_id = l.id)
    FROM invoicing_link l
"""


def link(link_id: int, *, now: datetime) -> LinkRow | None:
    """A link to an invoice as it stands at an instant; None for one to anything else. Needs the tenant's scope."""
    return next(
        iter(_links(rows.select(_LINKS + "WHERE l.id = %s AND l.invoice_id IS NOT NULL", [link_id]), now)), None
    )


def links_of(invoice_id: int, *, now: datetime) -> tuple[LinkRow, ...]:
    """All links an invoice ever had, newest first. Needs the tenant's scope."""
    return _links(rows.select(_LINKS + "WHERE l.invoice_id = %s ORDER BY l.id DESC", [invoice_id]), now)


def last_view(link_id: int, *, before: datetime) -> datetime | None:
    """When somebody last looked through a link before an instant. Needs the tenant's scope."""
    ((at,),) = rows.select("SELECT max(at) FROM invoicing_view WHERE link_id = %s AND at < %s", [link_id, before])
    return at  # type: ignore[no-any-return]


def _links(found: Sequence[Any], now: datetime) -> tuple[LinkRow, ...]:
    return tuple(
        LinkRow(link_id, invoice_id, _state(expires_at, revoked_at, now), opened_at, expires_at, revoked_at, viewed_at)
        for link_id, invoice_id, opened_at, expires_at, revoked_at, viewed_at in found
    )


def _state(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> LinkState:
    if revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.OPEN if expires_at > now else LinkState.EXPIRED
