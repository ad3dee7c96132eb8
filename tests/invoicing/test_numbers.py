"""Scorecard row 6: numbers are unique and without gaps, whoever writes, gives up or is killed."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from django.db import connections

from cast import in_threads
from invoicing.company import DAY, Company, line
from kvit.base import rows, tenant
from kvit.base.command import Ctx, command
from kvit.invoicing import commands
from kvit.invoicing.domain import Draft
from ledger.sessions import app_session
from soak import long_form

WRITERS = 16
EACH = 40  # more than a writer that is killed comes to


class GivenUpError(RuntimeError):
    """The transaction is rolled back after its document was numbered."""


@dataclass(frozen=True)
class Tried:
    """The number of the document."""

    number: str


@command
def issue_and_maybe_give_up(ctx: Ctx, *, invoice_id: int, gives_up: bool) -> Tried:
    """Issue a draft, and then roll back or not."""
    issued = commands.issue_invoices(ctx, invoice_ids=(invoice_id,), issue_date=DAY)
    if gives_up:
        raise GivenUpError
    return Tried(issued.numbers[0])


def faults(numbers: Sequence[int]) -> list[str]:
    """What is wrong with the numbers of a series: gaps and doubles."""
    doubles = [f"{number} twice" for number, count in Counter(numbers).items() if count > 1]
    gaps = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    return [*doubles, *(f"no {number}" for number in gaps)]


def drafts(shop: Company, count: int) -> tuple[int, ...]:
    """So many drafts."""
    wanted = tuple(Draft(shop.bo, (line("1"),)) for _ in range(count))
    return commands.draft_invoices(shop.ctx, drafts=wanted, day=DAY).invoice_ids


def numbers(shop: Company) -> list[int]:
    """The numbers of the invoices' series that stand in the table."""
    with tenant.scope(shop.ctx.tenant_id):
        return [row[0] for row in rows.select("SELECT sequence FROM invoicing_invoice WHERE sequence IS NOT NULL")]


def write_in_threads(shop: Company, *, each: int) -> int:
    """16 writers issue `each` drafts one by one; of ten one is rolled back. How many were issued."""
    ids = drafts(shop, WRITERS * each)

    def write(number: int) -> int:
        random, issued = Random(number), 0
        for invoice_id in ids[number * each : (number + 1) * each]:
            gives_up = random.random() < 0.1
            try:
                issue_and_maybe_give_up(shop.ctx, invoice_id=invoice_id, gives_up=gives_up)
            except GivenUpError:
                continue
            issued += 1
        return issued

    answers = in_threads(WRITERS, write)
    assert all(isinstance(answer, int) for answer in answers), answers
    return sum(answer for answer in answers if isinstance(answer, int))


@contextmanager
def writer(shop: Company, invoice_ids: Sequence[int]) -> Iterator[subprocess.Popen[str]]:
    """A process that issues drafts until it is killed."""
    ids = [str(invoice_id) for invoice_id in invoice_ids]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    script = str(Path(__file__).with_name("writer.py"))
    with subprocess.Popen(
        [sys.executable, script, str(shop.ctx.tenant_id), *ids], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def kill_a_writer(shop: Company, invoice_ids: Sequence[int], seed: int) -> list[str]:
    """Let it issue a few, kill it at some moment of the next one; the numbers it has said aloud."""
    random = Random(seed)
    with writer(shop, invoice_ids) as process:
        assert process.stdout
        said = [process.stdout.readline().strip() for _ in range(random.randint(1, 10))]
        time.sleep(random.random() * 0.02)
        process.kill()
        said += process.stdout.read().split()
    return said


@pytest.mark.race
class TestASeries:
    @pytest.mark.parametrize("each", [pytest.param(12, id="quick"), long_form(300)])
    def test_has_no_gap_and_no_double_though_writers_give_up(self, shop_live: Company, each: int) -> None:
        issued = write_in_threads(shop_live, each=each)
        found = numbers(shop_live)
        assert 0 < issued < WRITERS * each, "some gave up"
        assert (len(found), faults(found)) == (issued, [])
        assert shop_live.problems() == []

    @pytest.mark.parametrize("kills", [pytest.param(4, id="quick"), long_form(40)])
    def test_has_no_gap_and_no_double_though_writers_are_killed(self, shop_live: Company, kills: int) -> None:
        ids = [drafts(shop_live, EACH) for _ in range(kills)]
        with ThreadPoolExecutor(2) as pool:
            heard = pool.map(lambda seed: kill_a_writer(shop_live, ids[seed], seed), range(kills))
            said = [number for one in heard for number in one]
        found = numbers(shop_live)
        assert faults(found) == []
        assert kills <= len(found) < kills * EACH, "they had begun and were not done"
        kept = {f"F2026-{number:06d}" for number in found}
        assert set(said) <= kept, "what was said aloud is in the table"
        assert len(said) == len(set(said))
        assert shop_live.problems() == []

    def test_goes_on_where_a_killed_writer_stopped(self, shop_live: Company) -> None:
        kill_a_writer(shop_live, drafts(shop_live, EACH), 7)
        before = len(numbers(shop_live))
        assert shop_live.issue(*drafts(shop_live, 3)) == tuple(f"F2026-{before + n:06d}" for n in (1, 2, 3))
        assert faults(numbers(shop_live)) == []


@contextmanager
def scratch(*statements: str) -> Iterator[None]:
    """Tables of the test's own beside Kvit's."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA scratch")
        try:
            for statement in (*statements, "GRANT ALL ON ALL TABLES IN SCHEMA scratch TO PUBLIC"):
                cursor.execute(statement)
            cursor.execute(
                "GRANT USAGE ON SCHEMA scratch TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA scratch TO PUBLIC"
            )
            yield
        finally:
            cursor.execute("DROP SCHEMA scratch CASCADE")


def write_naively(shop: Company, draw: str) -> list[int]:
    """The same 16 writers with numbers drawn in another way; the numbers that were kept."""

    def write(number: int) -> None:
        random = Random(number)
        for _ in range(12):
            with app_session(shop.ctx) as session:
                session.execute(f"INSERT INTO scratch.document SELECT {draw}")
                session.execute("SELECT pg_sleep(0.001)")
                if random.random() < 0.1:
                    session.rollback()

    answers = in_threads(WRITERS, write)
    assert answers == [None] * WRITERS
    with app_session(shop.ctx) as session:
        return [row[0] for row in session.execute("SELECT number FROM scratch.document").fetchall()]


@pytest.mark.race
class TestOtherWays:
    """Planted faults: the same writers, the same judge."""

    def test_leave_gaps_with_a_sequence(self, shop_live: Company) -> None:
        with scratch("CREATE TABLE scratch.document (number int)", "CREATE SEQUENCE scratch.number"):
            found = faults(write_naively(shop_live, "nextval('scratch.number')"))
        assert any(fault.startswith("no ") for fault in found)

    def test_give_numbers_twice_with_the_highest_plus_one(self, shop_live: Company) -> None:
        with scratch("CREATE TABLE scratch.document (number int)"):
            found = faults(write_naively(shop_live, "coalesce(max(number), 0) + 1 FROM scratch.document"))
        assert any(fault.endswith(" twice") for fault in found)
