"""Open, close, put off and hand out work that waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from kvit.base import codec, lifecycle, login, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable
from kvit.kernel.lifecycle import Lifecycle
from kvit.kernel.refusals import DomainError
from kvit.work import events
from kvit.work.domain.items import BadItem, NewItem, require_code, require_sound
from kvit.work.domain.lifecycle import MOVES, ItemState

ITEM: Final = Lifecycle(kind="work.item", table="work_item", moves=MOVES)
_LIVE: Final = (ItemState.OPEN, ItemState.SNOOZED)


class NoSuchItem(DomainError):
    """The tenant has no work item with this id."""

    code: ClassVar[str] = "work.no_such_item"


class SnoozeInPast(DomainError):
    """An item can sleep only until a time that is still to come."""

    code: ClassVar[str] = "work.snooze_in_past"


class NotAMember(DomainError):
    """Work is given to people who work here."""

    code: ClassVar[str] = "work.not_a_member"


@dataclass(frozen=True)
class ItemOpened:
    """The live item; `is_new` is False where one was live already and took the new reason."""

    item_id: int
    is_new: bool


@dataclass(frozen=True)
class ItemsOpened:
    """How many items are new, and how many were live already and took the new reason."""

    opened_count: int
    updated_count: int


@dataclass(frozen=True)
class ItemsClosed:
    """How many items were live and are done now."""

    count: int


@dataclass(frozen=True)
class ItemChanged:
    """The item that was changed."""

    item_id: int


@command
def open_item(ctx: Ctx, *, item: NewItem) -> ItemOpened:
    """Let something wait for a person; a live item of this kind and subject takes the new reason instead.

    Refuses `BadItem`.
    """
    require_sound(item)
    ((item_id, is_new),) = _open(ctx, [item])
    return ItemOpened(item_id, is_new)


@command
def open_items(ctx: Ctx, *, items: Bulk[Sequence[NewItem]]) -> ItemsOpened:
    """Let a set of things wait, in one statement; of several for one kind and subject the last one counts.

    An item that sleeps takes the new reason and sleeps on. Refuses `BadItem`, and then opens none.
    """
    for item in items:
        require_sound(item)
    opened = _open(ctx, list({item.place: item for item in items}.values()))
    new = sum(is_new for _, is_new in opened)
    return ItemsOpened(opened_count=new, updated_count=len(opened) - new)


@command
def close_items(
    ctx: Ctx, *, kind: str, subject_kind: str, subject_ids: Bulk[Sequence[int]], outcome: str
) -> ItemsClosed:
    """What these live items waited for has happened; `outcome` is a code saying how.

    Subjects without a live item of this kind are passed over. Refuses `BadItem` where `outcome` is no code.
    """
    require_code("outcome", outcome)
    found = rows.select(
        """
        SELECT id FROM work_item
        WHERE kind = %s AND subject_kind = %s AND subject_id IN (SELECT unnest(%s::bigint[]))
        AND state IN ('open', 'snoozed')
        ORDER BY subject_id FOR NO KEY UPDATE
        """,
        [kind, subject_kind, list(set(subject_ids))],
    )
    if not found:
        return ItemsClosed(0)
    ids = tuple(sorted(int(item_id) for (item_id,) in found))
    _finish(ctx, ids, to=ItemState.DONE, outcome=outcome)
    ctx.emit(events.WorkDone(ids, outcome))
    return ItemsClosed(len(ids))


@command
def snooze(ctx: Ctx, *, item_id: int, until_at: datetime) -> ItemChanged:
    """Put an item off; from that instant on it waits again by itself.

    Refuses `NoSuchItem`, `SnoozeInPast`, `NotMovable`.
    """
    if until_at <= ctx.now:
        raise SnoozeInPast("choose a time that is still to come")
    state = _live(item_id, to=ItemState.SNOOZED)
    rows.run("UPDATE work_item SET snoozed_until_at = %s WHERE id = %s", [until_at, item_id])
    if state is not ItemState.SNOOZED:
        lifecycle.move(ctx, ITEM, [item_id], to=ItemState.SNOOZED)
    ctx.emit(events.WorkChanged((item_id,)))
    return ItemChanged(item_id)


@command
def wake(ctx: Ctx, *, item_id: int) -> ItemChanged:
    """Let a sleeping item wait again at once. Refuses `NoSuchItem`, and `NotMovable` where it does not sleep."""
    _live(item_id, to=ItemState.OPEN)
    lifecycle.move(ctx, ITEM, [item_id], to=ItemState.OPEN)
    rows.run("UPDATE work_item SET snoozed_until_at = NULL WHERE id = %s", [item_id])
    ctx.emit(events.WorkChanged((item_id,)))
    return ItemChanged(item_id)


@command
def assign(ctx: Ctx, *, item_id: int, user_id: int | None) -> ItemChanged:
    """Give an item to somebody who works here, or to nobody. Refuses `NoSuchItem`, `NotAMember`, `NotMovable`."""
    _live(item_id, to=ItemState.OPEN)
    if user_id is not None and login.role_of(ctx.tenant_id, user_id) is None:
        raise NotAMember(f"user {user_id} does not work here")
    rows.run("UPDATE work_item SET assigned_to_id = %s WHERE id = %s", [user_id, item_id])
    ctx.emit(events.WorkChanged((item_id,)))
    return ItemChanged(item_id)


@command
def drop(ctx: Ctx, *, item_id: int, reason: str) -> ItemChanged:
    """Decide that an item need not be done, and say why. Refuses `NoSuchItem`, `BadItem`, `NotMovable`."""
    if not reason.strip():
        raise BadItem("say why it need not be done")
    _live(item_id, to=ItemState.DROPPED)
    _finish(ctx, [item_id], to=ItemState.DROPPED, outcome=reason.strip())
    ctx.emit(events.WorkDropped(item_id))
    return ItemChanged(item_id)


def _open(ctx: Ctx, items: Sequence[NewItem]) -> list[tuple[int, bool]]:
    """Insert or refresh, always in the order of places so that two chunks never wait for each other in a ring."""
    if not items:
        return []
    ordered = sorted(items, key=lambda item: item.place)
    count = len(ordered)
    written = rows.insert(
        "work_item",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "kind": ("text", [item.kind for item in ordered]),
            "subject_kind": ("text", [item.subject_kind for item in ordered]),
            "subject_id": ("bigint", [item.subject_id for item in ordered]),
            "reason_code": ("text", [item.reason_code for item in ordered]),
            "reason_params": ("jsonb", [codec.canonical(item.reason_params).decode() for item in ordered]),
            "reason": ("text", [item.reason.strip() for item in ordered]),
            "state": ("text", [ItemState.OPEN.value] * count),
            "priority": ("int", [item.priority for item in ordered]),
            "opened_at": ("timestamptz", [ctx.now] * count),
            "due_at": ("timestamptz", [item.due_at for item in ordered]),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="""
        ON CONFLICT (tenant_id, kind, subject_kind, subject_id) WHERE state IN ('open', 'snoozed') DO UPDATE SET
            reason_code = excluded.reason_code, reason_params = excluded.reason_params, reason = excluded.reason,
            priority = excluded.priority, due_at = excluded.due_at
        RETURNING id, xmax = 0
        """,
    )
    opened = tuple(int(item_id) for item_id, is_new in written if is_new)
    updated = tuple(int(item_id) for item_id, is_new in written if not is_new)
    if opened:
        ctx.emit(events.WorkOpened(opened))
    if updated:
        ctx.emit(events.WorkChanged(updated))
    return [(int(item_id), bool(is_new)) for item_id, is_new in written]


def _finish(ctx: Ctx, ids: Sequence[int], *, to: ItemState, outcome: str) -> None:
    lifecycle.move(ctx, ITEM, ids, to=to)
    rows.run(
        "UPDATE work_item SET outcome = %s, closed_at = %s WHERE id IN (SELECT unnest(%s::bigint[]))",
        [outcome, ctx.now, list(ids)],
    )


def _live(item_id: int, *, to: ItemState) -> ItemState:
    """Lock one item. Refuses `NoSuchItem`, and `NotMovable` where it no longer waits."""
    found = rows.select("SELECT state FROM work_item WHERE id = %s FOR NO KEY UPDATE", [item_id])
    if not found:
        raise NoSuchItem(f"there is no work item {item_id}")
    state = ItemState(found[0][0])
    if state not in _LIVE:
        raise NotMovable(f"work item {item_id} is {state.value} and no longer waits; cannot become {to.value}")
    return state
