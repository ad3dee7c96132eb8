"""One port: live events on asyncio, every page by Django in a few threads."""

import os
from typing import Any

import django
from a2wsgi import WSGIMiddleware
from django.core.handlers.wsgi import WSGIHandler

from kvit.pages.live import PREFIX, stream
from kvit.pages.live.hub import Hub

THREADS = int(os.environ.get("KVIT_WEB_THREADS", "2"))


class Application:
    """The ASGI application (spec 3.0) of one web process."""

    def __init__(self, pages: Any) -> None:
        self._pages: Any = WSGIMiddleware(pages, workers=THREADS)
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
        await self._pages({**scope, "headers": headers}, received, send)

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
