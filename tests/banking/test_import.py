"""Taking bank files in: once, whatever is in them and however often they come."""

from datetime import date

import pytest

from bank_files import BANKGIRO, IBAN, Pay, Stmt, bgmax, camt, file
from kvit.banking import commands, jobs, queries
from kvit.banking.domain import StatementState
from kvit.base import files, tenant
from kvit.base.command import Ctx
from receivables import bank_balance, books, counts, every, ledger_is_empty, open_account, problems, unallocated

BOOKED, HELD, REJECTED = StatementState.BOOKED, StatementState.HELD, StatementState.REJECTED


def take(ctx: Ctx, data: bytes, name: str = "bank.xml") -> jobs.ImportReport:
    return jobs.import_file(ctx, file(data), name=name)


def told(report: jobs.ImportReport) -> list[tuple[StatementState, int, int]]:
    """What became of each statement: state, lines new, lines known."""
    return [(one.state, one.taken, one.known) for one in report.statements]


class TestAFile:
    def test_is_booked_whole(self, books_open: Ctx, account: int) -> None:
        report = take(books_open, camt(Stmt([Pay(1000, "7001"), Pay(-300)], opening_minor=50)))
        assert (report.format, report.repeated, report.problems) == ("camt.053", False, ())
        assert told(report) == [(BOOKED, 2, 0)]
        assert (bank_balance(books_open, account), unallocated(books_open)) == (700, 700)
        assert problems(books_open) == ()

    def test_is_kept_as_it_came(self, books_open: Ctx, account: int) -> None:
        data = camt(Stmt([Pay(1000)])) + b"<!-- " + b"x" * files.PART_BYTES + b" -->"
        report = take(books_open, data, "march.xml")
        assert every(books_open, "SELECT sha256, name, size FROM base_file") == [
            (report.sha256, "march.xml", len(data))
        ]
        with tenant.scope(books_open.tenant_id):
            assert b"".join(files.read_parts(report.sha256)) == data

    def test_tells_how_far_it_is(self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "CHUNK", 2)
        done: list[int] = []
        data = camt(Stmt([Pay(n) for n in range(1, 6)]))
        jobs.import_file(books_open, file(data), name="bank.xml", progress=done.append)
        assert done == [2, 2, 1]

    def test_gives_the_same_in_chunks_of_any_size(self, anna: Ctx, cilla: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        from receivables import open_books

        data = camt(Stmt([Pay(n % 3 + 1) for n in range(10)]))
        seen = []
        for ctx, chunk in ((anna, 1), (cilla, 1000)):
            monkeypatch.setattr(jobs, "CHUNK", chunk)
            account_id = open_account(open_books(ctx), IBAN)
            assert told(take(ctx, data)) == [(BOOKED, 10, 0)]
            seen.append((bank_balance(ctx, account_id), counts(ctx)))
        assert seen[0] == seen[1]

    def test_without_movements_is_booked_and_changes_no_balance(self, books_open: Ctx, account: int) -> None:
        assert told(take(books_open, camt(Stmt([], opening_minor=500)))) == [(BOOKED, 0, 0)]
        assert ledger_is_empty(books_open)

    def test_says_nothing_to_another_tenant_who_may_take_it_in_as_well(
        self, books_open: Ctx, account: int, cilla: Ctx
    ) -> None:
        from receivables import open_books

        data = camt(Stmt([Pay(1000)]))
        take(books_open, data)
        before = counts(books_open)
        open_account(open_books(cilla), IBAN)
        assert told(take(cilla, data)) == [(BOOKED, 1, 0)]
        assert counts(books_open) == before


class TestTheSameFileTwice:
    @pytest.mark.parametrize(
        "data",
        [
            camt(Stmt([Pay(1000, "7001"), Pay(500), Pay(500)]), Stmt([Pay(7)])),
            camt(Stmt([Pay(1000)], off_minor=1)),
            camt(Stmt([Pay(1000)]), Stmt([Pay(7)], off_minor=1)),
            camt(Stmt([Pay(1000)], account="SE3550000000054910000003")),
            bgmax([Pay(100), Pay(100)], [Pay(5)]),
            bgmax([Pay(100)], is_test=True),
            b"noise",
        ],
        ids=["booked", "held", "one booked, one held", "unknown account", "BgMax", "test file", "noise"],
    )
    def test_changes_nothing(self, books_open: Ctx, account: int, data: bytes) -> None:
        open_account(books_open, BANKGIRO)
        first = take(books_open, data)
        before, count, of_files = books(books_open), counts(books_open), every(books_open, "SELECT * FROM base_file")
        again = take(books_open, data, "another name.xml")
        assert again.sha256 == first.sha256
        assert all(one.taken == 0 for one in again.statements)
        assert (books(books_open), counts(books_open)) == (before, count)
        assert every(books_open, "SELECT * FROM base_file") == of_files

    def test_is_told_at_once_when_all_of_it_is_done(self, books_open: Ctx, account: int) -> None:
        data = camt(Stmt([Pay(1000)]))
        first = take(books_open, data)
        assert take(books_open, data) == jobs.ImportReport(first.sha256, "camt.053", True, (), ())
        assert every(books_open, "SELECT count(*) FROM base_command WHERE name = 'banking.take_lines'") == [(1,)]


class TestAnOverlappingFile:
    def test_brings_only_what_is_new(self, books_open: Ctx, account: int) -> None:
        monday = [Pay(1000, "7001"), Pay(500)]
        tuesday = [Pay(200, day=date(2026, 3, 3))]
        assert told(take(books_open, camt(Stmt(monday)))) == [(BOOKED, 2, 0)]
        assert told(take(books_open, camt(Stmt([*monday, *tuesday])))) == [(BOOKED, 1, 2)]
        assert bank_balance(books_open, account) == 1700
        assert problems(books_open) == ()

    def test_brings_the_second_of_two_equal_payments_and_not_a_third(self, books_open: Ctx, account: int) -> None:
        take(books_open, camt(Stmt([Pay(500)])))
        assert told(take(books_open, camt(Stmt([Pay(500), Pay(500)])))) == [(BOOKED, 1, 1)]
        assert told(take(books_open, camt(Stmt([Pay(500), Pay(500)], opening_minor=3)))) == [(BOOKED, 0, 2)]
        assert bank_balance(books_open, account) == 1000

    def test_keeps_equal_payments_of_two_days_apart(self, books_open: Ctx, account: int) -> None:
        take(books_open, camt(Stmt([Pay(500)])))
        assert told(take(books_open, camt(Stmt([Pay(500, day=date(2026, 3, 3))])))) == [(BOOKED, 1, 0)]

    def test_of_another_format_tells_the_same_movement_anew(self, books_open: Ctx, account: int) -> None:
        """The clearing house's file is on the bankgiro, the bank's statement on the account it pays out to."""
        giro = open_account(books_open, BANKGIRO)
        take(books_open, bgmax([Pay(500)]))
        take(books_open, camt(Stmt([Pay(500)])))
        assert (bank_balance(books_open, giro), bank_balance(books_open, account)) == (500, 500)


class TestTwoEqualPaymentsOfOneDay:
    @pytest.mark.parametrize("data", [camt(Stmt([Pay(500)] * 2)), bgmax([Pay(500)] * 2)], ids=["camt", "BgMax"])
    def test_are_two(self, books_open: Ctx, account: int, data: bytes) -> None:
        open_account(books_open, BANKGIRO)
        assert told(take(books_open, data)) == [(BOOKED, 2, 0)]
        assert unallocated(books_open) == 1000


class TestAnUnknownAccount:
    DATA = camt(Stmt([Pay(1000), Pay(500)]))

    def test_holds_its_statement_and_says_what_to_do(self, books_open: Ctx) -> None:
        (one,) = take(books_open, self.DATA).statements
        assert (one.state, one.taken, one.account) == (HELD, 0, IBAN)
        assert one.hold_reason == (f"{IBAN} is not one of the company's accounts; open it, then import the file again")
        assert every(books_open, "SELECT reason FROM work_item WHERE state = 'open'") == [(one.hold_reason,)]
        assert ledger_is_empty(books_open)

    def test_is_taken_once_it_is_opened_and_the_file_comes_again(self, books_open: Ctx) -> None:
        take(books_open, self.DATA)
        account_id = open_account(books_open, "SE45 5000 0000 0583 9825 7466")
        assert told(take(books_open, self.DATA)) == [(BOOKED, 2, 0)]
        assert bank_balance(books_open, account_id) == 1500
        assert every(books_open, "SELECT state, outcome FROM work_item") == [("done", "booked")]
        assert take(books_open, self.DATA).repeated
        assert problems(books_open) == ()

    def test_leaves_the_other_statements_of_its_file_alone(self, books_open: Ctx, account: int) -> None:
        data = camt(Stmt([Pay(7)], account="SE3550000000054910000003"), Stmt([Pay(1000)]))
        assert told(take(books_open, data)) == [(HELD, 0, 0), (BOOKED, 1, 0)]
        other = open_account(books_open, "SE3550000000054910000003")
        assert told(take(books_open, data)) == [(BOOKED, 1, 0), (BOOKED, 0, 0)]
        assert (bank_balance(books_open, other), bank_balance(books_open, account)) == (7, 1000)


class TestAStatementThatDoesNotAddUp:
    def test_is_held_with_the_difference(self, books_open: Ctx, account: int) -> None:
        (one,) = take(books_open, camt(Stmt([Pay(1000)], off_minor=-7))).statements
        assert (one.state, one.taken) == (HELD, 1)
        assert one.hold_reason.endswith("miss the closing balance by -7 minor units")
        assert every(books_open, "SELECT reason_code, reason FROM work_item") == [
            ("banking.balance_differs", one.hold_reason)
        ]
        assert ledger_is_empty(books_open)

    def test_leaves_its_lines_to_a_good_file(self, books_open: Ctx, account: int) -> None:
        take(books_open, camt(Stmt([Pay(1000), Pay(500)], off_minor=7)))
        assert told(take(books_open, camt(Stmt([Pay(1000), Pay(500), Pay(7)])))) == [(BOOKED, 1, 2)]
        assert bank_balance(books_open, account) == 1507
        assert problems(books_open) == ()

    def test_would_keep_them_from_the_books_if_they_were_not_moved(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""
        from kvit.banking.commands import booking

        monkeypatch.setattr(booking, "_adopt", lambda *_: None)
        take(books_open, camt(Stmt([Pay(1000), Pay(500)], off_minor=7)))
        take(books_open, camt(Stmt([Pay(1000), Pay(500), Pay(7)])))
        assert bank_balance(books_open, account) == 7

    def test_releases_nothing_more_once_a_good_file_has_come(self, books_open: Ctx, account: int) -> None:
        (held,) = take(books_open, camt(Stmt([Pay(1000)], off_minor=7))).statements
        take(books_open, camt(Stmt([Pay(1000)])))
        released = commands.release_statement(books_open, statement_id=held.statement_id, reason="to close it")
        assert released.lines == 0
        assert bank_balance(books_open, account) == 1000

    def test_is_booked_if_held_statements_would_be(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: nobody judges."""
        from kvit.banking.domain import Verdict

        monkeypatch.setattr(jobs, "judge", lambda *_, **__: Verdict())
        assert told(take(books_open, camt(Stmt([Pay(1000)], off_minor=-7)))) == [(BOOKED, 1, 0)]


class TestARejectedStatement:
    def test_stays_rejected_when_its_file_comes_again_for_the_sake_of_another_one(
        self, books_open: Ctx, account: int
    ) -> None:
        data = camt(Stmt([Pay(1000)], off_minor=7), Stmt([Pay(9)], account="SE3550000000054910000003"))
        rejected = take(books_open, data).statements[0]
        commands.reject_statement(books_open, statement_id=rejected.statement_id, reason="garbled")
        open_account(books_open, "SE3550000000054910000003")
        assert told(take(books_open, data)) == [(REJECTED, 0, 0), (BOOKED, 1, 0)]
        assert bank_balance(books_open, account) == 0
        assert take(books_open, data).repeated


class TestAProblemBeforeAStatement:
    def test_holds_the_statement_behind_it(self, books_open: Ctx) -> None:
        """A reader may tell a problem before the statement in which it met it."""
        open_account(books_open, BANKGIRO)
        opening = b"05%010d" % int(BANKGIRO)
        data = bgmax([Pay(100)], [Pay(250)], [Pay(30)])
        second = data.index(opening, data.index(opening) + 1)
        report = take(books_open, data[:second] + b"99 what is this?\r\n" + data[second:])
        assert told(report) == [(BOOKED, 1, 0), (HELD, 1, 0), (BOOKED, 1, 0)]
        assert report.statements[1].hold_reason == "line 6: no BgMax record"


class TestATestFile:
    def test_is_held_because_its_lines_are_no_money(self, books_open: Ctx) -> None:
        open_account(books_open, BANKGIRO)
        report = take(books_open, bgmax([Pay(100), Pay(250)], is_test=True))
        assert told(report) == [(HELD, 2, 0)]
        assert "test" in report.statements[0].hold_reason
        assert ledger_is_empty(books_open)


class TestACurrency:
    def test_that_the_account_does_not_have_is_an_unknown_account(self, books_open: Ctx, account: int) -> None:
        (one,) = take(books_open, camt(Stmt([Pay(1000)], currency="EUR"))).statements
        assert (one.state, every(books_open, "SELECT hold_code FROM banking_statement")) == (
            HELD,
            [("unknown_account",)],
        )

    def test_of_a_line_that_differs_holds_its_statement(self, books_open: Ctx, account: int) -> None:
        (one,) = take(books_open, camt(Stmt([Pay(1000), Pay(5, currency="EUR")]))).statements
        assert (one.state, one.hold_reason) == (HELD, "Stmt[1]: lines in EUR, SEK")
        assert ledger_is_empty(books_open)

    def test_that_is_none_breaks_nothing(self, books_open: Ctx, account: int) -> None:
        data = camt(Stmt([Pay(1000)])).replace(b"<Ccy>SEK</Ccy>", b"<Ccy>CROWNS</Ccy>")
        assert told(take(books_open, data)) == [(HELD, 1, 0)]


class TestAnAnnouncedPayment:
    def test_is_a_problem_with_its_place_and_no_money(self, books_open: Ctx, account: int) -> None:
        report = take(books_open, camt(Stmt([Pay(1000), Pay(77, status="PDNG")])))
        assert told(report) == [(BOOKED, 1, 0)]
        assert [problem.place for problem in report.problems] == ["Stmt[1]/Ntry[2]"]
        with tenant.scope(books_open.tenant_id):
            assert queries.problems(report.sha256) == report.problems


class TestAFileOfSeveralStatements:
    def test_counts_equal_payments_of_two_sections_as_two(self, books_open: Ctx) -> None:
        """The clearing house gives no number with them here; they are two payments all the same."""
        account_id = open_account(books_open, BANKGIRO)
        pay = Pay(500, "7001", bank_id="1")
        data = bgmax([pay], [pay])
        assert told(take(books_open, data)) == [(BOOKED, 1, 0), (BOOKED, 1, 0)]
        assert bank_balance(books_open, account_id) == 1000

    def test_asks_for_a_look_where_its_trailer_contradicts_it(self, books_open: Ctx) -> None:
        """Each section proves itself by its deposit; one that is missing altogether shows in the trailer only."""
        account_id = open_account(books_open, BANKGIRO)
        whole = bgmax([Pay(500, "7001")], [Pay(700, "7002")])
        section = whole.index(b"05" + BANKGIRO.zfill(10).encode(), 160)
        cut = whole[:section] + whole[whole.rindex(b"70" + b"2".zfill(8)) :]
        assert told(take(books_open, cut)) == [(BOOKED, 1, 0)]
        (item,) = every(books_open, "SELECT reason FROM work_item WHERE kind = 'banking.look_at_file'")
        assert "2 " in item[0]
        assert "are declared" in item[0]
        assert told(take(books_open, whole)) == [(BOOKED, 0, 1), (BOOKED, 1, 0)]
        assert bank_balance(books_open, account_id) == 1200
        assert problems(books_open) == ()

    def test_asks_for_no_look_where_all_is_well(self, books_open: Ctx) -> None:
        open_account(books_open, BANKGIRO)
        take(books_open, bgmax([Pay(500, "7001")]))
        assert every(books_open, "SELECT kind FROM work_item WHERE kind = 'banking.look_at_file'") == []
