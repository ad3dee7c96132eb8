"""Short folders for sockets, other supervisors, and strangers among the processes."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import patience
from kvit.base import postgres
from postgres_supervisors import Supervisors

DISK = Path("/tmp")  # noqa: S108  # mkdtemp makes a private folder in it
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM_BYTES = 2_000_000_000


def place() -> Path:
    """Memory where there is enough of it: a database has a thousand files, and making them takes the time."""
    try:
        found = os.statvfs(MEMORY)
    except FileNotFoundError:
        return DISK
    return MEMORY if found.f_bavail * found.f_frsize > ROOM_BYTES and os.access(MEMORY, os.W_OK) else DISK


def short_folder(above: Path | None = None) -> Iterator[Path]:
    """An empty folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="kv-", dir=above or place()))
    yield folder

    def is_removed() -> bool:  # a server of a killed supervisor may still be taking its files away
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()

    assert patience.until(is_removed), f"{folder} cannot be removed"


@pytest.fixture
def root() -> Iterator[Path]:
    yield from short_folder()


@pytest.fixture
def root2() -> Iterator[Path]:
    yield from short_folder()


@pytest.fixture
def disk_root() -> Iterator[Path]:
    """Where programs may be run: memory is often mounted noexec."""
    yield from short_folder(DISK)


@pytest.fixture(scope="session")
def pattern() -> Iterator[Path]:
    """One database, made and stopped, to be copied."""
    for folder in short_folder():
        with postgres.Embedded(folder):
            pass
        yield folder


@pytest.fixture
def made(root: Path, pattern: Path) -> Path:
    """A root whose database was made and stopped."""
    subprocess.run(["/bin/cp", "-a", f"{pattern}/.", root], check=True)
    return root


@pytest.fixture(scope="module")
def running() -> Iterator[postgres.Embedded]:
    """A database for tests that only look."""
    for folder in short_folder():
        with postgres.Embedded(folder) as database:
            yield database


@pytest.fixture
def supervisors() -> Iterator[Supervisors]:
    started = Supervisors()
    yield started
    started.close()


@pytest.fixture
def stranger() -> Iterator[Callable[[Path], "subprocess.Popen[bytes]"]]:
    """A process of the user who owns a path: PostgreSQL ignores the pids of other users."""
    started: list[subprocess.Popen[bytes]] = []

    def start(owned: Path) -> "subprocess.Popen[bytes]":
        owner = owned.stat()
        as_owner: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
        started.append(subprocess.Popen(["/bin/sleep", "300"], cwd="/", **as_owner))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
