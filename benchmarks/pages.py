"""What a page costs with 100 000 invoices in the database: processor time, waiting time at half load, bytes."""

import asyncio
import gzip
import itertools
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.camt_file import write
from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, draft, office, scratch
from benchmarks.web import Browser, Web, once, percentile, serving, signed_in

if TYPE_CHECKING:
    pass

INVOICES, CUSTOMERS, PAID, UNKNOWN = 100_000, 20_000, 5_000, 200
ACCOUNT = "SE4550000000058398257466"
WARM_UP, ROUNDS, ASKED = 40, 9, 50
CLIENTS, SATURATED_SECONDS, HALF_SECONDS = 8, 10, 20


@dataclass(frozen=True)
class Site:
    """A populated company: the pages that are measured by name, and the cookie of who looks."""

    pages: dict[str, str]
    cookie: str
    live: str


def measure() -> Iterator[Figure]:
    """A clerk's home, a customer, the list of invoices; a payer's live invoice; all compressed, as browsers ask."""
    with scratch() as folder, office(folder):
        site = _populated(folder)
        with serving() as web:
            for name, path in {**site.pages, "live invoice": site.live}.items():
                yield Figure(
                    f"processor time of a page: {name}",
                    asyncio.run(_cost_ms(web, path, site.cookie)),
                    "ms",
                    goal=None if name == "live invoice" else 8,
                    at_least=False,
                )
            saturation = asyncio.run(_saturation(web, site))
            yield Figure("pages answered at saturation", saturation, "pages/s")
            waits = asyncio.run(_at_rate(web, site, saturation / 2))
            yield Figure("page at half of saturation, p99", percentile(waits, 99), "ms", goal=100, at_least=False)
            for name, path in {"home": site.pages["home"], "live invoice": site.live}.items():
                sent, unpacked = asyncio.run(_weight(web, path, site.cookie))
                yield Figure(f"first view of {name}, compressed, without fonts", sent, "kB", goal=40, at_least=False)
                yield Figure(f"{name}, unpacked, without fonts", unpacked, "kB", goal=150, at_least=False)


def _populated(folder: Path) -> Site:
    from kvit.banking import commands as banking
    from kvit.banking import jobs
    from kvit.base import job, tenant
    from kvit.invoicing import commands as invoicing
    from kvit.invoicing import queries
    from kvit.pages.buyers.tokens import new_token

    ctx = company("pages")
    people = customers(ctx, CUSTOMERS)
    ids = draft(ctx, [customer_id for customer_id, _ in people], INVOICES)
    for first in range(0, INVOICES, 1000):
        invoicing.issue_invoices(ctx, invoice_ids=tuple(ids[first : first + 1000]), issue_date=NOW.date())
    banking.open_bank_account(ctx, number=ACCOUNT, currency="SEK", name="Main account")
    with tenant.scope(ctx.tenant_id):
        owed = [(i.payment_reference or "", i.gross_minor) for i in queries.invoices(ids[:PAID])]
    owed += [(f"9{n:09d}", 10_000 + n) for n in range(UNKNOWN)]
    file = folder / "camt053.xml"
    write(
        file,
        references=[reference for reference, _ in owed],
        amount_minor=lambda number: owed[number][1],
        account=ACCOUNT,
        day=NOW.date(),
    )
    with file.open("rb") as source:
        jobs.import_file(ctx, source, name="camt053.xml")
    job.run_until_empty(slow_too=False)
    token = new_token()
    invoicing.open_link(ctx, invoice_id=ids[-1], token=token, valid_days=3650)
    _analyse()
    pages = {"home": "/desk/", "customer": f"/desk/customers/{people[0][0]}/", "invoices": "/desk/invoices/"}
    return Site(pages, signed_in(ctx), f"/i/{token}/")


def _analyse() -> None:
    """What autovacuum does within a minute of such a growth."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


async def _cost_ms(web: Web, path: str, cookie: str) -> float:
    """Processor time of the web process per page, one asked after the other: the median of several rounds."""
    browser = Browser(web.port, cookie)
    for _ in range(WARM_UP):
        answer = await browser.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
    rounds = []
    for _ in range(ROUNDS):
        before = web.processor_seconds()
        for _ in range(ASKED):
            await browser.get(path)
        rounds.append((web.processor_seconds() - before) * 1000 / ASKED)
    await browser.close()
    return statistics.median(rounds)


async def _saturation(web: Web, site: Site) -> float:
    """Pages per second when somebody always waits."""
    paths = itertools.cycle(site.pages.values())
    end = time.perf_counter() + SATURATED_SECONDS
    done = 0

    async def ask() -> None:
        nonlocal done
        browser = Browser(web.port, site.cookie)
        while time.perf_counter() < end:
            await browser.get(next(paths))
            done += 1
        await browser.close()

    start = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(CLIENTS)))
    return done / (time.perf_counter() - start)


async def _at_rate(web: Web, site: Site, per_second: float) -> list[float]:
    """How long each page took from when it was due to be asked for, in ms: waiting for a connection counts."""
    paths = itertools.cycle(site.pages.values())
    idle: list[Browser] = []
    waits: list[float] = []

    async def ask(path: str, due: float) -> None:
        browser = idle.pop() if idle else Browser(web.port, site.cookie)
        await browser.get(path)
        waits.append((time.perf_counter() - due) * 1000)
        idle.append(browser)

    start = time.perf_counter()
    asked = []
    for number in range(int(per_second * HALF_SECONDS)):
        due = start + number / per_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(ask(next(paths), due)))
    await asyncio.gather(*asked)
    for browser in idle:
        await browser.close()
    return waits


async def _weight(web: Web, path: str, cookie: str) -> tuple[float, float]:
    """kB of the page with its stylesheets, scripts and icon: (as sent, unpacked)."""
    page = await once(web.port, path, cookie)
    html = gzip.decompress(page.body)
    files = set(re.findall(rb'(?:src|href)="(/static/[^"]+)"', html))
    parts = [page, *[await once(web.port, file.decode(), cookie) for file in files]]
    unpacked = [gzip.decompress(p.body) if b"gzip" in p.headers.lower() else p.body for p in parts]
    return sum(len(p.body) for p in parts) / 1000, sum(map(len, unpacked)) / 1000
