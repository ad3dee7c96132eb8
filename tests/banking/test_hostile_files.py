"""Files that are broken, cut off, foreign or hostile: told with their place, kept, never booked, nothing lost."""

import random
import zlib

import pytest

from bank_files import BANKGIRO, Pay, Stmt, bgmax, camt, file
from kvit.banking import commands, jobs, queries
from kvit.banking.domain import StatementState
from kvit.base import files, tenant
from kvit.base.command import Ctx
from receivables import bank_balance, books, counts, every, ledger_is_empty, open_account, open_books, problems

HELD = StatementState.HELD
PAYS = [Pay(100 + n, f"70{n}", bank_id=f"50{n}") for n in range(8)]
TOTAL = sum(pay.amount_minor for pay in PAYS)
CAMT = camt(Stmt(PAYS))
WITHOUT_BALANCES = camt(Stmt(PAYS, has_balances=False))
BGMAX = bgmax(PAYS[:4], PAYS[4:])

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>&j;</Id>'
    b"</Stmt></BkToCstmrStmt></Document>"
)
OUTSIDE_ENTITY = BOMB.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


def noise(size: int, start: bytes = b"") -> bytes:
    """Bytes that mean nothing, the same at each run."""
    return start + random.Random(7).randbytes(size - len(start))


def take(ctx: Ctx, data: bytes) -> jobs.ImportReport:
    return jobs.import_file(ctx, file(data), name="bank.xml")


def assert_kept(ctx: Ctx, data: bytes, report: jobs.ImportReport) -> None:
    with tenant.scope(ctx.tenant_id):
        assert b"".join(files.read_parts(report.sha256)) == data
        assert queries.problems(report.sha256) == report.problems


@pytest.fixture(autouse=True)
def accounts(books_open: Ctx, account: int) -> None:
    """Both accounts of the test files are the company's."""
    open_account(books_open, BANKGIRO)


class TestAFileThatIsNoBankFile:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "the file is empty"),
            (b"\n", "the file is in no format that is known here"),
            (noise(10_000_000), "the file is in no format that is known here"),
            (noise(100_000, b"<"), "the file is in no format that is known here"),
            (b"date;amount\n2026-03-02;12,50\n", "the file is in no format that is known here"),
            (b"%PDF-1.7\n", "the file is in no format that is known here"),
            (b"PK\x03\x04" + zlib.compress(CAMT), 'the archive cannot be opened: "File is not a zip file"'),
            (
                b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>',
                "the file is in no format that is known here",
            ),
            (
                b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>',
                "no statement, report or notification stands in this file",
            ),
        ],
        ids=[
            "empty",
            "a blank line",
            "10 MB of noise",
            "noise like XML",
            "CSV",
            "PDF",
            "ZIP",
            "pain.001",
            "no statement",
        ],
    )
    def test_is_told_kept_and_not_booked(self, books_open: Ctx, data: bytes, reason: str) -> None:
        report = take(books_open, data)
        assert [(problem.place, problem.reason) for problem in report.problems] == [("file", reason)]
        assert (report.repeated, report.statements) == (False, ())
        assert_kept(books_open, data, report)
        assert ledger_is_empty(books_open)

    def test_is_told_again_when_it_comes_again(self, books_open: Ctx) -> None:
        first = take(books_open, b"date;amount\n")
        before = counts(books_open)
        assert take(books_open, b"date;amount\n") == first
        assert counts(books_open) == before


class TestAHostileFile:
    @pytest.mark.parametrize("data", [BOMB, OUTSIDE_ENTITY], ids=["a bomb of entities", "an entity from outside"])
    def test_with_a_dtd_is_refused_at_its_first_word(self, books_open: Ctx, data: bytes) -> None:
        report = take(books_open, data)
        (found,) = report.problems
        assert found.place.startswith("line 1, byte ")
        assert "DTD" in found.reason
        assert_kept(books_open, data, report)
        assert ledger_is_empty(books_open)

    @pytest.mark.parametrize(
        "data",
        [
            CAMT.replace(b"<Ntry>", b"<Deep>" * 100 + b"<Ntry>", 1),
            CAMT.replace(b"<Id>S1</Id>", b"<Id>" + b"S" * 200_000 + b"</Id>"),
            CAMT.replace(b"<MsgId>M1</MsgId>", b'<MsgId a="' + b"x" * 2_000_000 + b'">M1</MsgId>'),
            CAMT.replace(b'encoding="UTF-8"', b'encoding="KLINGON"'),
            CAMT.replace(b"Bo Ek", b"Bo \xff\xfe Ek"),
            b"01BGMAX " + b"9" * 2_000_000,
        ],
        ids=["too deep", "one long text", "one long attribute", "an unknown encoding", "not UTF-8", "one long line"],
    )
    def test_is_told_with_a_place_kept_and_not_booked(self, books_open: Ctx, data: bytes) -> None:
        report = take(books_open, data)
        assert report.problems
        assert all(problem.place and problem.reason for problem in report.problems)
        assert {one.state for one in report.statements} <= {HELD}
        assert_kept(books_open, data, report)
        assert ledger_is_empty(books_open)

    @pytest.mark.parametrize(
        "data",
        [
            bgmax([Pay(999_999_999_999_999_999)] * 12),
            camt(Stmt([Pay(99_999_999_999_999_999)] * 100)),
            camt(Stmt([Pay(99_999_999_999_999_999), Pay(-99_999_999_999_999_999)] * 100)),
        ],
        ids=["BgMax", "camt", "camt, in and out"],
    )
    def test_of_amounts_that_no_book_can_add_up_is_held(self, books_open: Ctx, data: bytes) -> None:
        (one,) = take(books_open, data).statements
        assert (one.state, every(books_open, "SELECT hold_code FROM banking_statement")) == (
            HELD,
            [("absurd_amounts",)],
        )
        assert problems(books_open) == ()

    def test_of_wide_texts_is_booked_and_cut_to_its_columns(self, books_open: Ctx, account: int) -> None:
        wide = "Ö" * 5_000
        data = camt(Stmt([Pay(5, reference="7" * 300, text=wide, name=wide, bank_id="B" * 300)]))
        (one,) = take(books_open, data).statements
        assert one.state is StatementState.BOOKED
        assert every(
            books_open,
            "SELECT length(counterparty_name), length(reference), length(bank_id), length(text) FROM banking_line",
        ) == [(200, 140, 80, 5_000)]

    def test_makes_no_work_item_that_cannot_be_opened(self, books_open: Ctx) -> None:
        data = camt(Stmt([Pay(5)], account="<" * 300)).replace(b"<" * 300, b"&lt;" * 300)
        (one,) = take(books_open, data).statements
        assert one.state is HELD
        assert every(books_open, "SELECT state FROM work_item") == [("open",)]


class TestAFileThatIsCutOff:
    @pytest.mark.parametrize("data", [CAMT, WITHOUT_BALANCES], ids=["with balances", "without"])
    @pytest.mark.parametrize("share", [0.15, 0.3, 0.5, 0.7, 0.9])
    def test_in_its_statement_is_held_and_costs_nothing_when_the_whole_one_comes(
        self, books_open: Ctx, account: int, data: bytes, share: float
    ) -> None:
        part = data[: int(len(data) * share)]
        report = take(books_open, part)
        assert {one.state for one in report.statements} <= {HELD}
        assert "reading stopped" in report.problems[0].reason
        assert "byte" in report.problems[0].place + report.problems[0].reason
        assert_kept(books_open, part, report)
        assert ledger_is_empty(books_open)
        (whole,) = take(books_open, data).statements
        assert (whole.state, whole.taken + whole.known) == (StatementState.BOOKED, len(PAYS))
        assert bank_balance(books_open, account) == TOTAL
        assert problems(books_open) == ()

    @pytest.mark.parametrize("cut", range(80, len(BGMAX), 350))
    def test_in_a_section_is_held_from_there_and_costs_nothing_when_the_whole_one_comes(
        self, books_open: Ctx, cilla: Ctx, cut: int
    ) -> None:
        report = take(books_open, BGMAX[:cut])
        whole_sections = BGMAX[:cut].count(b"SEK00000004")
        booked = [one for one in report.statements if one.state is StatementState.BOOKED]
        assert len(booked) == whole_sections
        assert all(one.state is HELD for one in report.statements[whole_sections:])
        assert report.problems[-1].place == "end of file"
        take(books_open, BGMAX)
        assert problems(books_open) == ()
        open_account(open_books(cilla), BANKGIRO)
        take(cilla, BGMAX)
        assert [a.balance_minor for a in books(books_open).accounts[:-2]] == [
            a.balance_minor for a in books(cilla).accounts[:-1]
        ]

    def test_between_statements_books_the_whole_ones(self, books_open: Ctx, account: int) -> None:
        data = camt(Stmt(PAYS[:4]), Stmt(PAYS[4:]))
        cut = data.index(b"<Stmt><Id>S2") + 200
        assert [one.state for one in take(books_open, data[:cut]).statements] == [StatementState.BOOKED, HELD]
        assert bank_balance(books_open, account) == sum(pay.amount_minor for pay in PAYS[:4])
        take(books_open, data)
        assert bank_balance(books_open, account) == TOTAL
        assert problems(books_open) == ()

    def test_would_be_booked_in_part_if_problems_did_not_hold_it(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the judge is not told of the problems."""
        from kvit.banking.domain import judge

        monkeypatch.setattr(
            jobs, "judge", lambda statement, *, sums, problems: judge(statement, sums=sums, problems=())
        )
        take(books_open, WITHOUT_BALANCES[: len(WITHOUT_BALANCES) // 2])
        assert 0 < bank_balance(books_open, account) < TOTAL


class TestAStatementHeldAsCutOff:
    def test_may_be_rejected_and_the_whole_one_still_comes_in(self, books_open: Ctx, account: int) -> None:
        (part,) = take(books_open, CAMT[: len(CAMT) // 2]).statements
        commands.reject_statement(books_open, statement_id=part.statement_id, reason="cut off")
        take(books_open, CAMT)
        assert bank_balance(books_open, account) == TOTAL
