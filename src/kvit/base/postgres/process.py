"""Processes of PostgreSQL: started so that they do not outlive us, and told apart from strangers."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from kvit.base.postgres import launch
from kvit.base.postgres.account import Account

POLL_SECONDS = 0.02


def environment() -> dict[str, str]:
    """What the server sees: nothing of ours, since PGPORT, PGDATA, TZ or LANG would change what it does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def launcher(account: Account | None, *, death_signal: signal.Signals) -> list[str]:
    """The words to put before a command so that it runs as `account` and gets `death_signal` when we die."""
    uid, gid = (account.uid, account.gid) if account else (-1, -1)
    words = [os.getpid(), int(death_signal), uid, gid]
    return [sys.executable, "-I", "-S", str(launch.__file__), *map(str, words)]


class Child:
    """A running server, kept by a thread of its own.

    The kernel sends the death signal when the *thread* that started a process ends, so a server started
    from a short-lived thread would be stopped with it. The keeper lives as long as the process, and reaps
    at once.
    """

    def __init__(self, command: list[str], *, account: Account | None, output: int, cwd: Path) -> None:
        self._command = [*launcher(account, death_signal=signal.SIGINT), *command]
        self._output = output
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None
        self._problem: OSError | None = None
        self._spawned = threading.Event()
        self._gone = threading.Event()
        threading.Thread(target=self._keep, name="postgres-keeper", daemon=True).start()
        self._spawned.wait()
        if self._problem is not None:
            raise self._problem

    def _keep(self) -> None:
        try:
            # A session of its own: Ctrl-C in the terminal is for the application, which then stops us.
            self._process = subprocess.Popen(  # noqa: S603  # the package's own command
                self._command,
                cwd=self._cwd,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                start_new_session=True,
            )
        except OSError as problem:
            self._problem = problem
            return
        finally:
            self._spawned.set()
        self._process.wait()
        self._gone.set()

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._started.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._gone.is_set()

    @property
    def outcome(self) -> str:
        """How it ended, in words."""
        code = self._started.returncode
        return f"was killed by {signal.Signals(-code).name}" if code and code < 0 else f"exited with {code}"

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the server's process was not started")
        return self._process

    def stop(self, timeout_seconds: float) -> None:
        """Fast shutdown; if that takes too long, immediate shutdown, which costs a recovery but no data."""
        for how, patience in (
            (signal.SIGINT, timeout_seconds),
            (signal.SIGQUIT, 10.0),
            (signal.SIGKILL, 10.0),
        ):
            if self._gone.is_set():
                return
            self._started.send_signal(how)
            self._gone.wait(patience)


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*)."""

    pid: int
    socket_folder: str
    status: str

    @property
    def ready(self) -> bool:
        """Whether it takes connections."""
        return self.status == "ready"


def read_postmaster(data: Path) -> Postmaster | None:
    """The postmaster that the data folder names, maybe dead long since; None without a readable pid file."""
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
        pid = abs(int(lines[0]))  # a negative pid marks a stand-alone backend
    except (FileNotFoundError, ValueError):
        return None
    padded = [line.strip() for line in lines] + [""] * 8
    return Postmaster(pid=pid, socket_folder=padded[4], status=padded[7])


def works_on(pid: int, data: Path) -> bool:
    """Whether `pid` is a living server of exactly this data folder.

    Neither a zombie nor another program that got the pid since counts, and above all not another
    PostgreSQL.
    """
    if sys.platform != "linux":
        listed = subprocess.run(  # noqa: S603  # fixed program and a number
            ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        return bool(listed) and not listed.startswith("Z") and str(data) in listed
    process = Path(f"/proc/{pid}")
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        if state in "ZX":
            return False
        try:
            return (process / "cwd").samefile(data)  # a postmaster changes to its data folder
        except PermissionError:
            return os.fsencode(data) in (process / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False


def exists(pid: int) -> bool:
    """Whether PostgreSQL, which asks no more than this, takes `pid` for a running server."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stop_orphan(pid: int, data: Path, *, timeout_seconds: float) -> bool:
    """Stop a server whose supervisor is gone; whether it ended. Raises PermissionError for another user's."""
    for how, patience in ((signal.SIGINT, timeout_seconds), (signal.SIGQUIT, 10.0)):
        if not works_on(pid, data):
            return True
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return True
        end = time.monotonic() + patience
        while works_on(pid, data) and time.monotonic() < end:
            time.sleep(POLL_SECONDS)
    return not works_on(pid, data)
