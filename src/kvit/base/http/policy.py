"""What a caller of the outbound client may reach, and for how long and how much."""

import functools
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from kvit.base.http.addresses import Network

# The host's name in ASCII to its addresses in text; OSError if there are none.
Resolver = Callable[[str], Sequence[str]]


def resolve_by_system(host: str) -> Sequence[str]:
    """The addresses that the operating system knows for a name. Raises OSError."""
    # Bytes: the codec that getaddrinfo applies to text fails on names that DNS allows.
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@functools.cache
def usual_trust() -> ssl.SSLContext:
    """The public certificate authorities (certifi), whatever the environment says."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Limits of a request. The defaults suit a URL that a stranger has typed."""

    timeout_seconds: float = 10.0  # for everything: name, connection, sending, the last byte of the answer
    max_bytes: int = 1_000_000  # of the answer's content, after unpacking
    allow_http: bool = False
    allow_ports: frozenset[int] = frozenset({443})
    allow_hosts: frozenset[str] | None = None  # exact names in lower case; None: any
    allow_addresses: tuple[Network, ...] = ()  # networks opened though not public: simulators, an intranet
    tls: ssl.SSLContext | None = None  # None: the public authorities; else another trust, an own certificate
    resolver: Resolver = resolve_by_system

    def __post_init__(self) -> None:
        if self.tls and (self.tls.verify_mode is not ssl.CERT_REQUIRED or not self.tls.check_hostname):
            raise ValueError("a context that does not verify certificates and names is no policy")


STRICT = Policy()
