"""Draw fragments for the live pages: synchronous work with the database, in a thread of its own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse

from kvit.base import clock, event, tenant
from kvit.pages import live, words
from kvit.pages.live import Feed, Subject


@dataclass(frozen=True, slots=True)
class Topic:
    """One fragment in one language: drawn once, however many look at it."""

    feed: str
    tenant_id: int
    subject_id: int
    language: str


@dataclass(frozen=True, slots=True)
class Announced:
    """An event as PostgreSQL's NOTIFY tells of it."""

    tenant_id: int
    type: str
    event_id: int


def announced(payload: str) -> Announced | None:
    """`tenant:type:id` read; None for what is none."""
    tenant_id, _, rest = payload.partition(":")
    kind, _, event_id = rest.rpartition(":")
    if not (tenant_id.isdecimal() and event_id.isdecimal() and kind):
        return None
    return Announced(int(tenant_id), kind, int(event_id))


def admit(scope: Mapping[str, Any], feed: Feed, token: str) -> Subject | None:
    """What the token opens to whoever asks."""
    close_old_connections()
    request = ASGIRequest(dict(scope), BytesIO())
    SessionMiddleware(_unanswered).process_request(request)
    request.user = get_user(request)
    return feed.admit(request, token)


def touched(news: Iterable[Announced], topics: Collection[Topic]) -> set[Topic]:
    """The topics, of those that somebody looks at, that these events touch."""
    close_old_connections()
    found: set[Topic] = set()
    for told in news:
        for feed in live.feeds_of(told.type):
            watched = {t for t in topics if t.tenant_id == told.tenant_id and t.feed == feed.name}
            if watched:
                with tenant.reading(told.tenant_id):
                    ids = feed.touched_by(event.read(told.event_id))
                found |= {t for t in watched if t.subject_id in ids}
    return found


def draw(topics: Collection[Topic]) -> dict[Topic, str]:
    """The present fragment of each topic; those of one feed, tenant and language by one call."""
    close_old_connections()
    now = clock.current().now()
    found: dict[Topic, str] = {}
    for name, tenant_id, language in sorted({(t.feed, t.tenant_id, t.language) for t in topics}):
        feed = live.find(name)
        wanted = {t.subject_id: t for t in topics if (t.feed, t.tenant_id, t.language) == (name, tenant_id, language)}
        if feed is not None:
            with words.reading(language), tenant.reading(tenant_id):
                drawn = feed.render(tenant_id, wanted.keys(), now)
            found |= {wanted[subject]: html for subject, html in drawn.items() if subject in wanted}
    return found


def _unanswered(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a live page is not answered by middleware")
