"""What a party's receivable account says over a period, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True, slots=True)
class OpenThen:
    """An item of a receivable account that was open on a day: a debit above zero, a credit below, in minor units.

    `settled_minor` of it had been allocated by then; `kind` is that of its entry.
    """

    item_id: int
    party_id: int
    kind: str
    subject_kind: str
    subject_id: int
    currency: str
    item_date: date
    due_date: date | None
    amount_minor: int
    settled_minor: int

    @property
    def open_minor(self) -> int:
        """What was left of it."""
        return self.amount_minor - self.settled_minor


def movements(
    party_id: int, *, from_date: date, to_date: date, limit: int | None, known_at: datetime | None = None
) -> tuple[Movement, ...]:
    """What happened on a party's receivable account between two days, both included, oldest first.

    All of it without a limit; with `known_at` only what had been recorded by that instant. Needs the tenant's scope.
    """
    return tuple(
        Movement(*row)
        for row in rows.select(
            """
            SELECT e.id, e.entry_date, e.kind, e.subject_kind, e.subject_id, e.reverses_id, l.currency, l.amount_minor
            FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
            WHERE l.party_id = %s AND l.account_id = (SELECT id FROM ledger_account WHERE code = %s)
              AND e.entry_date BETWEEN %s AND %s AND e.recorded_at <= coalesce(%s, e.recorded_at)
            ORDER BY e.entry_date, e.id, l.position LIMIT %s
            """,
            [party_id, Accounts.RECEIVABLE, from_date, to_date, known_at, limit],
        )
    )


def opening_balances(party_id: int, *, before: date, known_at: datetime | None = None) -> dict[str, int]:
    """What a party owed by the end of the day before, by currency, in minor units; nothing owed is left out.

    With `known_at` by what had been recorded by that instant. Needs the tenant's scope.
    """
    return {
        currency: int(total)
        for currency, total in rows.select(
            """
            SELECT l.currency, sum(l.amount_minor) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id
            WHERE l.party_id = %s AND l.account_id = (SELECT id FROM ledger_account WHERE code = %s)
              AND e.entry_date < %s AND e.recorded_at <= coalesce(%s, e.recorded_at)
            GROUP BY 1 HAVING sum(l.amount_minor) <> 0 ORDER BY 1
            """,
            [party_id, Accounts.RECEIVABLE, before, known_at],
        )
    }


def open_then(
    party_ids: Sequence[int], *, as_of: date, known_at: datetime | None = None
) -> dict[int, tuple[OpenThen, ...]]:
    """What was open on the receivable accounts of parties at the end of a day, by party, oldest first.

    An allocation counts from the day on which both of its items stood in the books, so that what is open adds up to
    the account's balance of that day. With `known_at` by what had been recorded by that instant. Needs the tenant's
    scope.
    """
    found: dict[int, list[OpenThen]] = {}
    for row in rows.select(
        """
        SELECT i.id, i.party_id, e.kind, i.subject_kind, i.subject_id, i.currency, i.item_date, i.due_date,
               CASE i.side WHEN 'debit' THEN i.amount_minor ELSE -i.amount_minor END,
               CASE i.side WHEN 'debit' THEN settled.total ELSE -settled.total END
        FROM (SELECT DISTINCT unnest(%(parties)s::bigint[]) AS id) wanted
        CROSS JOIN LATERAL (SELECT * FROM ledger_openitem WHERE party_id = wanted.id OFFSET 0) i
        CROSS JOIN LATERAL (SELECT kind, recorded_at FROM ledger_entry WHERE id = i.entry_id OFFSET 0) e
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(x.amount_minor), 0)::bigint AS total
            FROM (SELECT * FROM ledger_allocation WHERE debit_item_id = i.id AND i.side = 'debit'
                  UNION ALL
                  SELECT * FROM ledger_allocation WHERE credit_item_id = i.id AND i.side = 'credit') x
            CROSS JOIN LATERAL (
                SELECT o.item_date FROM ledger_openitem o
                WHERE o.id = CASE i.side WHEN 'debit' THEN x.credit_item_id ELSE x.debit_item_id END OFFSET 0
            ) other
            WHERE greatest(x.allocation_date, other.item_date) <= %(as_of)s
              AND x.recorded_at <= coalesce(%(known_at)s, x.recorded_at)
        ) settled
        WHERE i.account_id = (SELECT id FROM ledger_account WHERE code = %(account)s)
          AND i.item_date <= %(as_of)s AND e.recorded_at <= coalesce(%(known_at)s, e.recorded_at)
          AND i.amount_minor <> settled.total
        ORDER BY i.item_date, i.id
        """,
        {"parties": list(party_ids), "as_of": as_of, "known_at": known_at, "account": Accounts.RECEIVABLE},
    ):
        found.setdefault(row[1], []).append(OpenThen(*row))
    return {party_id: tuple(items) for party_id, items in found.items()}
