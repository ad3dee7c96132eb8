"""A bucket of a store that speaks S3: contents under their hash, proven by it when they come back."""

import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from kvit.base import clock, http
from kvit.documents.adapters.s3.signature import Key, Request, signed_headers
from kvit.documents.domain.files import LARGEST_BYTES
from kvit.documents.domain.refusals import ContentLost, StoreUnreachable

TIMEOUT_SECONDS: Final = 60
_OK: Final = frozenset({200, 204})
_NOT_FOUND: Final = 404
_PRIVATE: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fd00::/8", "::1/128")
)


@dataclass(frozen=True, slots=True)
class S3Store:
    """The bucket at `url` (`https://s3.eu-north-1.amazonaws.com/bucket`, path style, which every such store takes)."""

    url: str
    key: Key
    policy: http.Policy
    now: Callable[[], datetime] = lambda: clock.current().now()

    @classmethod
    def at(cls, url: str, *, region: str, key_id: str, secret: str, allow_private: bool = False) -> "S3Store":
        """The bucket at an address; `allow_private` for a store in the own network, by http too."""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        policy = http.Policy(
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=LARGEST_BYTES,
            allow_hosts=frozenset({(parts.hostname or "").lower()}),
            allow_ports=frozenset({port}),
            allow_http=allow_private,
            allow_addresses=_PRIVATE if allow_private else (),
        )
        return cls(url.rstrip("/"), Key(key_id, secret, region), policy)

    def put(self, sha256: str, content: bytes, *, media_type: str) -> None:
        """See `domain.ports.Store`. The key is the hash, so that a repeated put changes nothing."""
        answer = self._asked("PUT", sha256, content, {"content-type": media_type})
        if answer.status not in _OK:
            raise StoreUnreachable(f"the store answers {answer.status} when content {sha256} is put")

    def get(self, sha256: str) -> bytes:
        """See `domain.ports.Store`."""
        answer = self._asked("GET", sha256)
        if answer.status == _NOT_FOUND:
            raise ContentLost(f"the store has no content {sha256}")
        if answer.status not in _OK:
            raise StoreUnreachable(f"the store answers {answer.status} when content {sha256} is asked for")
        if not _is(answer.content, sha256):
            raise ContentLost(f"what the store has as {sha256} is something else")
        return answer.content

    def erase(self, sha256: str) -> None:
        """See `domain.ports.Store`."""
        answer = self._asked("DELETE", sha256)
        if answer.status not in _OK and answer.status != _NOT_FOUND:
            raise StoreUnreachable(f"the store answers {answer.status} when content {sha256} is to go")

    def _asked(
        self, method: str, sha256: str, content: bytes = b"", extra: Mapping[str, str] | None = None
    ) -> http.Answer:
        parts = urlsplit(self.url)
        path = f"{parts.path}/{sha256[:2]}/{sha256}"
        request = Request(method, parts.netloc, path, content, extra or {})
        try:
            return http.request(
                method,
                f"{parts.scheme}://{parts.netloc}{path}",
                headers=signed_headers(self.key, request, at=self.now()),
                content=content if method == "PUT" else None,
                policy=self.policy,
            )
        except http.OutboundRefused as refusal:
            raise StoreUnreachable(f"the store cannot be reached: {refusal}") from refusal


def _is(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256
