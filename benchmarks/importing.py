"""A camt.053 file of 100 000 lines imported, booked and matched: time, and memory of each process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.camt_file import write
from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, draft, office, scratch

LINES = 100_000
ACCOUNT = "SE4550000000058398257466"

# Each in a process of its own, as the command line and the worker are: so the memory is the import's, or that of a
# worker with the engine, and nothing else's. The high water of the process, since what `getrusage` says begins with
# what the process that started it held. The worker is ready as after its start (`kvit.cli.actions.working`).
_BEGIN = """
import json, sys, time
import django
django.setup()
from kvit.banking import jobs
from kvit.base import job, tenant
from kvit.base.command import Ctx
from kvit.matching import queries
from benchmarks.memory import high_water
from benchmarks.office import NOW
ctx = Ctx(tenant_id=int(sys.argv[1]), actor="benchmark", now=NOW)
"""
_IMPORT = (
    _BEGIN
    + """
start = time.perf_counter()
with open(sys.argv[2], "rb") as source:
    report = jobs.import_file(ctx, source, name="camt053.xml")
print(json.dumps({"taken": time.perf_counter() - start, "lines": sum(s.taken for s in report.statements),
                  "memory": high_water()}))
"""
)
_MATCH = (
    _BEGIN
    + """
from kvit.cli.actions.working import warm_up
warm_up()
start = time.perf_counter()
job.run_until_empty(slow_too=False)
done = time.perf_counter()
with tenant.scope(ctx.tenant_id):
    linked = queries.count_live()
print(json.dumps({"matched": done - start, "linked": linked, "worker_memory": high_water()}))
"""
)


# What issuing left to be done is not the import's.
_CLEAR = _BEGIN + "job.run_until_empty(slow_too=False)\n"


def measure() -> Iterator[Figure]:
    """Every line carries the reference and the amount of one of 100 000 open invoices."""
    with scratch() as folder, office(folder):
        from kvit.banking import commands as banking
        from kvit.base import tenant
        from kvit.invoicing import commands as invoicing
        from kvit.invoicing import queries

        ctx = company("importing")
        ids = draft(ctx, [customer_id for customer_id, _ in customers(ctx, 20_000)], LINES)
        for first in range(0, LINES, 1000):
            invoicing.issue_invoices(ctx, invoice_ids=tuple(ids[first : first + 1000]), issue_date=NOW.date())
        banking.open_bank_account(ctx, number=ACCOUNT, currency="SEK", name="Main account")
        with tenant.scope(ctx.tenant_id):
            owed = [(i.payment_reference or "", i.gross_minor) for i in queries.invoices(ids)]
        file = folder / "camt053.xml"
        _write(file, owed)
        _run(_CLEAR, ctx.tenant_id, file)
        done = imported(ctx.tenant_id, file)
        if done["lines"] != LINES or done["linked"] != LINES:
            raise RuntimeError(f"{done['lines']} lines and {done['linked']} links instead of {LINES}")
        yield Figure("camt.053 of 100 000 lines taken in", done["taken"], "s")
        yield Figure("memory of the process that takes it in", done["memory"], "MB")
        yield Figure("camt.053 of 100 000 lines imported, booked and linked", done["all"], "s", goal=30, at_least=False)
        yield Figure("memory of the worker that links them", done["worker_memory"], "MB", goal=300, at_least=False)


def _write(file: Path, owed: list[tuple[str, int]]) -> None:
    write(
        file,
        references=[reference for reference, _ in owed],
        amount_minor=lambda number: owed[number][1],
        account=ACCOUNT,
        day=NOW.date(),
    )


def imported(tenant_id: int, file: Path) -> dict[str, float]:
    """Import a file, then match it, each in a process of its own.

    Seconds `taken` in, `matched` and of `all`, `lines`, `linked`, megabytes of `memory` and `worker_memory`.
    """
    done: dict[str, float] = {}
    for code in (_IMPORT, _MATCH):
        done |= json.loads(_run(code, tenant_id, file).splitlines()[-1])
    return {**done, "all": done["taken"] + done["matched"]}


def _run(code: str, tenant_id: int, file: Path) -> str:
    command = [sys.executable, "-c", code, str(tenant_id), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout
