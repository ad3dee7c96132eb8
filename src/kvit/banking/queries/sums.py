"""Movements by the thousand, each as its account, day and amount: for lists that are filtered and added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvit.base import rows


@dataclass(frozen=True, slots=True)
class LineSum:
    """A booked movement; `amount_minor` is positive when the account was credited."""

    id: int
    account_id: int
    booking_date: date
    amount_minor: int
    currency: str


def line_sums(line_ids: Sequence[int]) -> tuple[LineSum, ...]:
    """Lines of booked statements by their ids, in id order. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT l.id, l.account_id, l.booking_date, l.amount_minor, l.currency
        FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id AND s.state = 'booked'
        WHERE l.id IN (SELECT unnest(%s::bigint[])) ORDER BY l.id
        """,
        [list(line_ids)],
    )
    return tuple(LineSum(*row) for row in found)
