"""What came from the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
    """The company's accounts in a currency: giros first, for they carry a checked reference, then in order of opening."""
    found = rows.select(
        """
        SELECT id, number, kind, currency, name FROM banking_account WHERE currency = %s
        ORDER BY array_position(ARRAY['bankgiro', 'plusgiro', 'iban', 'national']::varchar[], kind), id
        """,
        [currency],
    )
    return tuple(Payee(row[0], row[1], AccountKind(row[2]), row[3], row[4]) for row in found)
