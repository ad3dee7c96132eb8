"""Read the audit log: who asked for what, when, and which command caused it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kvit.base import rows


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader can see: while two are equal, every query gives the same answer twice.

    `snapshot` is what other transactions have committed; `command_id` tells one's own apart.
    """

    snapshot: str
    command_id: int


def seen() -> Seen:
    """What can be seen just now. Needs the tenant's scope."""
    ((snapshot, command_id),) = rows.select(
        "SELECT pg_current_snapshot()::text, coalesce(max(id), 0) FROM base_command"
    )
    return Seen(snapshot, int(command_id))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One command as it was asked; `input` has a keyed hash where something personal stood."""

    id: int
    name: str
    actor: str
    at: datetime
    parent_id: int | None
    input: Any


def lineage(command_ids: Sequence[int]) -> tuple[Recorded, ...]:
    """These commands and all that caused them, in the order in which they began. Needs the tenant's scope."""
    return tuple(
        Recorded(*row)
        for row in rows.select(
            """
            WITH RECURSIVE line AS (
                SELECT c.* FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id) wanted
                JOIN base_command c ON c.id = wanted.id
                UNION
                SELECT c.* FROM line JOIN base_command c ON c.id = line.parent_id
            )
            SELECT id, name, actor, at, parent_id, input FROM line ORDER BY id
            """,
            [list(command_ids)],
        )
    )


def actors(command_ids: Sequence[int]) -> dict[int, tuple[str, datetime]]:
    """Who asked for each of these commands, and when. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id, actor, at FROM base_command WHERE id IN (SELECT unnest(%s::bigint[]))", [list(set(command_ids))]
    )
    return {row[0]: (row[1], row[2]) for row in found}
