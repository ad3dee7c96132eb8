"""What came from the bank."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kvit.banking.domain import AccountKind
from kvit.base import rows
from kvit.kernel.results import Problem
from kvit.ledger import queries as ledger
from kvit.ledger.domain import bank_account


@dataclass(frozen=True, slots=True)
class BankLine:
    """A booked movement; `amount_minor` is positive when the account was credited."""

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


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A bank file being taken in, or taken in: who brought it when, and what it held so far."""

    id: int
    file_id: int
    file_name: str
    file_bytes: int
    sha256: str
    format: str
    state: str
    at: datetime
    actor: str
    statement_count: int
    held_count: int
    line_count: int
    problem_count: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One account's movements in one file; balances in minor units, where the file states them."""

    id: int
    intake_id: int
    place: str
    account_id: int | None
    account_number: str
    currency: str
    statement_number: str
    from_date: date | None
    to_date: date | None
    opening_minor: int | None
    closing_minor: int | None
    state: str
    hold_code: str
    hold_reason: str
    line_count: int


@dataclass(frozen=True, slots=True)
class LineDetails:
    """What else the bank said about a movement."""

    value_date: date | None
    bank_id: str
    details: Mapping[str, Any]


_LINES = """
    SELECT l.id, l.account_id, l.statement_id, l.place, l.booking_date, l.amount_minor, l.currency, l.counterparty_name,
           l.counterparty_account, l.reference, l.text
    FROM banking_line l
    WHERE l.id IN (SELECT unnest(%s::bigint[])) AND l.statement_id IN (
        SELECT s.id FROM banking_statement s WHERE s.state = 'booked')
    ORDER BY l.id
"""


def lines(line_ids: Sequence[int]) -> tuple[BankLine, ...]:
    """Lines of booked statements by their ids, in id order."""
    return tuple(BankLine(*row) for row in rows.select(_LINES, [list(line_ids)]))


def locked_lines(line_ids: Sequence[int]) -> tuple[BankLine, ...]:
    """The same, locked in id order until the transaction ends: who decides about a line waits for the other."""
    return tuple(BankLine(*row) for row in rows.select(_LINES + "FOR NO KEY UPDATE OF l", [list(line_ids)]))


def line_ids_of(statement_id: int) -> list[int]:
    """The ids of a statement's lines."""
    return [
        row[0] for row in rows.select("SELECT id FROM banking_line WHERE statement_id = %s ORDER BY 1", [statement_id])
    ]


def accounts() -> dict[int, tuple[str, str, str]]:
    """The company's accounts: id → (number, currency, name)."""
    return {
        row[0]: (row[1], row[2], row[3])
        for row in rows.select("SELECT id, number, currency, name FROM banking_account ORDER BY id")
    }


def problems(sha256: str) -> tuple[Problem, ...]:
    """What could not be read of a file, in the order it was met."""
    return tuple(
        Problem(place=place, reason=reason)
        for place, reason in rows.select(
            """
            SELECT p.place, p.reason FROM banking_readingproblem p JOIN banking_intake i ON i.id = p.intake_id
            JOIN base_file f ON f.id = i.file_id WHERE f.sha256 = %s ORDER BY p.id
            """,
            [sha256],
        )
    )


def verify() -> tuple[Problem, ...]:
    """Where the lines of booked statements and the ledger's bank accounts differ."""
    found = []
    for account_id, number, currency, total in rows.select(
        """
        SELECT a.id, a.number, l.currency, sum(l.amount_minor)::bigint FROM banking_account a
        JOIN (
            SELECT id AS account_id, currency, 0 AS amount_minor FROM banking_account
            UNION ALL
            SELECT l.account_id, l.currency, l.amount_minor FROM banking_line l
            JOIN banking_statement s ON s.id = l.statement_id AND s.state = 'booked'
        ) l ON l.account_id = a.id
        GROUP BY 1, 2, 3 ORDER BY 1, 3
        """
    ):
        books = ledger.account_balance(bank_account(account_id), currency).balance_minor
        if books != total:
            reason = f"account {number} {currency}: {total} by its lines, {books} in the books (minor units)"
            found.append(Problem("banking", reason))
    return tuple(found)


def booked_totals() -> dict[str, int]:
    """The sum of all booked lines by currency, in minor units."""
    return {
        currency: int(total)
        for currency, total in rows.select(
            """
            SELECT l.currency, sum(l.amount_minor) FROM banking_line l
            JOIN banking_statement s ON s.id = l.statement_id AND s.state = 'booked' GROUP BY 1 ORDER BY 1
            """
        )
    }


@dataclass(frozen=True, slots=True)
class Payee:
    """An account that customers may pay to, in its currency."""

    id: int
    number: str
    kind: AccountKind
    currency: str
    name: str


def payees(currency: str) -> tuple[Payee, ...]:
    """The company's accounts in a currency: giros first, for they check the reference."""
    found = rows.select(
        """
        SELECT id, number, kind, currency, name FROM banking_account WHERE currency = %s
        ORDER BY array_position(ARRAY['bankgiro', 'plusgiro', 'iban', 'national']::varchar[], kind), id
        """,
        [currency],
    )
    return tuple(Payee(row[0], row[1], AccountKind(row[2]), row[3], row[4]) for row in found)


_INTAKES = """
    SELECT i.id, f.id, f.name, f.size, f.sha256, i.format, i.state, c.at, c.actor,
           (SELECT count(*) FROM banking_statement s WHERE s.intake_id = i.id),
           (SELECT count(*) FROM banking_statement s WHERE s.intake_id = i.id AND s.state = 'held'),
           (SELECT count(*) FROM banking_statement s JOIN banking_line l ON l.statement_id = s.id
            WHERE s.intake_id = i.id),
           (SELECT count(*) FROM banking_readingproblem p WHERE p.intake_id = i.id)
    FROM banking_intake i JOIN base_file f ON f.id = i.file_id JOIN base_command c ON c.id = i.command_id
"""
_STATEMENTS = """
    SELECT s.id, s.intake_id, s.place, s.account_id, s.account_number, s.currency, s.statement_number, s.from_date,
           s.to_date, s.opening_minor, s.closing_minor, s.state, s.hold_code, s.hold_reason,
           (SELECT count(*) FROM banking_line l WHERE l.statement_id = s.id)
    FROM banking_statement s
"""


def intakes(*, limit: int, below_id: int | None = None) -> tuple[IntakeRow, ...]:
    """Files taken in, the newest first. Needs the tenant's scope."""
    found = rows.select(
        _INTAKES + "WHERE i.id < coalesce(%s::bigint, 9223372036854775807) ORDER BY i.id DESC LIMIT %s",
        [below_id, limit],
    )
    return tuple(IntakeRow(*row) for row in found)


def intake(intake_id: int) -> IntakeRow | None:
    """One file that is or was taken in, or None. Needs the tenant's scope."""
    found = rows.select(_INTAKES + "WHERE i.id = %s", [intake_id])
    return IntakeRow(*found[0]) if found else None


def statements_of(intake_id: int, *, limit: int) -> tuple[StatementRow, ...]:
    """The statements of a file, in its order. Needs the tenant's scope."""
    found = rows.select(_STATEMENTS + "WHERE s.intake_id = %s ORDER BY s.id LIMIT %s", [intake_id, limit])
    return tuple(StatementRow(*row) for row in found)


def statement(statement_id: int) -> StatementRow | None:
    """One statement, or None. Needs the tenant's scope."""
    found = rows.select(_STATEMENTS + "WHERE s.id = %s", [statement_id])
    return StatementRow(*found[0]) if found else None


def latest_lines(*, limit: int, statement_id: int | None = None, below_id: int | None = None) -> tuple[BankLine, ...]:
    """Lines of booked statements, or of one statement in whatever state, the newest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT l.id, l.account_id, l.statement_id, l.place, l.booking_date, l.amount_minor, l.currency,
               l.counterparty_name, l.counterparty_account, l.reference, l.text
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


def booked_until() -> dict[int, date | None]:
    """Until which day each of the company's accounts is known, by account; None where nothing came. Needs the scope."""
    found = rows.select(
        """
        SELECT a.id, (SELECT max(s.to_date) FROM banking_statement s WHERE s.account_id = a.id)
        FROM banking_account a ORDER BY a.id
        """
    )
    return {row[0]: row[1] for row in found}
