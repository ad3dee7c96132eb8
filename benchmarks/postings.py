"""Postings per second, singly and in chunks, with open items, balances and audit; against bare commits and bare COPY.

Singly is one posting to a command and a transaction that is on disk when it returns, by one client alone. It waits for
each answer before it asks on: client and server never work at once. So they share one core, and no other one has to be
woken for each question and each answer. What the client reaches on all cores, and what several reach at once, is
printed beside it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, office, scratch

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.ledger.domain import Posting

SINGLY, CLIENTS = 4000, 4
CHUNKS, CHUNK = 60, 1000


def measure() -> Iterator[Figure]:
    """Postings of two lines, one of them an open item on one of 2 000 parties."""
    with scratch() as folder, office(folder):
        ctx = company("postings")
        parties = [party_id for _, party_id in customers(ctx, 2000)]
        _post(ctx, parties, rounds=20, size=1)
        spread = SINGLY // 3 / _timed(lambda: _post(ctx, parties, rounds=SINGLY // 3, size=1))
        with _on_one_core(_backend()):
            one = SINGLY // 3 / _timed(lambda: _post(ctx, parties, rounds=SINGLY // 3, size=1, first=SINGLY))
        yield Figure(
            "postings singly, one client alone, on one core",
            one,
            "postings/s",
            goal=1000,
            ratio=one / _bare_commits(SINGLY // 3),
            ratio_to="bare rows of one column, each inserted and committed to disk by one client on one core",
        )
        yield Figure("postings singly, one client alone, on all cores", spread, "postings/s")
        together = _clients(ctx.tenant_id, parties)
        yield Figure(f"postings singly, {CLIENTS} clients at once", together, "postings/s")
        _post(ctx, parties, rounds=3, size=CHUNK)
        chunks = _timed(lambda: _post(ctx, parties, rounds=CHUNKS, size=CHUNK))
        copied = _timed(_copy)
        rate, bare = CHUNKS * CHUNK / chunks, CHUNKS * CHUNK / copied
        yield Figure(
            "postings in chunks of 1000",
            rate,
            "postings/s",
            goal=8000,
            stretch=15000,
            ratio=rate / bare,
            ratio_to="bare COPY of the same entries and lines into tables without keys",
        )


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _backend() -> int:
    """The server's process for this client; 0 where it runs on another machine."""
    from kvit.base import rows

    ((pid,),) = rows.select("SELECT CASE WHEN inet_server_addr() IS NULL THEN pg_backend_pid() ELSE 0 END")
    return int(pid)


@contextmanager
def _on_one_core(backend: int) -> Iterator[None]:
    """This process and the server's on the same core."""
    processes = [pid for pid in (os.getpid(), backend) if pid]
    before = {pid: os.sched_getaffinity(pid) for pid in processes}
    for pid in processes:
        os.sched_setaffinity(pid, {min(before[os.getpid()])})
    try:
        yield
    finally:
        for pid, cores in before.items():
            os.sched_setaffinity(pid, cores)


def _post(ctx: "Ctx", parties: list[int], *, rounds: int, size: int, first: int = 0) -> None:
    from kvit.ledger import commands as ledger

    for number in range(rounds):
        ledger.post(ctx, postings=tuple(_posting(parties, first + number * size + i) for i in range(size)))


def _posting(parties: list[int], number: int) -> "Posting":
    from kvit.ledger.domain import Accounts, Posting, PostingLine

    day, amount, party = NOW.date(), 100 + number % 9999, parties[number * 7919 % len(parties)]
    return Posting(
        day,
        "sale",
        "invoice",
        number,
        (
            PostingLine(Accounts.RECEIVABLE, amount, "SEK", party_id=party, due_date=day),
            PostingLine(Accounts.SALES, -amount, "SEK"),
        ),
    )


def _clients(tenant_id: int, parties: list[int]) -> float:
    """Processes that post at once, each posting a command and a transaction of its own."""
    code = (
        "import sys, django; django.setup()\n"
        "from benchmarks import postings; from benchmarks.office import NOW; from kvit.base.command import Ctx\n"
        f"ctx = Ctx(tenant_id={tenant_id}, actor='client', now=NOW); parties = {parties!r}\n"
        "postings._post(ctx, parties, rounds=20, size=1); print('ready', flush=True); sys.stdin.readline()\n"
        f"postings._post(ctx, parties, rounds={SINGLY // CLIENTS}, size=1, first=int(sys.argv[1]))\n"
    )
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(client * SINGLY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        for client in range(CLIENTS)
    ]
    for client in clients:
        if client.stdout is None or client.stdout.readline() != "ready\n":
            raise RuntimeError("a client did not start")
    start = time.perf_counter()
    for client in clients:
        if client.stdin is not None:
            client.stdin.write("go\n")
            client.stdin.flush()
    codes = [client.wait() for client in clients]
    if any(codes):
        raise RuntimeError("a client failed")
    return SINGLY / (time.perf_counter() - start)


def _bare_commits(rounds: int) -> float:
    """Commits per second that one client reaches when it does nothing else: what disk and protocol allow it."""
    import psycopg

    with psycopg.connect(os.environ["KVIT_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE bare_commit (id bigint)")
        connection.commit()

        def commit_each() -> None:
            for number in range(rounds):
                connection.execute("INSERT INTO bare_commit VALUES (%s)", [number])
                connection.commit()

        with _on_one_core(connection.info.backend_pid):
            return rounds / _timed(commit_each)


def _copy() -> None:
    """The same rows by COPY into tables without keys, triggers or policies: what the disk and protocol allow."""
    import psycopg

    with psycopg.connect(os.environ["KVIT_DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bare_entry (id bigint, tenant_id int, entry_date date, recorded_at timestamptz, kind text,"
            " subject_kind text, subject_id bigint, line_count smallint, command_id bigint)"
        )
        cursor.execute(
            "CREATE TABLE bare_line (tenant_id int, entry_id bigint, position smallint, account_id bigint,"
            " currency text, amount_minor bigint, party_id bigint, due_date date)"
        )
        connection.commit()
        day = NOW.date()
        for chunk in range(CHUNKS):
            with cursor.copy("COPY bare_entry FROM STDIN") as copy:
                for n in range(chunk * CHUNK, (chunk + 1) * CHUNK):
                    copy.write_row((n, 1, day, NOW, "sale", "invoice", n, 2, 1))
            with cursor.copy("COPY bare_line FROM STDIN") as copy:
                for n in range(chunk * CHUNK, (chunk + 1) * CHUNK):
                    copy.write_row((1, n, 1, 1, "SEK", 100, n % 2000, day))
                    copy.write_row((1, n, 2, 2, "SEK", -100, None, None))
            connection.commit()
