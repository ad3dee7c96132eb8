"""The simulated world at its full size: how long the demo takes to stand, and a year of one company day by day."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.office import office, scratch

CODE = "nordljus"
DAYS = 365


def measure() -> Iterator[Figure]:
    """The demo's four companies with 60 days of a past; then a year of its telecom, 300 customers."""
    os.environ["KVIT_TEST_MODE"] = "1"
    with scratch() as folder, office(folder):
        from kvit.cli.actions import world

        files = folder / "world"
        start, worked = time.perf_counter(), time.process_time()
        companies = world.populate(files)
        yield Figure("the demo's companies stand", time.perf_counter() - start, "s", goal=20, at_least=False)
        yield Figure("processor time of that, without the server's", time.process_time() - worked, "s")
        for simulated in companies:
            _check(simulated.company.code)
        yield from _year(files)


def _year(files: Path) -> Iterator[Figure]:
    from kvit.cli.actions import world

    start, worked = time.perf_counter(), time.process_time()
    player = world.run(files, days=DAYS, code=CODE)
    taken = time.perf_counter() - start
    played = player.played[CODE]
    if len(played) != DAYS:
        raise RuntimeError(f"{len(played)} days were played instead of {DAYS}")
    _check(CODE)
    moved = sum(day.movements for day in played)
    yield Figure(f"a simulated year: {moved} bank movements, {sum(d.issued for d in played)} invoices", taken, "s")
    yield Figure("processor time of that, without the server's", time.process_time() - worked, "s")


def _check(code: str) -> None:
    """Sound books, every movement booked or asking, no wrong link; else the figures are worth nothing."""
    from kvit.cli.actions import verification
    from kvit.world import founding, truth

    simulated = founding.load(code)
    report = truth.report(simulated)
    if verification.problems_of(simulated.tenant_id) or report.lost or report.neither or report.wrong:
        raise RuntimeError(f"{code}: the books are not sound, or a payment is neither booked nor asking, or wrong")
