"""What a party's receivable account says over a period, line by line."""

from dataclasses import dataclass
from datetime import date

from kvit.base import rows
from kvit.ledger.domain import Accounts


@dataclass(frozen=True, slots=True)
class Movement:
    """One line on a party's receivable account: debit positive, credit negative, in minor units.

    `kind` is that of its entry (sale, credit, payment, write_off); `reverses_id` says that it takes one back.
    """

    entry_id: int
    entry_date: date
    kind: str
    subject_kind: str
    subject_id: int
    reverses_id: int | None
    currency: str
    amount_minor: int


def movements(party_id: int, *, from_date: date, to_date: date, limit: int) -> tuple[Movement, ...]:
    """What happened on a party's receivable account between two days, both included, oldest first.

    Needs the tenant's scope.
    """
    return tuple(
        Movement(*row)
        for row in rows.select(
            """
            SELECT e.id, e.entry_date, e.kind, e.subject_kind, e.subject_id, e.reverses_id, l.currency, l.amount_minor
            FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
            WHERE l.party_id = %s AND l.account_id = (SELECT id FROM ledger_account WHERE code = %s)
              AND e.entry_date BETWEEN %s AND %s
            ORDER BY e.entry_date, e.id, l.position LIMIT %s
            """,
            [party_id, Accounts.RECEIVABLE, from_date, to_date, limit],
        )
    )


def opening_balances(party_id: int, *, before: date) -> dict[str, int]:
    """What a party owed by the end of the day before, by currency, in minor units; nothing owed is left out.

    Needs the tenant's scope.
    """
    return {
        currency: int(total)
        for currency, total in rows.select(
            """
            SELECT l.currency, sum(l.amount_minor) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
            WHERE l.party_id = %s AND l.account_id = (SELECT id FROM ledger_account WHERE code = %s)
              AND e.entry_date < %s
            GROUP BY 1 HAVING sum(l.amount_minor) <> 0 ORDER BY 1
            """,
            [party_id, Accounts.RECEIVABLE, before],
        )
    }
