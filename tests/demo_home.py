"""Homes of installations, and a running `kvit demo` or `kvit up` in one, as in a terminal."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import browsing
import patience
from browsing import free_port

SHARED_FOLDER = "KVIT_TEST_SHARED_FOLDER"
"""The variable that names a folder of all processes of a run of the tests."""


@dataclass(frozen=True)
class Running:
    """A process that serves pages, where they are, and its home."""

    process: subprocess.Popen[bytes]
    address: str
    home: Path


@contextmanager
def home(*, is_empty: bool = False) -> Iterator[Path]:
    """A folder for an installation: a copy of one that was migrated, or an empty one."""
    made = Path(tempfile.mkdtemp(prefix="kvit-demo-", dir="/tmp"))
    made.chmod(0o755)
    if not is_empty:
        subprocess.run(["cp", "-a", f"{_migrated()}/.", str(made)], check=True)  # with who owns what
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _migrated() -> Path:
    """What `kvit migrate` makes of an empty folder: made once for all processes of a run of the tests."""
    shared = Path(os.environ[SHARED_FOLDER])
    done = shared / "migrated"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            begun = shared / "begun"
            begun.mkdir()
            begun.chmod(0o755)
            command = [sys.executable, "-P", "-c", "from kvit.cli.main import run; run()", "migrate"]
            subprocess.run(command, env=environment(begun), stdin=subprocess.DEVNULL, check=True, capture_output=True)
            _wait_for_the_server_to_end(begun)
            begun.rename(done)
    return done


def _wait_for_the_server_to_end(place: Path) -> None:
    if not patience.until(lambda: not list(place.glob("**/postmaster.pid"))):
        raise RuntimeError("the server of the migrated installation still runs")


def environment(place: Path) -> dict[str, str]:
    """What a shell without anything of Kvit's would give."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KVIT_", "DJANGO_")) or k == "KVIT_PG_BIN"}
    path = os.pathsep.join(p for p in sys.path if p)
    return {**kept, "KVIT_HOME": str(place), "KVIT_NO_BROWSER": "1", "PYTHONPATH": path}


@contextmanager
def running(place: Path, *words: str, **given: str) -> Iterator[Running]:
    """`kvit …` in an environment with what is `given`, once its pages answer; stopped by Ctrl-C at the end."""
    port = free_port()
    command = [sys.executable, "-P", "-c", "from kvit.cli.main import run; run()", *words, "--port", str(port)]
    with (place / "said").open("wb") as said:
        process = subprocess.Popen(
            command, env={**environment(place), **given}, stdin=subprocess.DEVNULL, stdout=said, start_new_session=True
        )
    try:
        browsing.wait_until_ready(process, f"http://localhost:{port}/health/")
        yield Running(process, f"http://localhost:{port}", place)
    finally:
        process.terminate()
        try:
            process.wait(patience.SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_said(found: Running, words: str) -> None:
    """The terminal says where to go only after the pages answer."""
    if not patience.until(lambda: words in (found.home / "said").read_text()):
        raise RuntimeError(f"it never said {words}")
