"""What waits for a person; every query needs the tenant's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from kvit.base import codec, rows
from kvit.work.domain.items import Params
from kvit.work.domain.lifecycle import ItemState


@dataclass(frozen=True)
class Item:
    """A work item; `reason` is English, readers of other languages make it from code and params."""

    id: int
    kind: str
    subject_kind: str
    subject_id: int
    reason_code: str
    reason_params: Params
    reason: str
    state: ItemState
    priority: int
    opened_at: datetime
    due_at: datetime | None
    snoozed_until_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    assigned_to_id: int | None


_COLUMNS: LiteralString = """id, kind, subject_kind, subject_id, reason_code, reason_params, reason, state, priority,
    opened_at, due_at, snoozed_until_at, closed_at, outcome, assigned_to_id"""
_WAITING: LiteralString = """state IN ('open', 'snoozed')
    AND (snoozed_until_at IS NULL OR snoozed_until_at <= %(now)s)
    AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
    AND (%(user)s::bigint IS NULL OR assigned_to_id = %(user)s)"""


def waiting(
    *, now: datetime, limit: int, kinds: Sequence[str] | None = None, assigned_to_id: int | None = None
) -> tuple[Item, ...]:
    """What waits at an instant: the highest priority first, then the nearest due, then the oldest.

    An item put off until then, or before, waits again. Needs the tenant's scope.
    """
    return _items(
        "SELECT " + _COLUMNS + " FROM work_item WHERE " + _WAITING + " ORDER BY priority DESC, due_at, opened_at, id "
        "LIMIT %(limit)s",
        {"now": now, "kinds": _listed(kinds), "user": assigned_to_id, "limit": limit},
    )


def counts(*, now: datetime, kinds: Sequence[str] | None = None, assigned_to_id: int | None = None) -> dict[str, int]:
    """How many items of each kind wait at an instant. Needs the tenant's scope."""
    found = rows.select(
        "SELECT kind, count(*) FROM work_item WHERE " + _WAITING + " GROUP BY kind ORDER BY kind",
        {"now": now, "kinds": _listed(kinds), "user": assigned_to_id},
    )
    return {kind: int(count) for kind, count in found}


def item(item_id: int) -> Item | None:
    """One item in any state, or None. Needs the tenant's scope."""
    found = _items("SELECT " + _COLUMNS + " FROM work_item WHERE id = %(id)s", {"id": item_id})
    return found[0] if found else None


def items_about(subject_kind: str, subject_id: int) -> tuple[Item, ...]:
    """Every item about a subject, done and dropped ones too, the newest first. Needs the tenant's scope."""
    return _items(
        "SELECT " + _COLUMNS + " FROM work_item WHERE subject_kind = %(kind)s AND subject_id = %(id)s ORDER BY id DESC",
        {"kind": subject_kind, "id": subject_id},
    )


def live_about(kind: str, subject_kind: str, subject_ids: Sequence[int]) -> tuple[Item, ...]:
    """The items of this kind that are open or put off about these subjects. Needs the tenant's scope."""
    return _items(
        "SELECT " + _COLUMNS + " FROM work_item WHERE kind = %(kind)s AND subject_kind = %(subject)s "
        "AND subject_id IN (SELECT unnest(%(ids)s::bigint[])) AND state IN ('open', 'snoozed') ORDER BY id",
        {"kind": kind, "subject": subject_kind, "ids": list(subject_ids)},
    )


def live_subjects(kind: str, subject_kind: str) -> tuple[int, ...]:
    """The subjects for which an item of this kind is open or put off, oldest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT subject_id FROM work_item WHERE kind = %s AND subject_kind = %s AND state IN ('open', 'snoozed')
        ORDER BY opened_at, id
        """,
        [kind, subject_kind],
    )
    return tuple(row[0] for row in found)


def reasons_of(kind: str, subject_kind: str, *, now: datetime) -> tuple[tuple[int, str], ...]:
    """(subject, code of the reason) of all that waits of a kind at an instant, as urgent as `waiting` has it.

    For lists over many thousand items, which need no more of each. Needs the tenant's scope.
    """
    found = rows.select(
        "SELECT subject_id, reason_code FROM work_item WHERE " + _WAITING + " AND subject_kind = %(subject)s "
        "ORDER BY priority DESC, due_at, opened_at, id",
        {"now": now, "kinds": [kind], "user": None, "subject": subject_kind},
    )
    return tuple((row[0], row[1]) for row in found)


def _listed(kinds: Sequence[str] | None) -> list[str] | None:
    return None if kinds is None else list(kinds)


def _items(query: LiteralString, params: dict[str, Any]) -> tuple[Item, ...]:
    return tuple(
        Item(
            id=row[0],
            kind=row[1],
            subject_kind=row[2],
            subject_id=row[3],
            reason_code=row[4],
            reason_params=codec.restore(row[5], dict[str, str | int | bool | None]),
            reason=row[6],
            state=ItemState(row[7]),
            priority=row[8],
            opened_at=row[9],
            due_at=row[10],
            snoozed_until_at=row[11],
            closed_at=row[12],
            outcome=row[13],
            assigned_to_id=row[14],
        )
        for row in rows.select(query, params)
    )
