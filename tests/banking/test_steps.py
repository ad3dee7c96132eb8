"""The steps of taking a file in: each may be repeated, refuses what is not there, and stays in its tenant."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from bank_files import BANKGIRO, IBAN, file
from cast import keyed
from kvit.banking import commands, queries
from kvit.banking.domain import Header, IntakeState, LineToTake, StatementState, Verdict
from kvit.base import files, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.formats.bank.statement import Line
from kvit.kernel.results import Problem
from receivables import bank_balance, every, open_account
from tables import contents, run_twice

HEAD = Header("Stmt[1]", IBAN, "SEK", "S1", date(2026, 3, 1), date(2026, 3, 2), 0, 300)
GOOD = Verdict()
BAD = Verdict("balance_differs", "Stmt[1]: off by 5 minor units")


def line(number: int, amount_minor: int = 100, *, day: int = 2) -> LineToTake:
    return LineToTake(
        UUID(int=number),
        Line(
            place=f"Stmt[1]/Ntry[{number}]",
            booking_date=date(2026, 3, day),
            value_date=None,
            amount_minor=amount_minor,
            currency="SEK",
            mandate_id="M1",
        ),
    )


@dataclass(frozen=True)
class Begun:
    """A file whose statement has begun."""

    intake_id: int
    statement_id: int
    account_id: int | None


def keep(ctx: Ctx, content: bytes = b"file") -> int:
    return files.keep(ctx, file(content), name="bank.xml").file_id


def begin(ctx: Ctx, content: bytes = b"file", head: Header = HEAD) -> Begun:
    intake_id = commands.begin_intake(ctx, file_id=keep(ctx, content), format="camt.053").intake_id
    begun = commands.begin_statement(ctx, intake_id=intake_id, header=head)
    return Begun(intake_id, begun.statement_id, begun.account_id)


def take(ctx: Ctx, begun: Begun, *lines: LineToTake) -> commands.LinesTaken:
    assert begun.account_id is not None
    return commands.take_lines(ctx, statement_id=begun.statement_id, account_id=begun.account_id, lines=lines)


def settle(ctx: Ctx, begun: Begun, verdict: Verdict = GOOD) -> commands.StatementSettled:
    return commands.settle_statement(ctx, statement_id=begun.statement_id, account_id=begun.account_id, verdict=verdict)


def state(ctx: Ctx, begun: Begun) -> StatementState:
    ((found,),) = every(ctx, "SELECT state FROM banking_statement WHERE id = %s", [begun.statement_id])
    return StatementState(found)


def lines_of(ctx: Ctx, begun: Begun) -> int:
    with tenant.scope(ctx.tenant_id):
        return len(queries.line_ids_of(begun.statement_id))


class TestBeginningAnIntake:
    def test_finds_the_one_of_the_file_again(self, books_open: Ctx) -> None:
        file_id = keep(books_open)
        first = run_twice(commands.begin_intake, books_open, file_id=file_id, format="camt.053")
        again = commands.begin_intake(books_open, file_id=file_id, format="camt.053")
        assert again == first == commands.IntakeBegun(first.intake_id, done=False)

    def test_says_that_all_of_the_file_was_taken_in_before(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        settle(books_open, begun)
        commands.end_intake(books_open, intake_id=begun.intake_id)
        assert commands.begin_intake(books_open, file_id=keep(books_open), format="camt.053").done

    def test_is_refused_for_a_file_that_was_not_kept(self, books_open: Ctx, cilla: Ctx) -> None:
        file_id = keep(books_open)
        with pytest.raises(commands.NoSuchIntake):
            commands.begin_intake(books_open, file_id=file_id + 1, format="camt.053")
        with pytest.raises(commands.NoSuchIntake):
            commands.begin_intake(cilla, file_id=file_id, format="camt.053")


class TestBeginningAStatement:
    def test_finds_its_account_and_its_row_again(self, books_open: Ctx, account: int) -> None:
        intake_id = begin(books_open).intake_id
        first = run_twice(commands.begin_statement, books_open, intake_id=intake_id, header=HEAD)
        assert commands.begin_statement(books_open, intake_id=intake_id, header=HEAD) == first
        assert (first.account_id, first.state) == (account, StatementState.RECEIVED)

    @pytest.mark.parametrize("written", ["SE45 5000 0000 0583 9825 7466", "se4550000000058398257466"])
    def test_finds_the_account_however_the_bank_writes_it(self, books_open: Ctx, account: int, written: str) -> None:
        assert begin(books_open, head=replace(HEAD, account_number=written)).account_id == account

    def test_takes_no_account_in_another_currency(self, books_open: Ctx, account: int) -> None:
        assert begin(books_open, head=replace(HEAD, currency="EUR")).account_id is None

    def test_without_a_currency_takes_the_only_account_of_the_number_and_none_of_two(
        self, books_open: Ctx, account: int
    ) -> None:
        head = replace(HEAD, currency="")
        assert begin(books_open, b"1", head).account_id == account
        open_account(books_open, IBAN, "EUR")
        assert begin(books_open, b"2", head).account_id is None

    def test_takes_no_account_of_another_tenant(self, books_open: Ctx, account: int, cilla: Ctx) -> None:
        assert begin(cilla).account_id is None

    def test_receives_a_held_one_anew_when_its_account_is_known(self, books_open: Ctx) -> None:
        begun = begin(books_open)
        settle(books_open, begun)
        assert state(books_open, begun) is StatementState.HELD
        account_id = open_account(books_open, IBAN)
        again = commands.begin_statement(books_open, intake_id=begun.intake_id, header=HEAD)
        assert again == commands.StatementBegun(begun.statement_id, account_id, StatementState.RECEIVED)

    def test_leaves_one_held_for_another_reason_as_it_is(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        settle(books_open, begun, BAD)
        again = commands.begin_statement(books_open, intake_id=begun.intake_id, header=HEAD)
        assert again.state is StatementState.HELD

    def test_is_refused_in_an_intake_that_is_not_there(self, books_open: Ctx, account: int, cilla: Ctx) -> None:
        intake_id = begin(books_open).intake_id
        for ctx, wrong in ((books_open, intake_id + 1), (cilla, intake_id)):
            with pytest.raises(commands.NoSuchIntake):
                commands.begin_statement(ctx, intake_id=wrong, header=HEAD)


class TestTakingLines:
    def test_writes_each_once(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        given: dict[str, Any] = {"statement_id": begun.statement_id, "account_id": account}
        first = run_twice(commands.take_lines, books_open, **given, lines=(line(1), line(2)))
        assert first == commands.LinesTaken(taken=2, known=0)
        assert take(books_open, begun, line(2), line(3)) == commands.LinesTaken(taken=1, known=1)
        assert lines_of(books_open, begun) == 3

    def test_keeps_what_a_line_says_beyond_its_columns(self, books_open: Ctx, account: int) -> None:
        take(books_open, begin(books_open), line(1))
        assert every(books_open, "SELECT details FROM banking_line") == [('{"batch_size": 1, "mandate_id": "M1"}',)]

    def test_shows_them_only_when_they_are_booked(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(books_open, begun, line(1))
        with tenant.scope(books_open.tenant_id):
            ids = queries.line_ids_of(begun.statement_id)
            assert queries.lines(ids) == ()
        settle(books_open, begun)
        with tenant.scope(books_open.tenant_id):
            assert [(one.amount_minor, one.place) for one in queries.lines(ids)] == [(100, "Stmt[1]/Ntry[1]")]

    @pytest.mark.parametrize("of_other", ["received", "held", "rejected"])
    def test_moves_those_of_a_statement_that_is_not_booked_once_it_is(
        self, books_open: Ctx, account: int, of_other: str
    ) -> None:
        other, begun = begin(books_open, b"other"), begin(books_open)
        take(books_open, other, line(1), line(2))
        if of_other != "received":
            settle(books_open, other, BAD)
        if of_other == "rejected":
            commands.reject_statement(books_open, statement_id=other.statement_id, reason="garbled")
        assert take(books_open, begun, line(2)) == commands.LinesTaken(taken=0, known=1)
        assert (lines_of(books_open, other), lines_of(books_open, begun)) == (2, 0)
        settle(books_open, begun)
        assert (lines_of(books_open, other), lines_of(books_open, begun)) == (1, 1)

    def test_leaves_those_of_a_booked_statement_where_they_are(self, books_open: Ctx, account: int) -> None:
        other, begun = begin(books_open, b"other"), begin(books_open)
        take(books_open, other, line(1))
        settle(books_open, other)
        assert take(books_open, begun, line(1)) == commands.LinesTaken(taken=0, known=1)
        assert (lines_of(books_open, other), lines_of(books_open, begun)) == (1, 0)

    def test_leaves_those_on_another_account_alone(self, books_open: Ctx, account: int) -> None:
        open_account(books_open, BANKGIRO)
        other, begun = begin(books_open, b"other"), begin(books_open, head=replace(HEAD, account_number=BANKGIRO))
        take(books_open, other, line(1))
        assert take(books_open, begun, line(1)) == commands.LinesTaken(taken=1, known=0)

    def test_adds_nothing_to_a_booked_statement(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(books_open, begun, line(1))
        settle(books_open, begun)
        assert take(books_open, begun, line(1), line(2)) == commands.LinesTaken(taken=0, known=2)
        assert lines_of(books_open, begun) == 1

    def test_takes_nothing_away_for_a_rejected_statement(self, books_open: Ctx, account: int) -> None:
        """Else the import of a rejected file's other statement would empty the one that is still to be decided."""
        rejected, held = begin(books_open, b"rejected"), begin(books_open)
        settle(books_open, rejected, BAD)
        commands.reject_statement(books_open, statement_id=rejected.statement_id, reason="garbled")
        take(books_open, held, line(1))
        settle(books_open, held, BAD)
        take(books_open, rejected, line(1))
        assert lines_of(books_open, held) == 1

    def test_is_refused_for_a_statement_that_is_not_there_or_on_another_account(
        self, books_open: Ctx, account: int, cilla: Ctx
    ) -> None:
        begun = begin(books_open)
        for ctx, wrong in (
            (books_open, replace(begun, statement_id=begun.statement_id + 1)),
            (books_open, replace(begun, account_id=account + 1)),
            (cilla, begun),
        ):
            with pytest.raises(commands.NoSuchStatement):
                take(ctx, wrong, line(1))
        assert lines_of(books_open, begun) == 0

    def test_is_refused_under_a_used_key_with_other_lines(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(keyed(books_open, "k"), begun, line(1))
        with pytest.raises(KeyReused):
            take(keyed(books_open, "k"), begun, line(2))


class TestNotingProblems:
    def test_keeps_each_once_in_the_order_in_which_it_was_met(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open, b"broken")
        one, two = Problem("line 2", "no amount"), Problem("line 1", "no day")
        noted = run_twice(commands.note_problems, books_open, intake_id=begun.intake_id, problems=(one, two))
        assert noted.noted == 2
        assert commands.note_problems(books_open, intake_id=begun.intake_id, problems=(two, one)).noted == 0
        sha256 = files.digest(file(b"broken"))[0]
        with tenant.scope(books_open.tenant_id):
            assert queries.problems(sha256) == (one, two)
            assert queries.problems("0" * 64) == ()

    def test_cuts_what_does_not_fit(self, books_open: Ctx) -> None:
        intake_id = begin(books_open).intake_id
        commands.note_problems(books_open, intake_id=intake_id, problems=(Problem("p" * 999, "r" * 999),))
        assert every(books_open, "SELECT length(place), length(reason) FROM banking_readingproblem") == [(200, 500)]

    def test_is_refused_in_an_intake_that_is_not_there(self, books_open: Ctx, cilla: Ctx) -> None:
        intake_id = begin(books_open).intake_id
        for ctx, wrong in ((books_open, intake_id + 1), (cilla, intake_id)):
            with pytest.raises(commands.NoSuchIntake):
                commands.note_problems(ctx, intake_id=wrong, problems=(Problem("p", "r"),))


class TestSettlingAStatement:
    def test_books_all_of_it_by_day_at_once(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(books_open, begun, line(1, 100), line(2, 250), line(3, -50, day=3))
        given: dict[str, Any] = {"statement_id": begun.statement_id, "account_id": account, "verdict": GOOD}
        settled = run_twice(commands.settle_statement, books_open, **given)
        assert settled == commands.StatementSettled(StatementState.BOOKED, 3, "")
        assert bank_balance(books_open, account) == 300
        assert every(books_open, "SELECT entry_date, kind, subject_id FROM ledger_entry ORDER BY 1") == [
            (date(2026, 3, 2), "bank_statement", begun.statement_id),
            (date(2026, 3, 3), "bank_statement", begun.statement_id),
        ]
        assert every(books_open, "SELECT body FROM base_event WHERE type = 'banking.StatementBooked'") == [
            (f'{{"lines": 3, "account_id": {account}, "statement_id": {begun.statement_id}}}',)
        ]

    def test_books_no_entry_for_a_day_that_sums_to_nothing(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(books_open, begun, line(1, 100), line(2, -100))
        assert settle(books_open, begun).lines == 2
        assert every(books_open, "SELECT FROM ledger_entry") == []

    def test_holds_it_with_its_reason_and_books_nothing(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(books_open, begun, line(1))
        settled = settle(books_open, begun, BAD)
        assert settled == commands.StatementSettled(StatementState.HELD, 0, BAD.reason)
        assert bank_balance(books_open, account) == 0
        assert every(books_open, "SELECT kind, subject_id, reason_code, reason, state FROM work_item") == [
            ("banking.held_statement", begun.statement_id, "banking.balance_differs", BAD.reason, "open")
        ]

    def test_holds_it_a_second_time_for_another_reason(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        settle(books_open, begun, BAD)
        settle(books_open, begun, Verdict("incomplete", "line 7: cut off"))
        assert every(books_open, "SELECT hold_code, hold_reason FROM banking_statement") == [
            ("incomplete", "line 7: cut off")
        ]
        assert every(books_open, "SELECT reason, state FROM work_item") == [("line 7: cut off", "open")]

    def test_books_a_held_one_that_turns_out_whole_and_nobody_need_decide(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(books_open, begun, line(1))
        settle(books_open, begun, BAD)
        assert settle(books_open, begun).state is StatementState.BOOKED
        assert every(books_open, "SELECT state, outcome FROM work_item") == [("done", "booked")]

    def test_leaves_a_settled_one_as_it_is(self, books_open: Ctx, account: int) -> None:
        begun = begin(books_open)
        take(books_open, begun, line(1))
        settle(books_open, begun)
        assert settle(books_open, begun, BAD) == commands.StatementSettled(StatementState.BOOKED, 0, "")
        assert bank_balance(books_open, account) == 100

    def test_holds_one_on_an_account_that_is_not_the_companys(self, books_open: Ctx) -> None:
        begun = begin(books_open)
        settled = settle(books_open, begun)
        assert settled.state is StatementState.HELD
        assert (
            settled.hold_reason == f"{IBAN} is not one of the company's accounts; open it, then import the file again"
        )
        assert every(books_open, "SELECT reason_code FROM work_item") == [("banking.unknown_account",)]

    def test_leaves_it_to_the_import_that_knows_the_account_and_takes_its_lines(self, books_open: Ctx) -> None:
        """Two imports of one file at once, and the account is opened between them."""
        without = begin(books_open)
        open_account(books_open, IBAN)
        with_account = begin(books_open)
        take(books_open, with_account, line(1))
        assert settle(books_open, without).state is StatementState.RECEIVED
        take(books_open, with_account, line(2))
        assert settle(books_open, with_account) == commands.StatementSettled(StatementState.BOOKED, 2, "")

    def test_is_refused_for_a_statement_that_is_not_there(self, books_open: Ctx, account: int, cilla: Ctx) -> None:
        begun = begin(books_open)
        for ctx, wrong in ((books_open, replace(begun, statement_id=begun.statement_id + 1)), (cilla, begun)):
            with pytest.raises(commands.NoSuchStatement):
                settle(ctx, wrong)
        assert state(books_open, begun) is StatementState.RECEIVED


class TestEndingAnIntake:
    @pytest.mark.parametrize("verdict", [GOOD, BAD], ids=["booked", "held"])
    def test_closes_it_once_nothing_of_it_waits(self, books_open: Ctx, account: int, verdict: Verdict) -> None:
        begun = begin(books_open)
        assert not commands.end_intake(books_open, intake_id=begun.intake_id).done
        settle(books_open, begun, verdict)
        ended = run_twice(commands.end_intake, books_open, intake_id=begun.intake_id)
        assert ended.done == (verdict is GOOD)
        assert commands.end_intake(books_open, intake_id=begun.intake_id) == ended
        expected = IntakeState.DONE if verdict is GOOD else IntakeState.OPEN
        assert every(books_open, "SELECT state FROM banking_intake") == [(expected.value,)]

    def test_is_refused_for_one_that_is_not_there(self, books_open: Ctx, account: int, cilla: Ctx) -> None:
        begun = begin(books_open)
        settle(books_open, begun)
        before = contents(books_open)
        for ctx, wrong in ((books_open, begun.intake_id + 1), (cilla, begun.intake_id)):
            with pytest.raises(commands.NoSuchIntake):
                commands.end_intake(ctx, intake_id=wrong)
        assert contents(books_open) == before
