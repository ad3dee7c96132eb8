"""From the commit of an import of 1 000 payments to 500 open live pages: how long until each shows its own."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.camt_file import write
from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, draft, office, scratch
from benchmarks.web import Web, percentile, serving

INVOICES, PAGES, PAYMENTS = 5_000, 500, 1_000
ACCOUNT = "SE4550000000058398257466"
LONGEST_WAIT_SECONDS = 60
SETTLED = b"allocation-"
"""The key of a payment in a page's history; none of the pages has one before."""

# In a process of its own, as the worker is.
_IMPORT = """
import sys
import django
django.setup()
from kvit.banking import jobs
from kvit.base import job
from kvit.base.command import Ctx
from benchmarks.office import NOW
ctx = Ctx(tenant_id=int(sys.argv[1]), actor="benchmark", now=NOW)
with open(sys.argv[2], "rb") as source:
    jobs.import_file(ctx, source, name="camt053.xml")
job.run_until_empty(slow_too=False)
"""


@dataclass
class Office:
    """What is measured: the tokens of the open pages, and a bank file that pays their invoices among others."""

    tenant_id: int
    tokens: list[str]
    file: Path
    commits: list[float] = field(default_factory=list)


def measure() -> Iterator[Figure]:
    """Every page is of another invoice, so that no fragment serves two of them: the worst case."""
    with scratch() as folder, office(folder):
        made = _populated(folder)
        with serving() as web:
            waits, processor = asyncio.run(_watched(web, made))
            yield Figure("live pages open", len(waits), "pages", goal=PAGES)
            yield Figure("commit to browser, median", percentile(waits, 50), "ms")
            yield Figure("commit to browser, p99", percentile(waits, 99), "ms", goal=1000, at_least=False)
            yield Figure("processor time of the web process per changed page", processor * 1000 / PAGES, "ms")


def _populated(folder: Path) -> Office:
    from kvit.banking import commands as banking
    from kvit.base import tenant
    from kvit.invoicing import commands as invoicing
    from kvit.invoicing import queries
    from kvit.pages.buyers.tokens import new_token

    ctx = company("live")
    ids = draft(ctx, [customer_id for customer_id, _ in customers(ctx, 1000)], INVOICES)
    for first in range(0, INVOICES, 1000):
        invoicing.issue_invoices(ctx, invoice_ids=tuple(ids[first : first + 1000]), issue_date=NOW.date())
    banking.open_bank_account(ctx, number=ACCOUNT, currency="SEK", name="Main account")
    tokens = [new_token() for _ in range(PAGES)]
    for invoice_id, token in zip(ids, tokens, strict=False):
        invoicing.open_link(ctx, invoice_id=invoice_id, token=token, valid_days=3650)
    with tenant.scope(ctx.tenant_id):
        owed = [(i.payment_reference or "", i.gross_minor) for i in queries.invoices(ids[:PAYMENTS])]
    file = folder / "camt053.xml"
    write(
        file,
        references=[reference for reference, _ in owed],
        amount_minor=lambda number: owed[number][1],
        account=ACCOUNT,
        day=NOW.date(),
    )
    return Office(ctx.tenant_id, tokens, file)


async def _watched(web: Web, made: Office) -> tuple[list[float], float]:
    """(ms from commit to arrival of each page, processor seconds of the web process meanwhile)."""
    opened = asyncio.Semaphore(20)
    ready: list[asyncio.Event] = [asyncio.Event() for _ in made.tokens]
    pages = [asyncio.create_task(_page(web, t, opened, r)) for t, r in zip(made.tokens, ready, strict=True)]
    await asyncio.gather(*(each.wait() for each in ready))
    stop = threading.Event()
    listening = threading.Event()
    listener = threading.Thread(target=_listen, args=(made.commits, listening, stop))
    listener.start()
    await asyncio.to_thread(listening.wait)
    before = web.processor_seconds()
    command = [sys.executable, "-c", _IMPORT, str(made.tenant_id), str(made.file)]
    importing = await asyncio.create_subprocess_exec(*command, env=os.environ)
    try:
        arrived = await asyncio.wait_for(asyncio.gather(*pages), LONGEST_WAIT_SECONDS)
    finally:
        if await importing.wait():
            raise subprocess.CalledProcessError(importing.returncode or 1, command)
        stop.set()
        listener.join()
    (committed,) = made.commits
    return [(at - committed) * 1000 for at in arrived], web.processor_seconds() - before


async def _page(web: Web, token: str, opened: asyncio.Semaphore, ready: asyncio.Event) -> float:
    """One open page: when it was sent the fragment with the payment."""
    async with opened:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port, limit=1 << 20)
        writer.write(
            f"GET /events/invoice/{token}/?language=sv HTTP/1.1\r\nHost: localhost:{web.port}\r\n\r\n".encode()
        )
        await reader.readuntil(b"event: fragment\n")
        ready.set()
    while True:
        if SETTLED in await reader.readline():
            at = time.perf_counter()
            writer.close()
            return at


def _listen(commits: list[float], listening: threading.Event, stop: threading.Event) -> None:
    """When the links were committed: PostgreSQL tells listeners right then."""
    import psycopg
    from django.db import connections

    given = connections["default"].get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as connection:
        connection.execute("LISTEN kvit_event")
        listening.set()
        while not stop.is_set():
            for told in connection.notifies(timeout=0.5):
                if "matching.PaymentsLinked" in told.payload:
                    commits.append(time.perf_counter())
