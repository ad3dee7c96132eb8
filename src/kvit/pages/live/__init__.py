"""Pages that change while they are looked at: which events change which fragment, and how it is drawn.

A surface registers a `Feed` at start; `/events/<feed>/<token>/?language=sv` is its address, drawn by `address`. The
fragment is always the whole present state, so that a client that missed some is right again with the next one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest

from kvit.base import event
from kvit.pages import words

PREFIX: Final = "/events/"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: a thing of a tenant."""

    tenant_id: int
    id: int


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of live fragment.

    `admit(request, token)` says what a token opens, or None; the request has a session and a user.
    `changed` maps an event's class to a function from the event to the ids of the subjects it touches; it runs in
    the tenant's scope. `render(tenant_id, ids, now)` gives the fragment of each subject as HTML, in the tenant's
    scope and in the language of `words.current()`; subjects it leaves out are not sent.
    """

    name: str
    admit: Callable[[HttpRequest, str], Subject | None]
    changed: Mapping[type[Any], Callable[[Any], Iterable[int]]]
    render: Callable[[int, Collection[int], datetime], Mapping[int, str]]

    def touched_by(self, body: object) -> frozenset[int]:
        """The subjects an event touches."""
        ids_of = self.changed.get(type(body))
        return frozenset(ids_of(body)) if ids_of is not None else frozenset()


_feeds: dict[str, Feed] = {}


def register(feed: Feed) -> Feed:
    """Make a feed known; called once, from a surface's `AppConfig.ready`."""
    if feed.name in _feeds:
        raise RuntimeError(f"two feeds are named {feed.name}")
    for kind in feed.changed:
        event.declare(kind)
    _feeds[feed.name] = feed
    return feed


def find(name: str) -> Feed | None:
    """The feed of this name."""
    return _feeds.get(name)


def feeds_of(event_type: str) -> tuple[Feed, ...]:
    """The feeds that an event of this type (`invoicing.InvoicesIssued`) may change."""
    return tuple(feed for feed in _feeds.values() if any(event.name_of(kind) == event_type for kind in feed.changed))


def address(feed: str, token: str) -> str:
    """Where a page listens, in the language it is read in: for the attribute `data-live`."""
    if feed not in _feeds:
        raise LookupError(f"no feed is named {feed}")
    return f"{PREFIX}{feed}/{token}/?language={words.current()}"
