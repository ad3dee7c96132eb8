"""Other processes that supervise an embedded PostgreSQL, to be killed, raced and shared with."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import psycopg

import kvit
import patience
from kvit.base import postgres

# Where another interpreter finds us and our driver.
IMPORTS = [str(Path(module.__file__ or "").parents[1]) for module in (kvit, psycopg)]

# Says "<supervising> <pid of the server>", then waits for the end of its input.
SCRIPT = """
import os, sys
from kvit.base import postgres
from kvit.base.postgres import folder, process
{prelude}
database = postgres.Embedded(sys.argv[1]).{how}()
print(database.supervising, database.pid, flush=True)
{then}
sys.stdin.read()
database.stop()
"""


class Supervisor:
    """Another process with an `Embedded`: what it said, and how it ends."""

    def __init__(self, root: Path, *, script: str, user: str | None, python: str) -> None:
        self._errors: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed by close()
        as_user: dict[str, Any] = {"user": user, "extra_groups": [], "cwd": "/"} if user else {}
        self.process = subprocess.Popen(
            [python, "-c", script, str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(IMPORTS), "PYTHONDONTWRITEBYTECODE": "1"},
            **as_user,
        )

    def said(self) -> tuple[bool, int]:
        """Whether it supervises, and the server's pid; waits for the server to be ready."""
        words = self.line().split()
        if len(words) != 2:
            raise AssertionError(self.complaint())
        return words[0] == "True", int(words[1])

    def line(self) -> str:
        """The next line of its output."""
        assert self.process.stdout is not None
        return str(self.process.stdout.readline())

    def complaint(self) -> str:
        """Its standard error, once it has ended."""
        self.process.wait(timeout=patience.SECONDS)
        self._errors.seek(0)
        return self._errors.read()

    def leave(self) -> None:
        """Let it stop in an orderly way."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=patience.SECONDS)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait(timeout=patience.SECONDS)

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.leave()
        for stream in (self.process.stdin, self.process.stdout, self._errors):
            if stream is not None:
                stream.close()


class Supervisors:
    """Starts them."""

    def __init__(self) -> None:
        self._started: list[Supervisor] = []

    def start(
        self,
        root: Path,
        *,
        how: str = "start",
        prelude: str = "",
        then: str = "",
        user: str | None = None,
        python: str | None = None,
    ) -> Supervisor:
        """One more; `prelude` is code that runs in it before the start, `then` after it."""
        script = SCRIPT.format(how=how, prelude=prelude, then=then)
        self._started.append(Supervisor(root, script=script, user=user, python=python or sys.executable))
        return self._started[-1]

    def close(self) -> None:
        """End those that still run."""
        for supervisor in self._started:
            supervisor.close()


def connect(parameters: dict[str, Any], *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """A connection."""
    return psycopg.connect(autocommit=autocommit, **parameters)


def ask(database: postgres.Embedded, statement: str) -> Any:
    """The first value of the first row of a statement by the superuser, None without one; committed."""
    with connect(database.superuser_parameters()) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None
