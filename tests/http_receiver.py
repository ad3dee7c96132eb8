"""A receiver on this machine that counts whoever reaches it and can misbehave."""

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override


class Receiver(ThreadingHTTPServer):
    """Counts connections; answers by path."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections = 0
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @override
    def get_request(self) -> tuple[socket.socket, Any]:
        accepted = super().get_request()
        self.connections += 1
        return accepted

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the game."""


class Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Not to the terminal."""

    def answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.command, self.path, headers, content))
        getattr(self, "answer_" + self.path.partition("?")[0].strip("/").replace("-", "_"), self.answer_)()

    do_GET = do_POST = do_HEAD = answer  # noqa: N815  # the names that BaseHTTPRequestHandler calls

    def send(self, content: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def answer_(self) -> None:
        self.send(b"hello", x_first="1", X_Second="2")

    def answer_redirect(self) -> None:
        self.send(b"", status=302, location=f"http://127.0.0.1:{self.server.port}/secret", set_cookie="a=b")

    def answer_large(self) -> None:
        self.send(b"x" * 50_001)

    def answer_just_fits(self) -> None:
        self.send(b"x" * 50_000)

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.is_set():
            self.wfile.write(b"x" * 10_000)

    def answer_bomb(self) -> None:
        self.send(gzip.compress(b"\0" * 200_000_000, 6), content_encoding="gzip")

    def answer_packed(self) -> None:
        self.send(gzip.compress(b"hello"), content_encoding="gzip")

    def answer_packed_and_cut(self) -> None:
        self.send(gzip.compress(b"hello" * 100)[:-12], content_encoding="gzip")

    def answer_packed_strangely(self) -> None:
        self.send(b"hello", content_encoding="br")

    def answer_packed_falsely(self) -> None:
        self.send(b"hello", content_encoding="gzip")

    def answer_packed_nothing(self) -> None:
        self.send(b"", content_encoding="gzip")

    def trickle(self, piece: bytes) -> None:
        while not self.server.closing.wait(0.05):
            self.wfile.write(piece)
            self.wfile.flush()

    def answer_slow_content(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.trickle(b"x")

    def answer_slow_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.trickle(b"X-Slow: 1\r\n")

    def answer_slow_start(self) -> None:
        self.trickle(b"")

    def answer_many_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.closing.is_set():
            self.wfile.write(b"X-More: " + b"x" * 1_000 + b"\r\n")

    def answer_preliminary(self) -> None:
        self.trickle(b"HTTP/1.1 103 Early Hints\r\n\r\n")

    def answer_garbage(self) -> None:
        self.wfile.write(b"220 smtp.example.com ESMTP\r\n")
        self.close_connection = True

    def answer_cut(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        self.close_connection = True

    def answer_nothing(self) -> None:
        self.close_connection = True


@contextlib.contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that runs, with `tls` one that speaks it."""
    with Receiver() as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
