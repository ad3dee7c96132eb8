"""Who looks at what, in this process: one listener to the database, one fragment per topic, one slot per client."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import psycopg
from django.db import connections

from kvit.base import event
from kvit.pages.live import Feed, Subject, drawing
from kvit.pages.live.drawing import Announced, Topic

log = logging.getLogger("kvit.live")
T = TypeVar("T")
GATHER_MS: Final = 20
RECONNECT_MS: Final = 500
MOST_CLIENTS: Final = 5000


class Client:
    """A page that listens: it holds the newest fragment only, for that is the whole state."""

    def __init__(self) -> None:
        self._newest: bytes | None = None
        self._news = asyncio.Event()

    def offer(self, message: bytes) -> None:
        """Put the newest fragment into the slot; one that was not sent yet is out of date."""
        self._newest = message
        self._news.set()

    async def next(self) -> bytes:
        """Wait for a fragment."""
        await self._news.wait()
        self._news.clear()
        message, self._newest = self._newest or b"", None
        return message


class Hub:
    """All live pages of this process."""

    def __init__(self) -> None:
        self._clients: dict[Topic, set[Client]] = {}
        self._newest: dict[Topic, bytes] = {}
        self._pending: list[Announced] = []
        self._all_anew = False
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._drawing = ThreadPoolExecutor(1, "kvit-live-draw")
        self._admitting = ThreadPoolExecutor(1, "kvit-live-admit")
        self.closing = asyncio.Event()

    @property
    def clients(self) -> int:
        """How many pages listen."""
        return sum(map(len, self._clients.values()))

    @property
    def is_full(self) -> bool:
        """Whether this process takes no more."""
        return self.clients >= MOST_CLIENTS

    def start(self) -> None:
        """Begin to listen; inside the running event loop."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._pump())]

    async def stop(self) -> None:
        """Let every page go (it comes back to another process) and end the threads; a second time nothing."""
        if self.closing.is_set():
            return
        self.closing.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pool in (self._drawing, self._admitting):
            await self._in(pool, connections.close_all)
            pool.shutdown()

    async def admit(self, scope: Mapping[str, Any], feed: Feed, token: str) -> Subject | None:
        """What the token opens."""
        return await self._in(self._admitting, drawing.admit, scope, feed, token)

    async def join(self, topic: Topic) -> Client:
        """A new client of the topic; it gets the present fragment at once, for the page may be older than that."""
        client = Client()
        self._clients.setdefault(topic, set()).add(client)
        if topic not in self._newest:
            self._keep(await self._in(self._drawing, drawing.draw, [topic]))
        if topic in self._newest:
            client.offer(self._newest[topic])
        return client

    def leave(self, topic: Topic, client: Client) -> None:
        """The page was closed."""
        there = self._clients.get(topic, set())
        there.discard(client)
        if not there:
            self._clients.pop(topic, None)
            self._newest.pop(topic, None)

    def hear(self, news: Iterable[Announced]) -> None:
        """Take note of events; what they touch is drawn in a moment, together with what else comes."""
        self._pending += news
        self._wake.set()

    async def _listen(self) -> None:
        parameters = connections["default"].get_connection_params()
        wanted = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)}
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**wanted, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {event.CHANNEL}")
                    self._all_anew = True  # what happened while nobody listened
                    self._wake.set()
                    async for told in connection.notifies():
                        if (news := drawing.announced(told.payload)) is not None and self._clients:
                            self.hear([news])
            except psycopg.OperationalError as error:
                log.warning("the listener lost the database and tries again: %s", error)
            await asyncio.sleep(RECONNECT_MS / 1000)

    async def _pump(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_MS / 1000)
            self._wake.clear()
            news, self._pending = self._pending, []
            all_anew, self._all_anew = self._all_anew, False
            try:
                await self._refresh(news, all_anew)
            except Exception:
                log.exception("live pages were not refreshed; they are with the next event")

    async def _refresh(self, news: list[Announced], all_anew: bool) -> None:
        topics = set(self._clients)
        if not all_anew:
            topics = await self._in(self._drawing, drawing.touched, news, topics)
        drawn = await self._in(self._drawing, drawing.draw, topics)
        for topic in self._keep(drawn):
            for client in self._clients.get(topic, ()):
                client.offer(self._newest[topic])

    def _keep(self, drawn: Mapping[Topic, str]) -> list[Topic]:
        """Keep what somebody still looks at; the topics whose fragment is another than before."""
        fresh = []
        for topic, html in drawn.items():
            message = as_event(html)
            if topic in self._clients and self._newest.get(topic) != message:
                self._newest[topic] = message
                fresh.append(topic)
        return fresh

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[..., T], *given: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work, *given)


def as_event(html: str) -> bytes:
    """A server-sent event (WHATWG HTML, 9.2.5): each line of the fragment is a line of data."""
    lines = "".join(f"data: {line}\n" for line in html.splitlines())
    return f"event: fragment\n{lines}\n".encode()
