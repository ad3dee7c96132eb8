"""How long a month of 100 000 entries takes to be claimed and written as SIE 4, CSV, XLSX and JPK-ready CSV."""

import resource
import time
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, office, scratch, settle

if TYPE_CHECKING:
    from kvit.base.command import Ctx

ENTRIES, CHUNK = 100_000, 1000
_TEXT, _SHEET = 15, 45  # seconds; a sheet has two million cells, each of which the library makes an object of


def measure() -> Iterator[Figure]:
    """Entries of two lines on 2 000 parties, all of one month; the books were vacuumed since they were written."""
    with scratch() as folder, office(folder):
        from kvit.base import tenant
        from kvit.ledger import commands as ledger
        from kvit.ledger import jobs, queries
        from kvit.ledger.domain.exports import ExportFormat

        ctx = company("books")
        _post(ctx, [party_id for _, party_id in customers(ctx, 2000)])
        settle()
        first, last = NOW.date().replace(day=1), NOW.date()
        start = time.perf_counter()
        opened = ledger.open_export(ctx, from_date=first, to_date=last, formats=(ExportFormat.SIE,))
        yield _figure("100 000 entries claimed and numbered", start, goal=5)
        with tenant.scope(ctx.tenant_id):
            export = queries.export(opened.export_id)
            accounts = {a.account_id: a.mapped for a in queries.mapped_accounts() if a.mapped is not None}
        if export is None or export.entry_count != ENTRIES:
            raise RuntimeError("not every entry was exported")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for kind in ExportFormat:
            start = time.perf_counter()
            _write(ctx, export, kind, accounts, jobs)
            yield _figure(
                f"100 000 entries as {kind.value}", start, goal=_SHEET if kind is ExportFormat.XLSX else _TEXT
            )
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        yield Figure("memory grown by writing them", grown, "MiB", goal=96, at_least=False)


def _figure(name: str, start: float, *, goal: float) -> Figure:
    return Figure(name, time.perf_counter() - start, "s", goal=goal, at_least=False)


def _write(ctx: "Ctx", export: object, kind: object, accounts: object, jobs: object) -> None:
    """Written to a temporary file as the job does, not kept."""
    import tempfile
    from dataclasses import replace

    from kvit.base import tenant

    with tenant.scope(ctx.tenant_id):
        for plan in jobs._plans(ctx, replace(export, formats=(kind,)), accounts):  # type: ignore[attr-defined,type-var]
            with tempfile.TemporaryFile() as out:
                plan.write(out)


def _post(ctx: "Ctx", parties: list[int]) -> None:
    from kvit.ledger import commands as ledger
    from kvit.ledger.domain import Accounts, Posting, PostingLine

    def posting(number: int) -> Posting:
        amount, party = 100 + number % 9999, parties[number * 7919 % len(parties)]
        day = date(2026, 3, 1 + number % 2)
        lines = (
            PostingLine(Accounts.RECEIVABLE, amount, "SEK", party_id=party, due_date=day),
            PostingLine(Accounts.SALES, -amount, "SEK"),
        )
        return Posting(day, "sale", "invoice", number, lines)

    for start in range(0, ENTRIES, CHUNK):
        ledger.post(ctx, postings=tuple(posting(n) for n in range(start, start + CHUNK)))
