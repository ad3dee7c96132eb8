"""The network below the HTTP library: connects to checked addresses only, each step within the deadline."""

import socket
import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore
from typing_extensions import override

from kvit.base.http.addresses import Address
from kvit.base.http.deadline import Deadline

CHUNK_BYTES = 16_384


def connect(address: Address, port: int, timeout_seconds: float) -> socket.socket:
    """A TCP connection to exactly this address. Raises OSError."""
    connection = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_seconds)
        connection.connect((str(address), port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


class Pinned(httpcore.NetworkBackend):
    """Ignores the host it is told to connect to: the addresses were chosen and checked before."""

    def __init__(self, found: Sequence[Address], deadline: Deadline) -> None:
        self._addresses = found
        self._deadline = deadline

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: OSError | None = None
        for number, address in enumerate(self._addresses):
            # An address that does not answer leaves time for those after it.
            patience = self._deadline.remaining() / (len(self._addresses) - number)
            try:
                return Stream(connect(address, port, patience), self._deadline)
            except OSError as refused:
                problem = refused
        self._deadline.remaining()
        raise httpcore.ConnectError(str(problem)) from problem


class Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the exchange's deadline, however little arrives at a time."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._connection.settimeout(self._deadline.remaining())
        try:
            return self._connection.recv(max_bytes)
        except TimeoutError as problem:
            raise self._deadline.passed() from problem
        except OSError as problem:
            raise httpcore.ReadError(str(problem)) from problem

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            self._connection.settimeout(self._deadline.remaining())
            self._deadline.sent = True
            try:
                rest = rest[self._connection.send(rest[:CHUNK_BYTES]) :]
            except TimeoutError as problem:
                raise self._deadline.passed() from problem
            except OSError as problem:
                raise httpcore.WriteError(str(problem)) from problem

    @override
    def close(self) -> None:
        self._connection.close()

    @override
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._connection.settimeout(self._deadline.remaining())
        try:
            return Stream(ssl_context.wrap_socket(self._connection, server_hostname=server_hostname), self._deadline)
        except TimeoutError as problem:
            self.close()
            raise self._deadline.passed() from problem
        except (OSError, ssl.CertificateError) as problem:
            self.close()
            raise httpcore.ConnectError(str(problem)) from problem

    @override
    def get_extra_info(self, info: str) -> Any:
        return None
