"""Movements that take others back."""

import json
from collections.abc import Sequence

from kvit.banking.domain.returns import RETURNING, Movement, is_return
from kvit.base import rows

_LONGEST_DAYS = 400
"""A direct debit without a mandate may be charged back for thirteen months (Directive 2015/2366 art. 71)."""

_MOVEMENT = """
    l.id, l.amount_minor, l.currency, l.bank_id, coalesce(l.details->>'end_to_end_id', ''),
    coalesce(l.details->>'transaction_id', ''), l.reference,
    coalesce(nullif(l.counterparty_account, ''), lower(l.counterparty_name))
"""


def returning_lines(statement_id: int) -> tuple[tuple[Movement, str, bool], ...]:
    """The statement's lines that the bank calls returned or reversed and that are not linked back, with its reason.

    And whether each certainly takes something back: a deduction in BgMax (TK21) may be a credit note set off.
    """
    found = rows.select(
        f"""
        SELECT l.details, {_MOVEMENT} FROM banking_line l
        WHERE l.statement_id = %s AND NOT EXISTS (SELECT FROM banking_returned r WHERE r.line_id = l.id)
          AND (l.details ?| ARRAY['is_reversal', 'reason_code'] OR right(l.details->>'transaction_code', 4) = ANY(%s))
        ORDER BY l.booking_date, l.id
        """,
        [statement_id, sorted(RETURNING)],
    )
    told = [(Movement(*row[1:]), json.loads(row[0])) for row in found]
    return tuple(
        (
            line,
            str(details.get("reason_code", ""))[:35],
            not str(details.get("transaction_code", "")).startswith("BGMAX"),
        )
        for line, details in told
        if is_return(line.amount_minor, details)
    )


def could_be_returned(line: Movement) -> tuple[Movement, ...]:
    """Booked lines of the same account and the opposite amount, not later, that nothing has taken back yet."""
    found = rows.select(
        f"""
        SELECT {_MOVEMENT} FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id
        JOIN banking_line back ON back.id = %s
        WHERE l.account_id = back.account_id AND l.amount_minor = -back.amount_minor AND s.state = 'booked'
          AND l.currency = back.currency AND l.id <> back.id
          AND l.booking_date BETWEEN back.booking_date - %s AND back.booking_date
          AND NOT EXISTS (SELECT FROM banking_returned r WHERE l.id IN (r.line_id, r.returned_line_id))
        ORDER BY l.id
        """,
        [line.id, _LONGEST_DAYS],
    )
    return tuple(Movement(*row) for row in found)


def settled_by_return(line_ids: Sequence[int]) -> frozenset[int]:
    """Those of these lines that take another back or were taken back: nobody need say what they pay."""
    found = rows.select(
        """
        SELECT unnest(ARRAY[line_id, returned_line_id]) FROM banking_returned
        WHERE line_id IN (SELECT unnest(%(ids)s::bigint[])) OR returned_line_id IN (SELECT unnest(%(ids)s::bigint[]))
        """,
        {"ids": list(line_ids)},
    )
    return frozenset(row[0] for row in found).intersection(line_ids)


def return_of(line_id: int) -> tuple[int, int, str] | None:
    """(the line that takes back, the line taken back, the bank's reason) for either of them, or None."""
    found = rows.select(
        "SELECT line_id, returned_line_id, reason_code FROM banking_returned WHERE %s IN (line_id, returned_line_id)",
        [line_id],
    )
    return (found[0][0], found[0][1], found[0][2]) if found else None
