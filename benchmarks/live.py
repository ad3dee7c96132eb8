"""From the commit of an import of 1 000 payments to 500 open live pages: how long until each shows its own.

And what somebody says about an invoice: how long until the desk and the customer see it, from the moment it is sent.
"""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.camt_file import write
from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, draft, office, scratch
from benchmarks.web import Web, percentile, serving, signed_in

if TYPE_CHECKING:
    from kvit.base.command import Ctx

INVOICES, PAGES, PAYMENTS, WORDS = 5_000, 500, 1_000, 40
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

    ctx: "Ctx"
    ids: list[int]
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
            desk, customer = asyncio.run(_heard(web, made))
            yield Figure("words said to the desk, slowest", max(desk), "ms", goal=2000, at_least=False)
            yield Figure("words said to the customer, slowest", max(customer), "ms", goal=2000, at_least=False)


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
    return Office(ctx, ids[:PAGES], tokens, file)


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
    command = [sys.executable, "-c", _IMPORT, str(made.ctx.tenant_id), str(made.file)]
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
        page = await Page.open(web, f"invoice/{token}")
        ready.set()
    at = await page.shows(SETTLED)
    page.close()
    return at


@dataclass(frozen=True)
class Page:
    """The stream of one open page."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, web: Web, feed: str, *, cookie: str = "") -> "Page":
        """Listen, and wait for the first fragment."""
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port, limit=1 << 20)
        head = f"Host: localhost:{web.port}\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
        writer.write(f"GET /events/{feed}/?language=sv HTTP/1.1\r\n{head}\r\n".encode())
        await reader.readuntil(b"event: fragment\n")
        return cls(reader, writer)

    async def shows(self, wanted: bytes) -> float:
        """When a fragment arrived that has this."""
        while wanted not in await self.reader.readline():
            pass
        return time.perf_counter()

    def close(self) -> None:
        """The window is closed."""
        self.writer.close()


async def _heard(web: Web, made: Office) -> tuple[list[float], list[float]]:
    """(ms from sending to the desk's page, and to the customer's); the two sides speak by turns."""
    from kvit.invoicing import commands as invoicing

    invoice_id, token = made.ids[0], made.tokens[0]
    desk = await Page.open(web, f"claim/{invoice_id}", cookie=await asyncio.to_thread(signed_in, made.ctx))
    customer = await Page.open(web, f"invoice/{token}")
    at_desk, at_customer = [], []
    for number in range(WORDS):
        ctx = replace(made.ctx, actor="link:1") if number % 2 else made.ctx
        said = f"Word number {number}."
        sent = time.perf_counter()
        saying = asyncio.to_thread(invoicing.remark, ctx, invoice_id=invoice_id, words=said)
        _, first, second = await asyncio.gather(saying, *(each.shows(said.encode()) for each in (desk, customer)))
        at_desk.append((first - sent) * 1000)
        at_customer.append((second - sent) * 1000)
    for page in (desk, customer):
        page.close()
    return at_desk, at_customer


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
