"""A running `kvit demo` or `kvit up` with a home of its own, as in a terminal."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from browsing import free_port

STARTS_WITHIN_SECONDS = 120
ENDS_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A process that serves pages, where they are, and its home."""

    process: subprocess.Popen[bytes]
    address: str
    home: Path


@contextmanager
def home() -> Iterator[Path]:
    """A folder for an installation."""
    made = Path(tempfile.mkdtemp(prefix="kvit-demo-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


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
        _wait(process, f"http://localhost:{port}")
        yield Running(process, f"http://localhost:{port}", place)
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_said(found: Running, words: str) -> None:
    """The terminal says where to go only after the pages answer."""
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while words not in (found.home / "said").read_text():
        if time.monotonic() > end:
            raise RuntimeError(f"it never said {words}")
        time.sleep(0.1)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode}")
        try:
            if httpx.get(f"{address}/health/", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("no answer")
