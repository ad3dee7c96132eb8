"""Events: what happened, written with the command that did it, announced to who subscribed."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from kvit.base import codec, rows

Enqueue = Callable[[int, int, str], None]
"""(tenant_id, event_id, subscriber): put one job into the queue within this transaction."""

_types: dict[str, type[Any]] = {}
_subscribers: dict[str, list[str]] = {}
CHANNEL = "kvit_event"
"""Where new events are announced, as `tenant:type:id`, at commit."""

_enqueue: list[Enqueue] = []


class UnknownEventError(RuntimeError):
    """A stored event of a type nobody declares any more: a bug in an upgrade."""


def name_of(kind: type[Any]) -> str:
    """`invoicing.InvoicesIssued` for `kvit.invoicing.events.InvoicesIssued`."""
    return f"{kind.__module__.split('.')[1]}.{kind.__name__}"


def subscribe(kind: type[Any], subscriber: str) -> None:
    """Make every future event of this type put one job into the queue for this subscriber."""
    name = name_of(kind)
    declare(kind)
    listed = _subscribers.setdefault(name, [])
    if subscriber in listed:
        raise RuntimeError(f"{subscriber} subscribes to {name} twice")
    listed.append(subscriber)


def declare(kind: type[Any]) -> None:
    """Make stored events of this type readable; who subscribes need not."""
    _types[name_of(kind)] = kind


def enqueue_with(enqueue: Enqueue) -> None:
    """Set at start by `base.job`; events know no queue."""
    _enqueue[:] = [enqueue]


def write(*, tenant_id: int, command_id: int, body: Any, at: datetime) -> int:
    """Write one event, its jobs and its NOTIFY in the running transaction; the event's id.

    The notification carries `tenant:type:id` and reaches listeners at commit, or never.
    """
    if not dataclasses.is_dataclass(body) or isinstance(body, type):
        raise TypeError("an event is a frozen dataclass")
    name = name_of(type(body))
    ((event_id, _),) = rows.select(
        """
        WITH written AS (
            INSERT INTO base_event (tenant_id, command_id, type, body, at)
            VALUES (%s, %s, %s, %s::jsonb, %s) RETURNING id
        )
        SELECT id, pg_notify(%s, %s || ':' || id) FROM written
        """,
        [tenant_id, command_id, name, codec.canonical(body).decode(), at, CHANNEL, f"{tenant_id}:{name}"],
    )
    for subscriber in _subscribers.get(name, ()):
        for enqueue in _enqueue:
            enqueue(tenant_id, event_id, subscriber)
    return int(event_id)


def read(event_id: int) -> Any:
    """The event as the dataclass it was emitted as. Needs the tenant's scope."""
    found = rows.select("SELECT type, body FROM base_event WHERE id = %s", [event_id])
    if not found:
        raise LookupError(f"event {event_id}")
    name, body = found[0]
    if name not in _types:
        raise UnknownEventError(name)
    return codec.restore(body, _types[name])


def latest_id() -> int:
    """The highest id of the tenant's events; 0 for none. Needs the tenant's scope."""
    ((latest,),) = rows.select("SELECT coalesce(max(id), 0) FROM base_event")
    return int(latest)


def ids_of(kinds: Sequence[type[Any]], *, above_id: int) -> tuple[int, ...]:
    """The events of these types with higher ids than one, in id order. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id FROM base_event WHERE id > %s AND type = ANY(%s) ORDER BY id",
        [above_id, [name_of(kind) for kind in kinds]],
    )
    return tuple(row[0] for row in found)
