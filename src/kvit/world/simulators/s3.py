"""A store that speaks S3: objects put, got and deleted under signature version 4, with troubles of the network.

It proves each signature by its own reading of the AWS General Reference, and knows nothing of who calls.
"""

import hashlib
import hmac
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from typing_extensions import override

from kvit.base.clock import SystemClock

_POLL_MS: Final = 20
_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
_SKEW: Final = timedelta(minutes=15)
BUSY, DENIED, OTHER, CUT = "503", "403", "other content", "cut"
"""Troubles: busy, access denied, an object that is another one, an answer that breaks off."""


@dataclass
class Store:
    """One bucket for one key. `troubles` are had one after another by the next requests."""

    key_id: str = "AK-simulated"
    secret: str = "simulated"  # noqa: S105  (opens nothing but this)
    region: str = "eu-north-1"
    bucket: str = "kvit"
    now: Callable[[], datetime] = SystemClock().now
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    troubles: deque[str] = field(default_factory=deque)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where the bucket is."""
        return f"http://127.0.0.1:{self.port}/{self.bucket}"

    @contextmanager
    def running(self) -> Iterator["Store"]:
        """Serve on a free port of this machine until the block ends."""

        class Handler(_Exchange):
            store = self

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.port = int(server.server_address[1])
            thread = threading.Thread(target=server.serve_forever, args=(_POLL_MS / 1000,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()

    def refusal(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> str:
        """Why a request is not let in, as S3 names it; "" where it is."""
        found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        stamp = headers.get("x-amz-date", "")
        if found is None or not re.fullmatch(r"\d{8}T\d{6}Z", stamp) or found[1] != self.key_id:
            return "AccessDenied"
        if abs(datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - self.now()) > _SKEW:
            return "RequestTimeTooSkewed"
        if headers.get("x-amz-content-sha256") != hashlib.sha256(content).hexdigest():
            return "XAmzContentSHA256Mismatch"
        if found[2] != stamp[:8] or found[3] != self.region or "host" not in found[4].split(";"):
            return "AuthorizationHeaderMalformed"
        signed = "".join(f"{name}:{headers.get(name, '').strip()}\n" for name in found[4].split(";"))
        lines = (method, path, "", signed, found[4], headers["x-amz-content-sha256"])
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{found[2]}/{self.region}/s3/aws4_request\n{digest}"
        key = f"AWS4{self.secret}".encode()
        for part in (found[2], self.region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return "" if hmac.compare_digest(expected, found[5]) else "SignatureDoesNotMatch"


class _Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    store: Store
    protocol_version = "HTTP/1.1"

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Not to the terminal."""

    def do_PUT(self) -> None:
        """Keep an object."""
        self._answer()

    def do_GET(self) -> None:
        """Give an object."""
        self._answer()

    def do_DELETE(self) -> None:
        """Let an object go."""
        self._answer()

    def _answer(self) -> None:
        store = self.store
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        trouble = store.troubles.popleft() if store.troubles else ""
        refusal = store.refusal(self.command, self.path, headers, content)
        key = self.path.removeprefix(f"/{store.bucket}/")
        if refusal or trouble in (BUSY, DENIED):
            self._send(503 if trouble == BUSY else 403, f"<Error><Code>{refusal or trouble}</Code></Error>".encode())
        elif self.command == "PUT":
            store.objects[key] = (content, headers.get("content-type", ""))
            self._send(200, b"")
        elif self.command == "DELETE":
            store.objects.pop(key, None)
            self._send(204, b"")
        elif key not in store.objects:
            self._send(404, b"<Error><Code>NoSuchKey</Code></Error>")
        elif trouble == CUT:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + store.objects[key][0][:9])
            self.close_connection = True
        else:
            self._send(200, b"something else" if trouble == OTHER else store.objects[key][0])

    def _send(self, status: int, content: bytes) -> None:
        self.store.requests.append((self.command, self.path, status))
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
