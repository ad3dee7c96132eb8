"""Open items: what is owed, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

from kvit.base import rows


@dataclass(slots=True)
class Item:
    """A debit or credit on a control account; `open_minor` of `amount_minor` is not settled."""

    id: int
    account: str
    party_id: int
    side: str
    currency: str
    amount_minor: int
    open_minor: int
    item_date: date
    due_date: date | None
    subject_kind: str
    subject_id: int
    entry_id: int


_COLUMNS = """
    i.id, a.code, i.party_id, i.side, i.currency, i.amount_minor, i.open_minor, i.item_date, i.due_date,
    i.subject_kind, i.subject_id, i.entry_id
    FROM ledger_openitem i JOIN ledger_account a ON a.id = i.account_id
"""


def open_items(
    party_id: int | None = None, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[Item, ...]:
    """What is open of one party or of all, oldest due first; as of a date, and as known at an instant."""
    if as_of is None and known_at is None:
        return _items(
            "WHERE i.open_minor > 0 AND i.party_id = coalesce(%s, i.party_id) ORDER BY i.due_date, i.id", [party_id]
        )
    found = rows.select(
        """
        SELECT i.id, a.code, i.party_id, i.side, i.currency, i.amount_minor,
               (i.amount_minor - coalesce(settled.total, 0))::bigint AS open_minor,
               i.item_date, i.due_date, i.subject_kind, i.subject_id, i.entry_id
        FROM ledger_openitem i
        JOIN ledger_account a ON a.id = i.account_id
        JOIN ledger_entry e ON e.id = i.entry_id
        LEFT JOIN LATERAL (
            SELECT sum(x.amount_minor) AS total FROM ledger_allocation x
            WHERE (x.debit_item_id = i.id OR x.credit_item_id = i.id)
              AND x.allocation_date <= coalesce(%(as_of)s, x.allocation_date)
              AND x.recorded_at <= coalesce(%(known_at)s, x.recorded_at)
        ) settled ON true
        WHERE i.party_id = coalesce(%(party)s, i.party_id)
          AND i.item_date <= coalesce(%(as_of)s, i.item_date)
          AND e.recorded_at <= coalesce(%(known_at)s, e.recorded_at)
          AND i.amount_minor <> coalesce(settled.total, 0)
        ORDER BY i.due_date, i.id
        """,
        {"party": party_id, "as_of": as_of, "known_at": known_at},
    )
    return tuple(Item(*row) for row in found)


def items_of_entries(entry_ids: Sequence[int]) -> tuple[Item, ...]:
    """The items that entries opened, in entry order."""
    return _looked_up("entry_id = wanted.value", entry_ids, order="entry_id, position")


def items_of_subjects(subject_kind: str, subject_ids: Sequence[int]) -> tuple[Item, ...]:
    """The items about documents of one kind, oldest first."""
    return _looked_up("subject_kind = %(kind)s AND subject_id = wanted.value", subject_ids, kind=subject_kind)


def items_by_id(item_ids: Sequence[int]) -> tuple[Item, ...]:
    """Items by their ids, in id order; ids there are not are left out. Needs the tenant's scope."""
    return _looked_up("id = wanted.value", item_ids)


def latest_items(party_id: int, *, side: str, limit: int) -> tuple[Item, ...]:
    """The items of a party on one side that were opened last, the newest first; settled ones too."""
    return _items("WHERE i.party_id = %s AND i.side = %s ORDER BY i.id DESC LIMIT %s", [party_id, side, limit])


def _looked_up(
    condition: LiteralString, ids: Sequence[int], *, kind: str = "", order: LiteralString = "id"
) -> tuple[Item, ...]:
    query = (
        "SELECT i.id, (SELECT a.code FROM ledger_account a WHERE a.id = i.account_id), i.party_id, i.side, i.currency, "
        "i.amount_minor, i.open_minor, i.item_date, i.due_date, i.subject_kind, i.subject_id, i.entry_id "
        + rows.looked_up("ledger_openitem", condition)
        + "ORDER BY i."
        + order
    )
    return tuple(Item(*row) for row in rows.select(query, {"wanted": list(ids), "kind": kind}))


def posted_by_subject(subject_kind: str, *, kinds: Sequence[str]) -> dict[int, int]:
    """What entries of these kinds put on control accounts, by subject: debit minus credit in minor units.

    A reversal counts under the kind of what it reverses, so that a reversed entry has put nothing there.
    """
    return {
        row[0]: int(row[1])
        for row in rows.select(
            """
            SELECT i.subject_id, sum(CASE i.side WHEN 'debit' THEN i.amount_minor ELSE -i.amount_minor END)
            FROM ledger_openitem i JOIN ledger_entry e ON e.id = i.entry_id
            WHERE i.subject_kind = %s AND e.kind = ANY(%s) GROUP BY 1
            """,
            [subject_kind, list(kinds)],
        )
    }


def live_allocations(item_ids: Sequence[int]) -> tuple[int, ...]:
    """The allocations of these items that were not taken back."""
    return tuple(
        row[0]
        for row in rows.select(
            """
            SELECT a.id FROM unnest(%(items)s::bigint[]) AS item (id)
            JOIN ledger_allocation a ON a.debit_item_id = item.id OR a.credit_item_id = item.id
            WHERE a.reverses_id IS NULL
              AND NOT EXISTS (SELECT FROM ledger_allocation r WHERE r.reverses_id = a.id) ORDER BY a.id
            """,
            {"items": list(item_ids)},
        )
    )


def still_live(allocation_ids: Sequence[int]) -> tuple[int, ...]:
    """Those of these allocations that were not taken back. Needs the tenant's scope."""
    return tuple(
        row[0]
        for row in rows.select(
            """
            SELECT a.id FROM ledger_allocation a
            WHERE a.id IN (SELECT unnest(%s::bigint[])) AND a.reverses_id IS NULL
              AND NOT EXISTS (SELECT FROM ledger_allocation r WHERE r.reverses_id = a.id) ORDER BY a.id
            """,
            [list(allocation_ids)],
        )
    )


def settled_by(
    entry_ids: Sequence[int], *, as_of: date | None = None, known_at: datetime | None = None
) -> dict[int, tuple[tuple[str, int, int], ...]]:
    """What the credits of these entries settle: entry → (subject kind, subject, minor units), as far as not undone.

    Now, or as of a date and as known at an instant. An entry that settles nothing is left out.
    """
    found: dict[int, tuple[tuple[str, int, int], ...]] = {}
    for entry_id, kind, subject_id, amount in rows.select(
        "SELECT i.entry_id, d.subject_kind, d.subject_id, sum(a.amount_minor)::bigint "
        + rows.looked_up("ledger_openitem", "entry_id = wanted.value AND side = 'credit'")
        + """
        CROSS JOIN LATERAL (
            SELECT debit_item_id, amount_minor FROM ledger_allocation
            WHERE credit_item_id = i.id AND allocation_date <= coalesce(%(as_of)s, allocation_date)
              AND recorded_at <= coalesce(%(known_at)s, recorded_at) OFFSET 0) a
        CROSS JOIN LATERAL (
            SELECT subject_kind, subject_id FROM ledger_openitem WHERE id = a.debit_item_id OFFSET 0) d
        GROUP BY 1, 2, 3 HAVING sum(a.amount_minor) <> 0 ORDER BY 1, 2, 3
        """,
        {"wanted": list(entry_ids), "as_of": as_of, "known_at": known_at},
    ):
        found[entry_id] = (*found.get(entry_id, ()), (kind, subject_id, amount))
    return found


def reversed_entries(entry_ids: Sequence[int]) -> frozenset[int]:
    """Those of these entries that were reversed."""
    return frozenset(
        row[0]
        for row in rows.select(
            "SELECT reverses_id FROM ledger_entry WHERE reverses_id IN (SELECT unnest(%s::bigint[]))", [list(entry_ids)]
        )
    )


def _items(where: Any, params: Sequence[Any]) -> tuple[Item, ...]:
    return tuple(Item(*row) for row in rows.select("SELECT " + _COLUMNS + where, params))
