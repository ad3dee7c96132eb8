"""The one writer of every state."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, TypeVar

from psycopg import sql

from kvit.base import rows
from kvit.base.command import Ctx
from kvit.kernel.lifecycle import Lifecycle
from kvit.kernel.refusals import DomainError

S = TypeVar("S", bound=StrEnum)


class NotMovable(DomainError):
    """Something is not in a state from which it may go there; nothing was moved."""

    code: ClassVar[str] = "base.not_movable"


def move(ctx: Ctx, lifecycle: Lifecycle[S], ids: Sequence[int], *, to: S) -> None:
    """Move all of them or none: lock in id order, compare, set, and write a row of history each, in that order.

    The only writer of any `state` column. Refuses `NotMovable` naming the ids that stood elsewhere.
    """
    wanted = sorted(set(ids))
    moved = rows.select(
        sql.SQL(
            """
            WITH locked AS (
                SELECT id, state FROM {table}
                WHERE tenant_id = %(tenant)s AND id IN (SELECT unnest(%(ids)s::bigint[])) ORDER BY id FOR NO KEY UPDATE
            ), moved AS (
                UPDATE {table} t SET state = %(to)s FROM locked
                WHERE t.tenant_id = %(tenant)s AND t.id = locked.id AND locked.state = ANY(%(sources)s)
                RETURNING t.id, locked.state AS from_state
            )
            INSERT INTO base_statechange (tenant_id, command_id, kind, object_id, from_state, to_state, at)
            SELECT %(tenant)s, %(command)s, %(kind)s, id, from_state, %(to)s, %(now)s FROM moved
            ORDER BY id RETURNING object_id
            """
        ).format(table=sql.Identifier(lifecycle.table)),
        {
            "tenant": ctx.tenant_id,
            "ids": wanted,
            "to": to.value,
            "sources": lifecycle.sources(to),
            "command": ctx.command_id,
            "kind": lifecycle.kind,
            "now": ctx.now,
        },
    )
    if len(moved) != len(wanted):
        left = sorted(set(wanted) - {row[0] for row in moved})
        raise NotMovable(f"{lifecycle.kind} {_some(left)}: cannot become {to.value}")


def _some(ids: Sequence[int]) -> str:
    shown = ", ".join(str(i) for i in ids[:5])
    return shown if len(ids) <= 5 else f"{shown} and {len(ids) - 5} more"
