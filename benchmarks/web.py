"""A web process to measure: `kvit web` with what it costs the processor, and a client that asks it as browsers do."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kvit.base.command import Ctx

STARTS_WITHIN_SECONDS = 60
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Web:
    """A running web process on a port of its own."""

    pid: int
    port: int

    def processor_seconds(self) -> float:
        """What it and its children have used of the processors so far."""
        return sum(_seconds(pid) for pid in (self.pid, *_children(self.pid)))


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def serving() -> Iterator[Web]:
    """One process with its two threads, as `kvit up` starts it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-c", "from kvit.cli.main import run; run()", "web", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(process, port)
        yield Web(process.pid, port)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the web process ended with {process.returncode}")
        try:
            if asyncio.run(once(port, "/health/")).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web process does not answer")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, still compressed."""

    status: int
    headers: bytes
    body: bytes


class Browser:
    """One connection that is kept open, asking one thing after the other."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._port, self._cookie = port, cookie
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> Answer:
        """GET, with compression and the session's cookie."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        self._writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\nAccept-Encoding: gzip\r\n"
            f"Accept-Language: sv\r\n{cookie}\r\n".encode()
        )
        headers = await self._reader.readuntil(b"\r\n\r\n")
        return Answer(int(headers.split(b" ", 2)[1]), headers, await _body(self._reader, headers.lower()))

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()


async def _body(reader: asyncio.StreamReader, headers: bytes) -> bytes:
    _, found, rest = headers.partition(b"content-length:")
    if found:
        return await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))
    whole = b""
    while size := int(await reader.readline(), 16):
        whole += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return whole


async def once(port: int, path: str, cookie: str = "") -> Answer:
    """One question on a connection of its own."""
    browser = Browser(port, cookie)
    try:
        return await browser.get(path)
    finally:
        await browser.close()


def signed_in(ctx: "Ctx") -> str:
    """The cookies of an owner of the company who has signed in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from kvit.base import login

    added = login.add_member(ctx, email="anna@measured.example", full_name="Anna Berg", role=login.Role.OWNER)
    client = Client()
    person = get_user_model().objects.get(pk=added.user_id)
    client.force_login(person, backend="kvit.pages.session.Backend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def percentile(values: list[float], hundredths: int) -> float:
    """The value that so many hundredths do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * hundredths // 100) - 1)]
