"""One port: live events on asyncio, every page by Django in a few threads."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from a2wsgi.wsgi import WSGIResponder
from django.core.handlers.wsgi import WSGIHandler
from typing_extensions import override

from kvit.pages.live import PREFIX, stream
from kvit.pages.live.hub import Hub

THREADS = int(os.environ.get("KVIT_WEB_THREADS", "2"))
MESSAGES_AHEAD = 10


class _Responder(WSGIResponder):
    """Hands a page that is whole in memory from its thread to the server in one go.

    The library goes over for the start, each part and the end, and waits each time, which costs as much as a small
    page. What is streamed still goes its way: who reads slowly does not make the process hold a file.
    """

    _whole: list[Any] | None = None

    @override
    def wsgi(self, environ: Any, start_response: Any) -> None:
        pages, self._whole = self.app, []

        def application(environ: Any, start_response: Any) -> Any:
            page = pages(environ, start_response)
            if getattr(page, "streaming", True):
                self._hand_over_each()
            return page

        self.app = application
        super().wsgi(environ, start_response)
        if self._whole is not None:
            self.loop.call_soon_threadsafe(self._queue, self._whole)

    @override
    def send(self, message: Any) -> None:
        if self._whole is None:
            super().send(message)
        elif self._whole and self._whole[-1].get("more_body"):  # few messages, however many parts
            self._whole[-1] = {**message, "body": self._whole[-1]["body"] + message["body"]}
        else:
            self._whole.append(message)

    def _hand_over_each(self) -> None:
        first, self._whole = self._whole or [], None
        for message in first:
            self.send(message)

    def _queue(self, messages: list[Any]) -> None:
        for message in messages:
            self.send_queue.put_nowait(message)


class Application:
    """The ASGI application (spec 3.0) of one web process."""

    def __init__(self, pages: Any) -> None:
        self._pages = pages
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._hub: Hub | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX) and self._hub is not None:
            await stream.answer(self._hub, scope, receive, send)
        elif scope["type"] == "http":
            await self._page(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _page(self, scope: Any, receive: Any, send: Any) -> None:
        """By Django, with two corrections to what lies between.

        The server's `receive` gives a future, where a2wsgi waits for a coroutine. And WSGI cannot tell `X-A` from
        `X_A`: a header with an underscore could pass for one that a proxy sets, so there are none.
        """

        async def received() -> Any:
            return await receive()

        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        responder: Any = _Responder(self._pages, self._threads, MESSAGES_AHEAD)
        await responder({**scope, "headers": headers}, received, send)

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._hub = Hub()
                self._hub.start()
            elif self._hub is not None:
                await self._hub.stop()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


def _started() -> Application:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvit.settings")
    django.setup()
    return Application(WSGIHandler())


application = _started()
