"""A chain of statements that is broken asks, until it is whole or somebody accepts it."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from bank_files import DAY, Pay, Stmt, camt, file
from cast import keyed
from kvit.banking import commands, jobs, queries
from kvit.banking.commands import chain
from kvit.banking.domain import Header
from kvit.base import tenant
from kvit.base.command import Ctx
from receivables import bank_balance, every, open_account, problems

ITEMS = "SELECT reason_code, reason FROM work_item WHERE kind = 'banking.mend_chain' AND state = 'open'"


def daily(number: int, *, opening: int) -> bytes:
    """A day's statement with one payment of 1.00 on the day of its number."""
    day = DAY + timedelta(days=number)
    pay = Pay(100, bank_id=f"B{number}", day=day)
    return camt(Stmt([pay], opening_minor=opening, number=str(number), day=day))


def take(ctx: Ctx, *numbers: int) -> None:
    for number in numbers:
        jobs.import_file(ctx, file(daily(number, opening=100 * number)), name=f"{number}.xml")


class TestAChain:
    def test_that_is_whole_asks_nobody(self, books_open: Ctx, account: int) -> None:
        take(books_open, 13, 15, 14, 16)
        assert every(books_open, ITEMS) == []
        with tenant.scope(books_open.tenant_id):
            assert [one.number for one in queries.chain(account)] == ["13", "14", "15", "16"]
            known = queries.account_freshness(today=date(2026, 3, 19), country="SE")[account]
        assert (known.known.known_until, known.known.missing_days, known.is_whole) == (date(2026, 3, 18), 0, True)

    def test_says_until_when_each_account_is_known(self, books_open: Ctx, account: int) -> None:
        take(books_open, 13, 15)
        untouched = open_account(books_open, "SE3550000000054910000003")
        with tenant.scope(books_open.tenant_id):
            known = {one.id: one for one in queries.known_accounts()}
            named = {row_id: (one.number, one.currency, one.name) for row_id, one in known.items()}
            assert named == queries.accounts()
        assert (known[account].booked_until, known[untouched].booked_until) == (DAY + timedelta(days=15), None)

    def test_says_which_statement_is_missing_until_it_comes(self, books_open: Ctx, account: int) -> None:
        take(books_open, 13, 15)
        assert every(books_open, ITEMS) == [
            (
                "banking.statement_missing",
                "statement 14 is missing: 1.00 SEK between 2026-03-15 and 2026-03-17",
            )
        ]
        with tenant.scope(books_open.tenant_id):
            assert not queries.account_freshness(today=date(2026, 3, 18), country="SE")[account].is_whole
        take(books_open, 14)
        assert every(books_open, ITEMS) == []

    def test_of_another_account_is_another(self, books_open: Ctx, account: int) -> None:
        open_account(books_open, "SE3550000000054910000003")
        take(books_open, 13)
        other = Stmt([Pay(5)], account="SE3550000000054910000003", opening_minor=77, number="99")
        jobs.import_file(books_open, file(camt(other)), name="other.xml")
        assert every(books_open, ITEMS) == []

    def test_would_ask_nobody_if_nobody_looked(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""
        monkeypatch.setattr(chain, "queries", SimpleNamespace(accounts=queries.accounts, breaks=lambda _: ()))
        take(books_open, 13, 15)
        assert every(books_open, ITEMS) == []


def mt940(number: int, *, opening: int) -> bytes:
    """A statement whose closing balance stands behind its lines."""
    day = 20 + number
    return (
        f":20:ST{number}\r\n:25:SE4550000000058398257466\r\n:28C:{number}/1\r\n"
        f":60F:C2611{day - 1}SEK{opening},00\r\n"
        f":61:2611{day}11{day}C5,00NTRFREF{number}//B{number}\r\n:86:paid\r\n"
        f":62F:C2611{day}SEK{opening + 5},00\r\n-\r\n"
    ).encode()


class TestAStatementThatEndsWithItsBalance:
    def test_has_its_place_in_the_chain(self, books_open: Ctx, account: int) -> None:
        for number in (1, 2, 4):
            report = jobs.import_file(books_open, file(mt940(number, opening=5 * number)), name="bank.sta")
            assert [one.state for one in report.statements] == ["booked"]
        with tenant.scope(books_open.tenant_id):
            assert [one.closing_minor for one in queries.chain(account)] == [1000, 1500, 2500]
        assert [row[0] for row in every(books_open, ITEMS)] == ["banking.statement_missing"]

    def test_stays_as_it_was_settled(self, books_open: Ctx, account: int) -> None:
        (one,) = jobs.import_file(books_open, file(mt940(1, opening=5)), name="bank.sta").statements
        other = Header("", "", "", "", None, None, 1, 2)
        done = commands.complete_statement(books_open, statement_id=one.statement_id, header=other)
        assert done == commands.StatementCompleted(False)
        with tenant.scope(books_open.tenant_id):
            assert queries.chain(account)[0].closing_minor == 1000


class TestABreak:
    @pytest.fixture
    def broken(self, books_open: Ctx, account: int) -> tuple[int, int]:
        take(books_open, 13, 15)
        with tenant.scope(books_open.tenant_id):
            (found,) = queries.breaks(account)
        return found.before.id, found.after.id

    def test_is_accepted_with_a_reason(self, books_open: Ctx, account: int, broken: tuple[int, int]) -> None:
        ctx = keyed(books_open, "k")
        for _ in range(2):
            done = commands.accept_break(ctx, before_id=broken[0], after_id=broken[1], reason="the bank moved")
        assert done == commands.BreakAccepted(0)
        assert every(books_open, ITEMS) == []
        with tenant.scope(books_open.tenant_id):
            assert [one.reason for one in queries.accepted_breaks(account)] == ["the bank moved"]
            assert queries.account_freshness(today=DAY, country="SE")[account].is_whole
        take(books_open, 16)
        assert every(books_open, ITEMS) == []
        take(books_open, 18)
        assert [row[0] for row in every(books_open, ITEMS)] == ["banking.statement_missing"]

    def test_is_refused_without_a_reason_and_where_nothing_is_broken(
        self, books_open: Ctx, cilla: Ctx, broken: tuple[int, int]
    ) -> None:
        with pytest.raises(commands.NoReason):
            commands.accept_break(books_open, before_id=broken[0], after_id=broken[1], reason=" ")
        with pytest.raises(commands.NoSuchBreak):
            commands.accept_break(books_open, before_id=broken[1], after_id=broken[0], reason="x")
        with pytest.raises(commands.NoSuchBreak):
            commands.accept_break(cilla, before_id=broken[0], after_id=broken[1], reason="x")
        assert len(every(books_open, ITEMS)) == 1


class TestTwoHeldFilesWithTheSameLines:
    """Whichever is booked has the lines, and the other may be rejected without losing them."""

    ONE = camt(Stmt([Pay(1000), Pay(500)], off_minor=7))
    TWO = camt(Stmt([Pay(1000), Pay(500)], off_minor=8))

    @pytest.mark.parametrize("booked", [0, 1])
    def test_are_booked_once(self, books_open: Ctx, account: int, booked: int) -> None:
        held = [
            jobs.import_file(books_open, file(data), name="held.xml").statements[0].statement_id
            for data in (self.ONE, self.TWO)
        ]
        commands.reject_statement(books_open, statement_id=held[1 - booked], reason="the other one")
        commands.release_statement(books_open, statement_id=held[booked], reason="confirmed")
        assert bank_balance(books_open, account) == 1500
        assert problems(books_open) == ()

    @pytest.mark.parametrize("first", [0, 1])
    def test_are_booked_once_if_both_are_released(self, books_open: Ctx, account: int, first: int) -> None:
        held = [
            jobs.import_file(books_open, file(data), name="held.xml").statements[0].statement_id
            for data in (self.ONE, self.TWO)
        ]
        for one in (held[first], held[1 - first]):
            commands.release_statement(books_open, statement_id=one, reason="confirmed")
        assert bank_balance(books_open, account) == 1500
        assert problems(books_open) == ()


class TestAProblem:
    @pytest.fixture
    def intake(self, books_open: Ctx, account: int) -> queries.IntakeRow:
        data = camt(Stmt([Pay(100), Pay(100, currency="???")], has_balances=False))
        jobs.import_file(books_open, file(data), name="odd.xml")
        with tenant.scope(books_open.tenant_id):
            return queries.intakes(limit=1)[0]

    def test_is_set_aside_with_a_reason_and_stays(self, books_open: Ctx, intake: queries.IntakeRow) -> None:
        with tenant.scope(books_open.tenant_id):
            (before,) = queries.problems_of(intake.id, limit=9)
        done = commands.set_problems_aside(books_open, intake_id=intake.id, problem_ids=(before.id,), reason="no money")
        assert done == commands.ProblemsSetAside(0)
        with tenant.scope(books_open.tenant_id):
            (after,) = queries.problems_of(intake.id, limit=9)
            shown = queries.intake(intake.id)
        assert (after.place, after.reason, after.set_aside, after.actor) == (
            before.place,
            before.reason,
            "no money",
            "user:anna",
        )
        assert shown is not None
        assert (shown.problem_count, shown.open_problem_count) == (1, 0)
        with pytest.raises(commands.NoSuchProblem):
            commands.set_problems_aside(books_open, intake_id=intake.id, problem_ids=(before.id,), reason="again")

    def test_is_refused_to_others_and_without_a_reason(
        self, books_open: Ctx, cilla: Ctx, intake: queries.IntakeRow
    ) -> None:
        with tenant.scope(books_open.tenant_id):
            (problem,) = queries.problems_of(intake.id, limit=9)
        with pytest.raises(commands.NoSuchProblem):
            commands.set_problems_aside(cilla, intake_id=intake.id, problem_ids=(problem.id,), reason="x")
        with pytest.raises(commands.NoReason):
            commands.set_problems_aside(books_open, intake_id=intake.id, problem_ids=(problem.id,), reason="")
        with tenant.scope(books_open.tenant_id):
            assert queries.problems_of(intake.id, limit=9)[0].set_aside == ""
