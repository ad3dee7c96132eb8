"""Cash application at size: a file against a million open items, candidates for a line, whose a credit could be."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.camt_file import name_of, write
from benchmarks.figures import Figure
from benchmarks.importing import ACCOUNT, imported
from benchmarks.office import NOW, company, customer_name, customers, draft, office, scratch, settle

if TYPE_CHECKING:
    from kvit.base.command import Ctx

ITEMS = 1_000_000
DEBTORS = 100_000
LINES = 100_000
LOOKED_AT = 50
WRONG_EVERY, LEFT_OUT_EVERY, ODD_EVERY = 10, 25, 50
"""Of the lines, every tenth has a wrong digit in its reference, and every twenty-fifth no reference but its customer's
name; every second of those pays an amount that nobody owes."""


def measure(*options: str) -> Iterator[Figure]:
    """`--items N` for fewer open items: what is printed then names the number, and holds no goal of a million."""
    items = int(options[1]) if options[:1] == ("--items",) else ITEMS
    lines = min(LINES, items)
    with scratch() as folder, office(folder):
        from kvit.banking import commands as banking
        from kvit.base import tenant

        ctx = company("cash")
        debtors = customers(ctx, min(DEBTORS, items))
        owed = _owed(ctx, [customer_id for customer_id, _ in debtors], items)
        banking.open_bank_account(ctx, number=ACCOUNT, currency="SEK", name="Main account")
        file = folder / "camt053.xml"
        _write(file, owed, lines=lines, debtors=len(debtors))
        whole = items == ITEMS
        settle()
        done = imported(ctx.tenant_id, file)
        name = f"{lines} lines against {items} open items, imported, matched and booked"
        yield Figure(name, done["all"], "s", goal=60 if whole else None, at_least=False)
        yield Figure(f"share of these lines that the robot linked, of {lines}", done["linked"] / lines, "")
        yield Figure("memory of the worker that matched them", done["worker_memory"], "MB")
        with tenant.scope(ctx.tenant_id):
            yield _candidates(goal=50 if whole else None)
            yield _could_be([party_id for _, party_id in debtors], goal=30 if whole else None)


def _owed(ctx: "Ctx", customer_ids: list[int], items: int) -> list[tuple[str, int]]:
    """References and amounts of so many invoices, issued."""
    from kvit.base import tenant
    from kvit.invoicing import commands as invoicing
    from kvit.invoicing import queries

    ids = draft(ctx, customer_ids, items)
    owed: list[tuple[str, int]] = []
    for first in range(0, items, 1000):
        some = ids[first : first + 1000]
        invoicing.issue_invoices(ctx, invoice_ids=tuple(some), issue_date=NOW.date())
        with tenant.scope(ctx.tenant_id):
            owed += [(row.payment_reference or "", row.gross_minor) for row in queries.invoices(some)]
    return owed


def _write(file: Path, owed: Sequence[tuple[str, int]], *, lines: int, debtors: int) -> None:
    """Payments of so many invoices, spread over all, so that neighbours in the file are strangers in the books."""
    step = len(owed) // lines
    paid = owed[::step][:lines]
    write(
        file,
        references=[_written(number, reference) for number, (reference, _) in enumerate(paid)],
        amount_minor=lambda number: paid[number][1] + (0 if number % ODD_EVERY else 12_34),
        payer=lambda number: name_of(number) if number % LEFT_OUT_EVERY else customer_name(number * step % debtors),
        account=ACCOUNT,
        day=NOW.date(),
    )


def _written(number: int, reference: str) -> str:
    if number % LEFT_OUT_EVERY == 0:
        return ""
    if number % WRONG_EVERY == 0:
        at = 1 + number // WRONG_EVERY % (len(reference) - 1)
        return reference[:at] + str((int(reference[at]) + 1) % 10) + reference[at + 1 :]
    return reference


def _candidates(goal: float | None) -> Figure:
    from kvit.matching import queries

    waiting = queries.waiting_lines()[:LOOKED_AT]
    if not waiting:
        raise RuntimeError("no line waits: nothing to measure")
    taken = sorted(_milliseconds(partial(queries.candidates, line_id)) for line_id in waiting)
    name = f"candidates for a waiting line, the slowest of {len(taken)} (median {statistics.median(taken):.1f} ms)"
    return Figure(name, taken[-1], "ms", goal=goal, at_least=False)


def _could_be(party_ids: Sequence[int], goal: float | None) -> Figure:
    from kvit.matching import queries

    start = time.perf_counter()
    found = queries.could_be(party_ids)
    taken = time.perf_counter() - start
    if not found:
        raise RuntimeError("no credit could be anybody's: nothing was measured")
    return Figure(
        f"could_be for {len(party_ids)} debtors ({len(found)} answers)", taken, "s", goal=goal, at_least=False
    )


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
