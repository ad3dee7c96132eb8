"""One port: live events on asyncio, every page by Django in a few threads."""

import os
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvit.settings")

from django.core.wsgi import get_wsgi_application

THREADS = int(os.environ.get("KVIT_WEB_THREADS", "2"))
_pages: Any = WSGIMiddleware(get_wsgi_application(), workers=THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application (spec 3.0)."""
    if scope["type"] == "http":
        await _pages(scope, receive, send)
    elif scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
