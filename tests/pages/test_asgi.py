"""What lies between the server and Django hands every page over, whole or in parts."""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from kvit.asgi import MESSAGES_AHEAD, Application

PARTS = 3 * MESSAGES_AHEAD
SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/x/",
    "query_string": b"a=1",
    "headers": [(b"content-type", b"text/plain"), (b"x-real-name", b"yes"), (b"x_real_name", b"forged")],
}


class Whole(list[bytes]):
    """As Django's answer in memory."""

    streaming = False


class Streamed:
    """As Django's answer from a file."""

    streaming = True

    def __init__(self) -> None:
        self.closed = False
        self.ahead = 0

    def __iter__(self) -> Iterator[bytes]:
        for number in range(PARTS):
            self.ahead = number
            yield b"part %d;" % number

    def close(self) -> None:
        self.closed = True


def answered(page: Iterable[bytes], *, slow: float = 0) -> tuple[list[Any], dict[str, Any]]:
    """The messages that reach the server, and the WSGI environment of the page."""
    sent: list[Any] = []
    seen: dict[str, Any] = {}

    def pages(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read(), thread=threading.current_thread().name)
        start_response("201 Created", [("Content-Type", "text/plain"), ("X-Seen", "1")])
        return page

    async def receive() -> Any:
        return {"type": "http.request", "body": b"given", "more_body": False}

    async def send(message: Any) -> None:
        await asyncio.sleep(slow)
        sent.append((message, getattr(page, "ahead", 0)))

    asyncio.run(Application(pages)(SCOPE, receive, send))
    return sent, seen


class TestAPage:
    @pytest.mark.parametrize(("page", "body"), [
        (Whole([b"one", b"two"]), b"onetwo"),
        (Whole(), b""),
        (Whole([b"."] * PARTS), b"." * PARTS),
        (Streamed(), b"".join(b"part %d;" % n for n in range(PARTS))),
    ], ids=["whole", "empty", "whole in more parts than wait", "streamed"])  # fmt: skip
    def test_reaches_the_server_with_nothing_lost(self, page: Any, body: bytes) -> None:
        sent, seen = answered(page)
        start, *parts = [message for message, _ in sent]
        assert (start["type"], start["status"]) == ("http.response.start", 201)
        assert (b"x-seen", b"1") in start["headers"]
        assert b"".join(part["body"] for part in parts) == body
        assert [bool(part.get("more_body")) for part in parts] == [True] * (len(parts) - 1) + [False]
        assert seen["body"] == b"given"
        assert seen["thread"].startswith("page")

    def test_that_is_streamed_is_not_read_far_ahead_of_who_reads_it(self) -> None:
        page = Streamed()
        sent, _ = answered(page, slow=0.002)
        assert page.closed
        assert max(ahead - number for number, (_, ahead) in enumerate(sent)) <= MESSAGES_AHEAD + 2

    def test_gets_no_header_that_could_pass_for_another(self) -> None:
        _, seen = answered(Whole())
        assert seen["HTTP_X_REAL_NAME"] == "yes"
