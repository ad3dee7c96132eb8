"""A simulated year of untidy payments at full size: every automatic link judged by what the payers meant.

`python -m benchmarks year` plays a company like the demo's telecom day by day with the jobs of a worker, its robot live
from the first day, and a clerk who decides the rest a day later; then once more for half a year in which slips go into
the wrong envelopes for three weeks.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from benchmarks.figures import Figure
from benchmarks.office import office, scratch

if TYPE_CHECKING:
    from datetime import date

    from kvit.world.companies import Company
    from kvit.world.days import Player
    from kvit.world.founding import Simulated

CUSTOMERS, DAYS = 300, 365
CROSSED_FROM, CROSSED_DAYS, CLEAN_AFTER = 75, 21, 104
WRITE_OFF = 3000
PRECISION, STRAIGHT_THROUGH = 99.95, 94.0
MOST_TOLD = 20


def measure(*words: str) -> Iterator[Figure]:
    """Precision and straight-through of a year, with their goals; then whether confident errors tighten the robot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks year")
    parser.add_argument("--like", default="nordljus", help="the demo's company whose trade and bank it has")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--days", type=int, default=DAYS)
    wanted = parser.parse_args(words)
    os.environ["KVIT_TEST_MODE"] = "1"
    with scratch() as folder, office(folder):
        from kvit.world.companies import COMPANIES, Payers

        like = COMPANIES[wanted.like]
        untidy = replace(like, code="untidy", payers=Payers.UNTIDY)
        with mock.patch.dict(COMPANIES, {untidy.code: untidy}):
            yield from _year(folder / "world", untidy, wanted.customers, wanted.days)
        crossing = replace(like, code="crossed", payers=Payers.UNTIDY, crossed=_crossed())
        with mock.patch.dict(COMPANIES, {crossing.code: crossing}):
            yield from _errors(folder / "world", crossing, max(wanted.customers // 4, 30))


def _year(folder: Path, company: "Company", customers: int, days: int) -> Iterator[Figure]:
    from kvit.world import judging

    start, worked = time.perf_counter(), time.process_time()
    simulated = _opened(company, customers)
    player = _player(folder, simulated)
    player.go_on(days)
    record = judging.record(simulated)
    _check(simulated)
    verdicts = Counter(ruling.verdict.value for ruling in record.rulings)
    print(f"{len(record.rulings)} automatic links: {dict(verdicts)}", file=sys.stderr)
    for ruling in record.wrong[:MOST_TOLD]:
        print(f"wrong: {ruling}", file=sys.stderr)
    name = f"{days} days, {customers} untidy customers, {record.payments} payments of invoices"
    yield Figure(f"{name}: precision of automatic links", record.precision_ppm / 10_000, "%", goal=PRECISION)
    yield Figure(f"{name}: straight through", record.straight_through_ppm / 10_000, "%", goal=STRAIGHT_THROUGH)
    of_all = 100 * record.straight / max(record.credits, 1)
    yield Figure(f"straight through of all {record.credits} credits, those of no invoice counted in", of_all, "%")
    yield Figure("that year", time.perf_counter() - start, "s")
    yield Figure("processor time of that, without the server's", time.process_time() - worked, "s")


def _errors(folder: Path, company: "Company", customers: int) -> Iterator[Figure]:
    """Confident errors for three weeks, undone as wrong once payers call."""
    from kvit.base import tenant
    from kvit.matching import queries
    from kvit.world import judging

    simulated = _opened(company, customers)
    player = _player(folder, simulated)
    player.go_on(CROSSED_FROM + CROSSED_DAYS + 10)
    with tenant.scope(simulated.tenant_id):
        during = queries.state_of_the_robot()
    wrong = len(judging.record(simulated).wrong)
    yield Figure(f"asked of the robot after {wrong} planted errors", during.in_force_ppm / 10_000, "%", goal=99.9801)
    player.go_on(CLEAN_AFTER)
    with tenant.scope(simulated.tenant_id):
        after = queries.state_of_the_robot()
    asked = after.in_force_ppm / 10_000
    yield Figure("asked of it once its window is clean", asked, "%", goal=99.98, at_least=False)
    _check(simulated)


def _crossed() -> "tuple[date, date]":
    """The weeks in which slips go into the wrong envelopes, counted from the clock's today."""
    from kvit.base import clock

    first = clock.current().now().date() + timedelta(days=CROSSED_FROM)
    return first, first + timedelta(days=CROSSED_DAYS)


def _opened(company: "Company", customers: int) -> "Simulated":
    """The company opened today, its robot live; small rests are written off."""
    from kvit.base import clock
    from kvit.base.command import Ctx
    from kvit.matching import commands
    from kvit.matching.domain import RobotRule
    from kvit.world import founding
    from kvit.world.commands import Founding
    from kvit.world.days import SEED

    now = clock.current().now()
    wanted = Founding(company.code, SEED, customers, now.date(), now.date())
    simulated = founding.open_company(wanted, actor="benchmark", now=now)
    ctx = Ctx(tenant_id=simulated.tenant_id, actor="benchmark", now=now)
    commands.set_rule(ctx, rule=RobotRule(write_off_up_to_minor=WRITE_OFF), reason="small rests")
    return simulated


def _player(folder: Path, simulated: "Simulated") -> "Player":
    """Each day the worker's jobs, then the clerk."""
    from kvit.banking.jobs import import_file
    from kvit.base import clock, job
    from kvit.base.command import Ctx
    from kvit.world import clerk
    from kvit.world.days import BankFolder, Player

    def settle() -> None:
        job.run_until_empty(slow_too=False)
        now = clock.current().now()
        clerk.work_a_day(Ctx(tenant_id=simulated.tenant_id, actor="user:clerk", now=now), simulated, now.date())

    return Player([simulated], BankFolder(folder, import_file), "benchmark", settle=settle)


def _check(simulated: "Simulated") -> None:
    """Sound books, or the figures are worth nothing."""
    from kvit.cli.actions import verification

    if found := verification.problems_of(simulated.tenant_id):
        raise RuntimeError(f"{simulated.company.code}: the books are not sound: {found[:3]}")
