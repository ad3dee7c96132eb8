"""Money that is to go back to who sent it."""

from dataclasses import dataclass
from datetime import datetime

from kvit.base import rows


@dataclass(frozen=True, slots=True)
class AskedRefund:
    """So much of a linked payment is to go back; `state` is asked, paid or withdrawn."""

    id: int
    link_id: int
    line_id: int
    party_id: int
    credit_item_id: int
    amount_minor: int
    currency: str
    reason: str
    state: str
    asked_at: datetime
    asked_by: str


_COLUMNS = """
    SELECT r.id, r.link_id, k.line_id, r.party_id, r.credit_item_id, r.amount_minor, r.currency, r.reason, r.state,
           r.asked_at, c.actor
    FROM matching_refund r JOIN matching_link k ON k.id = r.link_id JOIN base_command c ON c.id = r.command_id
"""


def refund(refund_id: int) -> AskedRefund | None:
    """One refund, or None. Needs the tenant's scope."""
    found = rows.select(_COLUMNS + "WHERE r.id = %s", [refund_id])
    return AskedRefund(*found[0]) if found else None


def refunds_asked(*, limit: int = 200) -> tuple[AskedRefund, ...]:
    """Refunds that are asked for and not paid yet, the oldest first. Needs the tenant's scope."""
    return tuple(
        AskedRefund(*row) for row in rows.select(_COLUMNS + "WHERE r.state = 'asked' ORDER BY r.id LIMIT %s", [limit])
    )
