"""An installation of its own, driven as a person drives it: by the `kvit` command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import demo_home


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Installation:
    """A home folder with an embedded server in it."""

    home: Path
    company: str = ""

    def kvit(self, *words: str) -> Answer:
        return self._run("from kvit.cli.main import run; run()", *words)

    def python(self, script: str) -> Answer:
        """Run a script in the installation: what the command line does not offer, in one process."""
        answer = self._run(script)
        assert answer.code == 0, answer.err
        return answer

    def _run(self, script: str, *words: str) -> Answer:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KVIT_", "DJANGO_"))}
        bin_of_server = {k: v for k, v in os.environ.items() if k == "KVIT_PG_BIN"}
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            env={**kept, **bin_of_server, "KVIT_HOME": str(self.home), "KVIT_COMPANY": self.company},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def ok(self, *words: str) -> Answer:
        answer = self.kvit(*words)
        assert answer.code == 0, f"kvit {' '.join(words)}\n{answer.out}\n{answer.err}"
        return answer


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """A fresh, migrated installation for the tests of one module."""
    with demo_home.home() as home:
        yield Installation(home)
