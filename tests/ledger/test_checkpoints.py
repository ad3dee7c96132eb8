"""Checkpoints of hot accounts, while others post and while others checkpoint."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.ledger import commands
from ledger.books import Books, unguarded
from ledger.sessions import app_session, beside, insert_entry, waits_for
from tables import run_twice

SLOW = "ledger_take_checkpoint_slowly"
POSTING, CHECKPOINT, GATE = 0x4B76, 0x4B77, 4242
ALONE_AMONG_POSTINGS = f"PERFORM pg_advisory_xact_lock({POSTING}, tenant);"
ONE_AT_A_TIME = f"PERFORM pg_advisory_xact_lock({CHECKPOINT}, tenant);"


def checkpoints(books: Books) -> list[tuple[int, int]]:
    with tenant.scope(books.ctx.tenant_id):
        return rows.select("SELECT through_entry_id, balance_minor FROM ledger_checkpoint ORDER BY id")


class TestACheckpoint:
    def test_keeps_the_sum_of_each_account_but_those_of_parties(self, books: Books) -> None:
        books.post(100)
        entry_id = books.post(20, currency="PLN")
        answer = run_twice(commands.checkpoint, books.ctx)
        assert (answer.through_entry_id, answer.balances) == (entry_id, 2)
        assert sorted(checkpoints(books)) == [(entry_id, -100), (entry_id, -20)]
        assert books.problems() == []

    def test_goes_on_from_the_last_one(self, books: Books) -> None:
        books.post(100)
        commands.checkpoint(books.ctx)
        entry_id = books.post(30)
        commands.checkpoint(books.ctx)
        assert checkpoints(books)[-1] == (entry_id, -130)
        assert books.balance("sales") == -130

    def test_is_where_reading_starts(self, books_live: Books, monkeypatch: pytest.MonkeyPatch) -> None:
        books_live.post(100)
        commands.checkpoint(books_live.ctx)
        with unguarded(books_live.ctx, monkeypatch) as cursor:
            cursor.execute("UPDATE ledger_checkpoint SET balance_minor = balance_minor - 1")
            assert books_live.balance("sales") == -101
        assert books_live.balance("sales") == -100

    def test_of_no_entries_is_nothing(self, books: Books, cilla: Ctx) -> None:
        books.post(100)
        answer = commands.checkpoint(cilla)
        assert (answer.through_entry_id, answer.balances) == (0, 0)


@contextmanager
def slow_checkpoints(ctx: Ctx, *, without: str = "") -> Iterator[Callable[[], None]]:
    """A copy of the database's function that lacks a step and stops before it writes until the gate is opened."""
    with connections["owner"].cursor() as cursor, app_session(ctx) as gate:
        gate.execute("SELECT pg_advisory_xact_lock(%s, 1)", [GATE])
        cursor.execute("SELECT pg_get_functiondef('ledger_take_checkpoint(bigint)'::regprocedure)")
        (text,) = cursor.fetchone()
        assert without in text
        text = text.replace("public.ledger_take_checkpoint(", f"public.{SLOW}(").replace(without or "\0", "")
        stop = f"PERFORM pg_advisory_xact_lock_shared({GATE}, 1);"
        cursor.execute(text.replace("INSERT INTO", f"{stop} INSERT INTO"))
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {SLOW}(bigint) TO PUBLIC")
        try:
            yield gate.commit
        finally:
            gate.commit()
            cursor.execute(f"DROP FUNCTION {SLOW}(bigint)")


def slow_checkpoint(ctx: Ctx) -> None:
    with app_session(ctx) as session:
        session.execute(f"SELECT {SLOW}(max(id)) FROM base_command")


@pytest.mark.race
class TestACheckpointBesideAPosting:
    def test_waits_until_it_is_in_the_books(self, books_live: Books) -> None:
        books = books_live
        with app_session(books.ctx) as session:
            entry_id = insert_entry(session, books, 100, -100)
            assert books.post(30, party_id=books.eva) > entry_id
            with beside(lambda: commands.checkpoint(books.ctx)):
                assert waits_for(lock=POSTING)
                assert checkpoints(books) == []
                session.commit()
        assert [balance for _, balance in checkpoints(books)] == [-130]
        assert books.problems() == []

    def test_lets_others_post_as_soon_as_it_knows_how_far_it_reaches(self, books_live: Books) -> None:
        books = books_live
        books.post(100)
        with slow_checkpoints(books.ctx) as open_gate, beside(lambda: slow_checkpoint(books.ctx)):
            assert waits_for(lock=GATE)
            books.post(30, party_id=books.eva)
            open_gate()
        assert [balance for _, balance in checkpoints(books)] == [-100]
        assert books.balance("sales") == -130

    def test_would_miss_it_without_waiting(self, books_live: Books) -> None:
        books = books_live
        with app_session(books.ctx) as session:
            insert_entry(session, books, 100, -100)
            books.post(30, party_id=books.eva)
            with slow_checkpoints(books.ctx, without=ALONE_AMONG_POSTINGS) as open_gate:
                open_gate()
                slow_checkpoint(books.ctx)
            session.commit()
        assert [text.partition(":")[2] for text in books.problems()] == [" -30 kept, -130 by the lines"]

    def test_would_miss_it_if_entries_did_not_take_the_lock(self, books_live: Books) -> None:
        books = books_live
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER in_order")
            try:
                with app_session(books.ctx) as session:
                    insert_entry(session, books, 100, -100)
                    books.post(30, party_id=books.eva)
                    commands.checkpoint(books.ctx)
                    session.commit()
            finally:
                cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER in_order")
        assert [text.partition(":")[2] for text in books.problems()] == [" -30 kept, -130 by the lines"]


@pytest.mark.race
class TestTwoCheckpointsAtOnce:
    def run(self, books: Books, *, without: str) -> list[str]:
        """One that has read how far it reaches; then an entry and another checkpoint; then the first one writes."""
        books.post(100)

        def first() -> None:
            slow_checkpoint(books.ctx)

        def second() -> None:
            commands.checkpoint(books.ctx)

        with slow_checkpoints(books.ctx, without=without) as open_gate, beside(first):
            assert waits_for(lock=GATE)
            books.post(30, party_id=books.eva)
            if without:
                second()
                open_gate()
            else:
                with beside(second):
                    assert waits_for(lock=CHECKPOINT)
                    open_gate()
        return books.problems()

    def test_follow_each_other(self, books_live: Books) -> None:
        assert self.run(books_live, without="") == []
        assert [balance for _, balance in checkpoints(books_live)] == [-100, -130]
        assert books_live.balance("sales") == -130

    def test_would_count_entries_twice_otherwise(self, books_live: Books) -> None:
        problems = self.run(books_live, without=ONE_AT_A_TIME)
        assert [text.partition(":")[2] for text in problems] == [" -130 kept, -100 by the lines"]
        assert books_live.balance("sales") == -160
