"""The ASGI side of live pages: one response that never ends per page that listens."""

import asyncio
import re
from typing import Any, Final
from urllib.parse import parse_qs

from kvit.pages import live, words
from kvit.pages.live.drawing import Topic
from kvit.pages.live.hub import Client, Hub

_PATH: Final = re.compile(rf"{live.PREFIX}([a-z_]+)/([A-Za-z0-9_-]{{1,200}})/")
_PING_SECONDS: Final = 15
_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def answer(hub: Hub, scope: Any, receive: Any, send: Any) -> None:
    """GET `/events/<feed>/<token>/?language=…`: 404 for what the token does not open, 503 when full."""
    found = _PATH.fullmatch(scope["path"])
    feed = live.find(found[1]) if found else None
    if found is None or feed is None or scope["method"] != "GET":
        return await _refuse(send, 404)
    if hub.is_full or hub.closing.is_set():
        return await _refuse(send, 503)
    subject = await hub.admit(scope, feed, found[2])
    if subject is None:
        return await _refuse(send, 404)
    wish = parse_qs(scope["query_string"].decode("ascii", "replace")).get("language", [""])[0]
    topic = Topic(feed.name, subject.tenant_id, subject.id, words.chosen(wish))
    client = await hub.join(topic)
    try:
        await _stream(hub, client, receive, send)
    finally:
        hub.leave(topic, client)
    return None


async def _stream(hub: Hub, client: Client, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
    over = [asyncio.create_task(_until_gone(receive)), asyncio.create_task(hub.closing.wait())]
    news = asyncio.create_task(client.next())
    try:
        while not any(task.done() for task in over):
            await asyncio.wait([*over, news], timeout=_PING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            body = b": still here\n\n"
            if news.done():
                body, news = news.result(), asyncio.create_task(client.next())
            if not over[0].done():
                await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        for task in (*over, news):
            task.cancel()
        await asyncio.gather(*over, news, return_exceptions=True)


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _refuse(send: Any, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    if status == 503:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
