"""The database, or the client, is killed in the middle of an import: nothing answered is lost, nothing is doubled.

RELIABILITY scorecard, row 3. Quick form: 4 kills each; with KVIT_SOAK=1 it is 8.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

import patience
from import_client import EXPECTED, Found
from kvit.base import database, postgres
from postgres_supervisors import IMPORTS, connect
from processes import called

pytestmark = [pytest.mark.soak, pytest.mark.database]

KILLS = 8 if os.environ.get("KVIT_SOAK") else 4
TESTS = Path(__file__).resolve().parents[1]
SAFE: dict[str, str | int] = {"fsync": "on", "synchronous_commit": "on", "shared_buffers": "64MB"}
# Nothing but the WAL writer writes the log, and the test stops that: what was answered is in no file yet.
UNSAFE: dict[str, str | int] = {
    **SAFE,
    "synchronous_commit": "off",
    "wal_writer_delay": "10s",
    "wal_buffers": "64MB",
    "bgwriter_lru_maxpages": 0,
    "autovacuum": "off",
    "full_page_writes": "off",
}


@dataclass
class Place:
    """A server of our own on the disk, companies in it, and a file for them to take in."""

    root: Path
    server: postgres.Embedded
    companies: list[int] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.root / "bank.xml"

    def answers(self, company: int) -> Path:
        return self.root / f"answers-{company}"

    def run(self, what: str, *rest: object) -> "subprocess.Popen[str]":
        """Start a client; its words come by pipe, its complaints go to a file."""
        owner = database.make_owner(self.server.superuser_parameters(), dbname="kvit_crash", secret="only for tests")
        with (self.root / "complaints").open("ab") as complaints:
            return subprocess.Popen(
                [sys.executable, str(TESTS / "import_client.py"), what, *map(str, rest)],
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join([*IMPORTS, str(TESTS)]),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "DJANGO_SETTINGS_MODULE": "kvit.settings",
                    "KVIT_HOME": str(self.root / "home"),
                    "KVIT_SECRET_KEY": "only for tests",
                    "KVIT_DATABASE_URL": owner,
                },
            )

    def ask(self, what: str, *rest: object) -> str:
        """Run a client to its end; what it said."""
        client = self.run(what, *rest)
        said, _ = client.communicate(timeout=patience.SECONDS)
        assert client.returncode == 0, (self.root / "complaints").read_text()[-3000:]
        return said

    def check(self, company: int) -> Found:
        found = json.loads(self.ask("check", company, self.answers(company)))
        return Found(found["answered"], tuple(found["lost"]), tuple(found["problems"]), found["counts"])

    def kill_server(self) -> None:
        """SIGKILL to the postmaster and each of its processes; it is stopped first, so that it starts no others."""
        pid = self.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        for child in children(pid):
            os.kill(child, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)

    def stop_wal_writer(self) -> None:
        """Keep it from its work; since version 16 its delay would do, before that each full page wakes it."""
        assert self.server.pid is not None
        (writer,) = [pid for pid in children(self.server.pid) if b"walwriter" in called(pid)]
        os.kill(writer, signal.SIGSTOP)

    def bring_back(self) -> float:
        """Start the server again; how long it took until it answered, in seconds."""
        began = time.monotonic()
        while True:
            self.server.ensure_running()
            try:
                with connect(self.server.superuser_parameters()) as connection:
                    connection.execute("SELECT 1")
                return time.monotonic() - began
            except psycopg.OperationalError:
                assert time.monotonic() - began < patience.SECONDS, "it does not come back"


def children(pid: int) -> list[int]:
    """The processes whose parent this is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    root = Path(tempfile.mkdtemp(prefix="kv-crash-", dir="/tmp"))  # a private folder, short for a socket
    root.chmod(0o755)
    made = Place(root, postgres.Embedded(root / "server", conf=SAFE).start())
    try:
        made.companies = json.loads(made.ask("prepare", made.file))
        yield made
    finally:
        made.server.stop()
        shutil.rmtree(root, ignore_errors=True)


def wait_for_answers(place: Place, company: int, client: "subprocess.Popen[str]", count: int) -> None:
    """Until the client has been given so many answers more, or has ended."""
    path = place.answers(company)
    before = lines_in(path)
    while client.poll() is None and lines_in(path) < before + count:
        time.sleep(0.002)


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def moments(seed: int) -> Iterator[tuple[int, float]]:
    """When to kill: after how many answers, and how many seconds later; all over the import and the matching."""
    chance = random.Random(seed)
    for number in range(KILLS):
        yield chance.randint(1 + 40 * number // KILLS, 40 * (number + 1) // KILLS), chance.uniform(0, 0.02)


def finish(place: Place, company: int) -> None:
    assert place.ask("import", place.file, company, place.answers(company)).strip() == "done"


def assert_nothing_lost_or_doubled(found: Found) -> None:
    assert found.answered > 40
    assert (found.lost, found.problems, found.counts) == ((), (), EXPECTED)


class TestAnImport:
    def test_survives_kills_of_the_database(self, place: Place) -> None:
        company = place.companies[0]
        seed = random.randrange(1_000_000)
        print("seed", seed)  # shown when the test fails
        for count, later in moments(seed):
            client = place.run("import", place.file, company, place.answers(company))
            wait_for_answers(place, company, client, count)
            time.sleep(later)
            place.kill_server()
            seconds = place.bring_back()
            print(f"killed after {count} answers, back after {seconds:.2f} s")
            client.communicate(timeout=patience.SECONDS)
            assert place.check(company).lost == ()
        finish(place, company)
        assert_nothing_lost_or_doubled(place.check(company))

    def test_survives_kills_of_the_client(self, place: Place) -> None:
        company = place.companies[1]
        seed = random.randrange(1_000_000)
        print("seed", seed)
        for count, later in moments(seed):
            client = place.run("import", place.file, company, place.answers(company))
            wait_for_answers(place, company, client, count)
            time.sleep(later)
            client.kill()
            client.communicate(timeout=patience.SECONDS)
        finish(place, company)
        assert_nothing_lost_or_doubled(place.check(company))

    def test_changes_nothing_when_it_is_repeated_afterwards(self, place: Place) -> None:
        company = place.companies[1]
        finish(place, company)
        finish(place, company)
        assert_nothing_lost_or_doubled(place.check(company))

    def test_would_lose_answers_if_commits_did_not_wait_for_the_disk(self, place: Place) -> None:
        """Planted fault: synchronous_commit=off. The same check must see it."""
        company = place.companies[2]
        place.server.stop()
        place.server = postgres.Embedded(place.root / "server", conf=UNSAFE).start()
        try:
            with connect(place.server.superuser_parameters(), autocommit=True) as connection:
                connection.execute("SELECT pg_switch_wal()")  # the end of a segment would be written out
            place.stop_wal_writer()
            client = place.run("import", place.file, company, place.answers(company))
            wait_for_answers(place, company, client, 25)
            place.kill_server()
            place.bring_back()
            client.communicate(timeout=patience.SECONDS)
            found = place.check(company)
            assert found.answered >= 25
            assert len(found.lost) >= 10
        finally:
            place.server.stop()
            place.server = postgres.Embedded(place.root / "server", conf=SAFE).start()
