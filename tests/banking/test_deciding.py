"""A person decides about a held statement."""

from dataclasses import dataclass

import pytest

from bank_files import Pay, Stmt, camt, file
from cast import keyed
from kvit.banking import commands, jobs, queries
from kvit.banking.domain import StatementState
from kvit.base import tenant
from kvit.base.command import Ctx, KeyReused
from kvit.base.lifecycle import NotMovable
from receivables import bank_balance, books, every, ledger_is_empty, open_account, problems
from tables import contents, run_twice

OFF = camt(Stmt([Pay(1000, "7001"), Pay(500)], off_minor=7))
WHOLE = camt(Stmt([Pay(1000, "7001"), Pay(500)]))


@dataclass(frozen=True)
class Held:
    """A held statement of Anna's."""

    ctx: Ctx
    id: int


@pytest.fixture
def held(books_open: Ctx, account: int) -> Held:
    """1 500 minor units that miss the closing balance by 7."""
    (statement,) = jobs.import_file(books_open, file(OFF), name="off.xml").statements
    assert statement.state is StatementState.HELD
    return Held(books_open, statement.statement_id)


class TestReleasingAStatement:
    def test_books_it_although_it_does_not_add_up(self, held: Held, account: int) -> None:
        released = run_twice(
            commands.release_statement, held.ctx, statement_id=held.id, reason="the bank has confirmed it"
        )
        assert released == commands.StatementDecided(StatementState.BOOKED, 2)
        assert bank_balance(held.ctx, account) == 1500
        assert every(held.ctx, "SELECT state, outcome FROM work_item") == [("done", "booked")]
        assert every(held.ctx, "SELECT count(*) FROM base_event WHERE type = 'banking.StatementBooked'") == [(1,)]
        assert problems(held.ctx) == ()

    def test_leaves_the_reason_in_the_audit(self, held: Held) -> None:
        commands.release_statement(held.ctx, statement_id=held.id, reason="the bank has confirmed it")
        ((said, who),) = every(
            held.ctx, "SELECT input ->> 'reason', actor FROM base_command WHERE name = 'banking.release_statement'"
        )
        assert (said, who) == ("the bank has confirmed it", "user:anna")

    def test_is_refused_a_second_time(self, held: Held) -> None:
        commands.release_statement(held.ctx, statement_id=held.id, reason="confirmed")
        before = books(held.ctx)
        with pytest.raises(NotMovable):
            commands.release_statement(held.ctx, statement_id=held.id, reason="confirmed")
        assert books(held.ctx) == before

    def test_is_refused_after_it_was_rejected(self, held: Held) -> None:
        commands.reject_statement(held.ctx, statement_id=held.id, reason="garbled")
        with pytest.raises(NotMovable):
            commands.release_statement(held.ctx, statement_id=held.id, reason="confirmed")
        assert ledger_is_empty(held.ctx)

    def test_is_refused_while_it_is_being_taken_in(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its other half would be passed over by every later import, since a booked statement takes no more."""
        statement_id = self._half_taken(books_open, monkeypatch)
        with pytest.raises(NotMovable, match="only a held one"):
            commands.release_statement(books_open, statement_id=statement_id, reason="confirmed")
        (taken,) = jobs.import_file(books_open, file(WHOLE), name="whole.xml").statements
        assert (taken.state, bank_balance(books_open, account)) == (StatementState.BOOKED, 1500)

    def test_would_lose_the_other_half_if_it_were_not(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: a received statement is booked as it stands."""
        from kvit.banking.commands import booking

        statement_id = self._half_taken(books_open, monkeypatch)
        whole = booking.lock

        def as_if_held(wanted: int) -> booking.Standing:
            standing = whole(wanted)
            return booking.Standing(StatementState.HELD, standing.account_id, standing.account_number)

        with monkeypatch.context() as patched:
            patched.setattr(booking, "lock", as_if_held)
            commands.release_statement(books_open, statement_id=statement_id, reason="confirmed")
        jobs.import_file(books_open, file(WHOLE), name="whole.xml")
        assert bank_balance(books_open, account) == 1000

    def test_is_refused_while_its_account_is_not_the_companys(self, books_open: Ctx) -> None:
        (taken,) = jobs.import_file(books_open, file(WHOLE), name="whole.xml").statements
        with pytest.raises(commands.NoSuchStatement, match="no account of the company"):
            commands.release_statement(books_open, statement_id=taken.statement_id, reason="confirmed")

    def test_is_refused_to_another_tenant_and_for_one_that_is_not_there(self, held: Held, cilla: Ctx) -> None:
        before = contents(held.ctx)
        for ctx, wrong in ((cilla, held.id), (held.ctx, held.id + 1)):
            with pytest.raises(commands.NoSuchStatement):
                commands.release_statement(ctx, statement_id=wrong, reason="confirmed")
        assert contents(held.ctx) == before

    def test_is_refused_under_a_used_key_with_another_reason(self, held: Held) -> None:
        commands.release_statement(keyed(held.ctx, "k"), statement_id=held.id, reason="confirmed")
        with pytest.raises(KeyReused):
            commands.release_statement(keyed(held.ctx, "k"), statement_id=held.id, reason="other")

    @staticmethod
    def _half_taken(ctx: Ctx, monkeypatch: pytest.MonkeyPatch) -> int:
        """A statement of which one line was taken when the import was stopped."""

        class Stopped(Exception):
            """Like a crash."""

        def stop(_: int) -> None:
            raise Stopped

        with monkeypatch.context() as patched:
            patched.setattr(jobs, "CHUNK", 1)
            with pytest.raises(Stopped):
                jobs.import_file(ctx, file(WHOLE), name="whole.xml", progress=stop)
        ((statement_id, state, lines),) = every(
            ctx, "SELECT s.id, s.state, (SELECT count(*) FROM banking_line) FROM banking_statement s"
        )
        assert (state, lines) == ("received", 1)
        return int(statement_id)


class TestRejectingAStatement:
    def test_books_nothing_ever(self, held: Held, account: int) -> None:
        rejected = run_twice(commands.reject_statement, held.ctx, statement_id=held.id, reason="garbled")
        assert rejected == commands.StatementDecided(StatementState.REJECTED, 0)
        assert every(held.ctx, "SELECT state, outcome FROM work_item") == [("done", "rejected")]
        assert every(held.ctx, "SELECT count(*) FROM base_event WHERE type = 'banking.StatementRejected'") == [(1,)]
        jobs.import_file(held.ctx, file(OFF), name="off.xml")
        assert ledger_is_empty(held.ctx)

    def test_keeps_its_lines_and_shows_none_of_them(self, held: Held) -> None:
        commands.reject_statement(held.ctx, statement_id=held.id, reason="garbled")
        with tenant.scope(held.ctx.tenant_id):
            ids = queries.line_ids_of(held.id)
            assert len(ids) == 2
            assert queries.lines(ids) == ()

    def test_leaves_them_to_a_good_file(self, held: Held, account: int) -> None:
        commands.reject_statement(held.ctx, statement_id=held.id, reason="garbled")
        (good,) = jobs.import_file(held.ctx, file(WHOLE), name="whole.xml").statements
        assert (good.state, good.taken, good.known) == (StatementState.BOOKED, 0, 2)
        assert bank_balance(held.ctx, account) == 1500
        assert problems(held.ctx) == ()

    def test_is_refused_for_one_that_is_booked_or_rejected(self, held: Held) -> None:
        commands.release_statement(held.ctx, statement_id=held.id, reason="confirmed")
        with pytest.raises(NotMovable):
            commands.reject_statement(held.ctx, statement_id=held.id, reason="garbled")

    def test_is_refused_to_another_tenant_and_for_one_that_is_not_there(self, held: Held, cilla: Ctx) -> None:
        before = contents(held.ctx)
        for ctx, wrong in ((cilla, held.id), (held.ctx, held.id + 1)):
            with pytest.raises(NotMovable):
                commands.reject_statement(ctx, statement_id=wrong, reason="garbled")
        assert contents(held.ctx) == before


class TestLinesInAnotherCurrency:
    def test_hold_their_statement_and_once_released_are_verified_by_currency(
        self, books_open: Ctx, account: int
    ) -> None:
        mixed = camt(Stmt([Pay(1000), Pay(200, currency="EUR")], has_balances=False))
        (taken,) = jobs.import_file(books_open, file(mixed), name="mixed.xml").statements
        assert (taken.state, taken.hold_reason) == (StatementState.HELD, "Stmt[1]: lines in EUR, SEK")
        commands.release_statement(books_open, statement_id=taken.statement_id, reason="confirmed")
        assert (bank_balance(books_open, account), bank_balance(books_open, account, "EUR")) == (1000, 200)
        assert problems(books_open) == ()


class TestAnAccountOfTwoCurrencies:
    def test_takes_each_statement_to_its_own(self, books_open: Ctx, account: int) -> None:
        euros = open_account(books_open, Stmt([]).account, "EUR")
        both = camt(Stmt([Pay(1000)]), Stmt([Pay(200)], currency="EUR"))
        states = [one.state for one in jobs.import_file(books_open, file(both), name="both.xml").statements]
        assert states == [StatementState.BOOKED] * 2
        assert (bank_balance(books_open, account), bank_balance(books_open, euros, "EUR")) == (1000, 200)
