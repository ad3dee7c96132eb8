"""Whether what came from the bank, the books and the payment files agree."""

from kvit.banking.queries.outgoing import payment_file_problems
from kvit.base import rows
from kvit.kernel.results import Problem
from kvit.ledger import queries as ledger
from kvit.ledger.domain import bank_account


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
    return (*found, *payment_file_problems())


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
