"""Movements on the company's accounts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString

from kvit.base import rows


@dataclass(slots=True)
class BankLine:
    """A booked movement; `amount_minor` is positive when the account was credited. `bank_id` is the bank's number."""

    id: int
    account_id: int
    statement_id: int
    place: str
    booking_date: date
    amount_minor: int
    currency: str
    counterparty_name: str
    counterparty_account: str
    reference: str
    text: str
    bank_id: str


@dataclass(frozen=True, slots=True)
class LineDetails:
    """What else the bank said about a movement."""

    value_date: date | None
    bank_id: str
    details: Mapping[str, Any]


# Looked up one by one, in the order in which they are locked: a join could read a whole statement for each part of it.
_LINES: LiteralString = """
    SELECT l.id, l.account_id, l.statement_id, l.place, l.booking_date, l.amount_minor, l.currency, l.counterparty_name,
           l.counterparty_account, l.reference, l.text, l.bank_id
    FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id ORDER BY 1) wanted
    CROSS JOIN LATERAL (
        SELECT b.* FROM banking_line b
        WHERE b.id = wanted.id AND (SELECT s.state FROM banking_statement s WHERE s.id = b.statement_id) = 'booked'
        OFFSET 0
"""
_IN_ORDER: LiteralString = ") l ORDER BY l.id"


def lines(line_ids: Sequence[int]) -> tuple[BankLine, ...]:
    """Lines of booked statements by their ids, in id order."""
    return tuple(BankLine(*row) for row in rows.select(_LINES + _IN_ORDER, [list(line_ids)]))


def locked_lines(line_ids: Sequence[int]) -> tuple[BankLine, ...]:
    """The same, locked in id order until the transaction ends: who decides about a line waits for the other."""
    locking = _LINES + "FOR NO KEY UPDATE OF b" + _IN_ORDER
    return tuple(BankLine(*row) for row in rows.select(locking, [list(line_ids)]))


def line_ids_of(statement_id: int) -> list[int]:
    """The ids of a statement's lines."""
    return [
        row[0] for row in rows.select("SELECT id FROM banking_line WHERE statement_id = %s ORDER BY 1", [statement_id])
    ]


def booked_line_ids() -> list[int]:
    """The ids of all lines of booked statements."""
    return [
        row[0]
        for row in rows.select(
            """
            SELECT l.id FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id
            WHERE s.state = 'booked' ORDER BY 1
            """
        )
    ]


def credits_between(from_date: date, to_date: date) -> list[int]:
    """Lines of booked statements by which money came in between two days, both included, in id order."""
    return [
        row[0]
        for row in rows.select(
            """
            SELECT l.id FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id
            WHERE s.state = 'booked' AND l.amount_minor > 0 AND l.booking_date BETWEEN %s AND %s ORDER BY 1
            """,
            [from_date, to_date],
        )
    ]


def latest_lines(*, limit: int, statement_id: int | None = None, below_id: int | None = None) -> tuple[BankLine, ...]:
    """Lines of booked statements, or of one statement in whatever state, the newest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT l.id, l.account_id, l.statement_id, l.place, l.booking_date, l.amount_minor, l.currency,
               l.counterparty_name, l.counterparty_account, l.reference, l.text, l.bank_id
        FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id
        WHERE l.id < coalesce(%(below)s::bigint, 9223372036854775807)
          AND (l.statement_id = %(statement)s OR %(statement)s::bigint IS NULL AND s.state = 'booked')
        ORDER BY l.id DESC LIMIT %(limit)s
        """,
        {"below": below_id, "statement": statement_id, "limit": limit},
    )
    return tuple(BankLine(*row) for row in found)


def line_details(line_id: int) -> LineDetails | None:
    """What else is known about one line, or None. Needs the tenant's scope."""
    found = rows.select("SELECT value_date, bank_id, details FROM banking_line WHERE id = %s", [line_id])
    if not found:
        return None
    value_date, bank_id, details = found[0]
    return LineDetails(value_date, bank_id, json.loads(details))
