"""`kvit up`: one command runs everything, one Ctrl-C ends it, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import browsing
import patience
from browsing import free_port
from processes import called

pytestmark = pytest.mark.database


@contextmanager
def running(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`kvit up` as in a terminal of its own, once its pages answer."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KVIT_", "DJANGO_")) or k == "KVIT_PG_BIN"}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", "from kvit.cli.main import run; run()", "up", "--port", str(port)],
        env={**kept, "KVIT_HOME": str(home), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        browsing.wait_until_ready(process, f"http://localhost:{port}/health/")
        yield process
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://localhost:{port}/health/", timeout=2).is_success
    except httpx.TransportError:
        return False


def descendants(pid: int) -> set[int]:
    """The processes that a process started, and theirs, as /proc says."""
    found: set[int] = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found |= {int(folder.name)} | descendants(int(folder.name))
    return found


def living(pids: set[int]) -> set[int]:
    """Those of them that run; a process that ended and was not collected does not."""
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found.add(pid)
    return found


def all_gone(pids: set[int]) -> bool:
    return patience.until(lambda: not living(pids))


class TestUp:
    def test_stops_everything_at_ctrl_c_and_the_data_stay(self, installation: Any) -> None:
        installation.ok("company", "open", "kept", "--name", "Kept AB", "--country", "SE", "--currency", "SEK")
        with running(installation.home, free_port()) as process:
            started = descendants(process.pid)
            assert len(started) >= 4
            process.send_signal(signal.SIGINT)
            assert process.wait(patience.SECONDS) == 0
            assert all_gone(started)
        replace(installation, company="kept").ok("invoice", "list")

    def test_takes_its_processes_along_when_it_is_killed(self, installation: Any) -> None:
        with running(installation.home, free_port()) as process:
            started = descendants(process.pid)
            process.kill()
            process.wait()
            assert all_gone(started)

    def test_ends_when_one_of_its_processes_does(self, installation: Any) -> None:
        with running(installation.home, free_port()) as process:
            children = {pid for pid in descendants(process.pid) if _is_kvit(pid, "worker")}
            assert children
            os.kill(children.pop(), signal.SIGKILL)
            assert process.wait(patience.SECONDS) == 1

    def test_says_so_where_the_port_is_taken(self, installation: Any) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            answer = installation.kvit("up", "--port", str(taken.getsockname()[1]))
        assert (answer.code, "choose another with --port" in answer.err) == (1, True)


def _is_kvit(pid: int, word: str) -> bool:
    return called(pid).rstrip(b"\0").endswith(word.encode())
