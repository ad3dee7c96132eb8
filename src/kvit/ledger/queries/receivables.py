"""What customers owe: documents that are open or settled, customers by what they owe, and how they have paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvit.base import rows
from kvit.ledger.domain import Accounts
from kvit.ledger.queries.items import Item


@dataclass(frozen=True, slots=True)
class Owed:
    """What a party (or everybody, `party_id` 0) owes in one currency, in minor units.

    `overdue_minor` is a part of `open_minor`; `credit_minor` is what the party has paid in advance or has been
    credited and not used.
    """

    party_id: int
    currency: str
    open_minor: int
    overdue_minor: int
    overdue_count: int
    oldest_due_date: date | None
    credit_minor: int


@dataclass(frozen=True, slots=True)
class Habit:
    """How a party has settled its last documents: days after the due date, negative for before it."""

    settled_count: int
    average_days_late: int
    latest_days_late: int


_SUMS = """
    coalesce(sum(i.open_minor) FILTER (WHERE i.side = 'debit'), 0)::bigint,
    coalesce(sum(i.open_minor) FILTER (WHERE i.side = 'debit' AND i.due_date < %(today)s), 0)::bigint,
    count(*) FILTER (WHERE i.side = 'debit' AND i.due_date < %(today)s),
    min(i.due_date) FILTER (WHERE i.side = 'debit'),
    coalesce(sum(i.open_minor) FILTER (WHERE i.side = 'credit'), 0)::bigint
"""
_RECEIVABLE = "(SELECT id FROM ledger_account WHERE code = %(account)s)"


def owed(party_ids: Sequence[int], *, today: date) -> tuple[Owed, ...]:
    """What each of these parties owes on a day, by party and currency. Needs the tenant's scope."""
    found = rows.select(
        "SELECT i.party_id, i.currency, "
        + _SUMS
        + "FROM (SELECT DISTINCT unnest(%(ids)s::bigint[]) AS id) wanted CROSS JOIN LATERAL ("
        "SELECT * FROM ledger_openitem WHERE party_id = wanted.id AND open_minor > 0 OFFSET 0) i "
        "WHERE i.account_id = " + _RECEIVABLE + " GROUP BY 1, 2 ORDER BY 1, 2",
        {"ids": list(party_ids), "today": today, "account": Accounts.RECEIVABLE},
    )
    return tuple(Owed(*row) for row in found)


def owed_in_all(*, today: date) -> tuple[Owed, ...]:
    """What all parties owe together on a day, by currency. Needs the tenant's scope."""
    found = rows.select(
        "SELECT 0, i.currency, "
        + _SUMS
        + "FROM ledger_openitem i WHERE i.open_minor > 0 AND i.account_id = "
        + _RECEIVABLE
        + " GROUP BY 1, 2 ORDER BY 1, 2",
        {"today": today, "account": Accounts.RECEIVABLE},
    )
    return tuple(Owed(*row) for row in found)


def largest_debtors(*, limit: int, offset: int = 0) -> tuple[tuple[int, str, int], ...]:
    """(party, currency, balance in minor units), the largest first; who owes nothing is left out."""
    found = rows.select(
        """
        SELECT b.party_id, b.currency, b.balance_minor FROM ledger_balance b
        WHERE b.balance_minor > 0 AND b.account_id = (SELECT id FROM ledger_account WHERE code = %s)
        ORDER BY b.balance_minor DESC, b.party_id LIMIT %s OFFSET %s
        """,
        [Accounts.RECEIVABLE, limit, offset],
    )
    return tuple((int(party_id), currency, int(minor)) for party_id, currency, minor in found)


def receivables_of(
    subject_kind: str,
    *,
    limit: int,
    is_open: bool,
    due_before: date | None = None,
    below_id: int | None = None,
    above_id: int | None = None,
) -> tuple[Item, ...]:
    """Receivables about documents of a kind, open or settled, the newest document first.

    `below_id` and `above_id` bound the documents; with `above_id` they are those that follow it next.
    Walks an index from one end, so that a page costs what it skips. Needs the tenant's scope.
    """
    rising = above_id is not None
    found = rows.select(
        "SELECT i.id, %(account)s, i.party_id, i.side, i.currency, i.amount_minor, i.open_minor, i.item_date, "
        "i.due_date, i.subject_kind, i.subject_id, i.entry_id FROM ledger_openitem i "
        "WHERE i.subject_kind = %(kind)s AND i.side = 'debit' AND (i.open_minor > 0) = %(open)s "
        "AND i.account_id = " + _RECEIVABLE + " "
        "AND (%(due)s::date IS NULL OR i.due_date < %(due)s) "
        "AND i.subject_id < coalesce(%(below)s::bigint, 9223372036854775807) "
        "AND i.subject_id > coalesce(%(above)s::bigint, 0) "
        "ORDER BY i.subject_id " + ("ASC" if rising else "DESC") + " LIMIT %(limit)s",
        {
            "account": Accounts.RECEIVABLE,
            "kind": subject_kind,
            "open": is_open,
            "due": due_before,
            "below": below_id,
            "above": above_id,
            "limit": limit,
        },
    )
    return tuple(Item(*row) for row in (reversed(found) if rising else found))


def open_of_amount(amount_minor: int, currency: str, *, limit: int) -> tuple[Item, ...]:
    """Receivables of exactly this amount of which nothing is settled, the oldest due first.

    By an index of amounts, which never change: what is open has none. Needs the tenant's scope.
    """
    found = rows.select(
        "SELECT i.id, %(account)s, i.party_id, i.side, i.currency, i.amount_minor, i.open_minor, i.item_date, "
        "i.due_date, i.subject_kind, i.subject_id, i.entry_id FROM (SELECT * FROM ledger_openitem "
        "WHERE amount_minor = %(amount)s AND side = 'debit' AND due_date IS NOT NULL OFFSET 0) i "
        "WHERE i.open_minor = i.amount_minor AND i.currency = %(currency)s AND i.account_id = "
        + _RECEIVABLE
        + " ORDER BY i.due_date, i.id LIMIT %(limit)s",
        {"account": Accounts.RECEIVABLE, "amount": amount_minor, "currency": currency, "limit": limit},
    )
    return tuple(Item(*row) for row in found)


def holders_of_amounts(amounts: Sequence[tuple[int, str]]) -> tuple[tuple[int, str, tuple[int, ...]], ...]:
    """(amount, currency, who has a receivable of exactly that of which nothing is settled), for a set of amounts.

    Amounts that nobody owes are left out. Needs the tenant's scope.
    """
    found = rows.select(
        """
        SELECT wanted.amount, wanted.currency, array_agg(DISTINCT i.party_id)
        FROM (
            SELECT DISTINCT * FROM unnest(%(amounts)s::bigint[], %(currencies)s::text[]) AS w (amount, currency)
        ) wanted
        CROSS JOIN LATERAL (
            SELECT * FROM ledger_openitem o
            WHERE o.amount_minor = wanted.amount AND o.side = 'debit' AND o.due_date IS NOT NULL OFFSET 0) i
        WHERE i.open_minor = i.amount_minor AND i.currency = wanted.currency AND i.account_id = (
            SELECT id FROM ledger_account WHERE code = %(account)s)
        GROUP BY 1, 2
        """,
        {
            "amounts": [amount for amount, _ in amounts],
            "currencies": [currency for _, currency in amounts],
            "account": Accounts.RECEIVABLE,
        },
    )
    return tuple((amount, currency, tuple(holders)) for amount, currency, holders in found)


def habit(party_id: int, *, documents: int = 24) -> Habit | None:
    """How a party settled its last documents, by the day of the last payment of each; None if it never did."""
    ((count, average, latest),) = rows.select(
        """
        WITH settled AS (
            SELECT i.due_date, (
                SELECT max(x.allocation_date) FROM ledger_allocation x
                WHERE x.debit_item_id = i.id AND x.amount_minor > 0
            ) AS settled_date
            FROM ledger_openitem i
            WHERE i.party_id = %s AND i.side = 'debit' AND i.open_minor = 0 AND i.due_date IS NOT NULL
            ORDER BY i.due_date DESC LIMIT %s
        )
        SELECT count(settled_date), round(avg(settled_date - due_date)), max(settled_date - due_date) FROM settled
        """,
        [party_id, documents],
    )
    return Habit(int(count), int(average), int(latest)) if count else None
