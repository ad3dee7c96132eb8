"""`kvit web`: the pages."""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

from kvit.pages import assets

PROCESSES = int(os.environ.get("KVIT_WEB_PROCESSES", "1"))


def serve(address: str, port: int) -> None:
    """Serve until a signal stops the process."""
    assets.prepare()
    Granian(
        "kvit.asgi:application",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=PROCESSES,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        websockets=False,
    ).serve()
