"""Files taken in at the same moment, with real commits."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest

import patience
from bank_files import DAY, IBAN, Pay, Stmt, camt, file
from cast import in_threads
from kvit.banking import commands, jobs
from kvit.banking.commands import booking
from kvit.banking.domain import Header, LineKeys, LineToTake, StatementState, Verdict
from kvit.base import files, rows
from kvit.base.command import Ctx
from kvit.formats.bank.statement import Line
from kvit.ledger import commands as ledger
from receivables import bank_balance, every, open_account, open_books, problems

pytestmark = pytest.mark.race

ONE = Line(place="Stmt[1]/Ntry[1]", booking_date=DAY, value_date=None, amount_minor=1000, currency="SEK")


@dataclass(frozen=True)
class Company:
    """Anna's, with a bank account and real commits."""

    ctx: Ctx
    account_id: int


@pytest.fixture
def company(anna_live: Ctx) -> Company:
    return Company(anna_live, open_account(open_books(anna_live), IBAN))


class TestOneFileFromSeveralHands:
    def test_is_booked_once(self, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "CHUNK", 5)
        data = camt(Stmt([Pay(100, bank_id=str(n)) for n in range(20)]), Stmt([Pay(7, bank_id="x")]))
        for answer in in_threads(4, lambda _: jobs.import_file(company.ctx, file(data), name="bank.xml")):
            assert isinstance(answer, jobs.ImportReport)
            assert {one.state for one in answer.statements} <= {StatementState.BOOKED}
        assert bank_balance(company.ctx, company.account_id) == 2007
        assert every(company.ctx, "SELECT count(*) FROM banking_line") == [(21,)]
        assert every(company.ctx, "SELECT count(*) FROM base_event WHERE type = 'banking.StatementBooked'") == [(2,)]
        assert problems(company.ctx) == ()


class TestOverlappingFilesFromSeveralHands:
    def test_are_booked_once_each_line(self, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "CHUNK", 3)
        datas = [camt(Stmt([Pay(100, bank_id=str(n)) for n in range(start, start + 12)])) for start in range(6)]
        for answer in in_threads(6, lambda n: jobs.import_file(company.ctx, file(datas[n]), name=f"{n}.xml")):
            assert isinstance(answer, jobs.ImportReport)
        assert every(company.ctx, "SELECT DISTINCT state FROM banking_statement") == [("booked",)]
        assert bank_balance(company.ctx, company.account_id) == 17 * 100
        assert problems(company.ctx) == ()


def begin(company: Company, content: bytes) -> int:
    """A statement of its own file, received."""
    file_id = files.keep(company.ctx, file(content), name="bank.xml").file_id
    intake_id = commands.begin_intake(company.ctx, file_id=file_id, format="camt.053").intake_id
    head = Header("Stmt[1]", IBAN, "SEK", "S1", None, None, None, None)
    return commands.begin_statement(company.ctx, intake_id=intake_id, header=head).statement_id


def take(company: Company, statement_id: int) -> commands.LinesTaken:
    lines = (LineToTake(LineKeys().key(ONE), ONE),)
    return commands.take_lines(company.ctx, statement_id=statement_id, account_id=company.account_id, lines=lines)


def settle(company: Company, statement_id: int) -> commands.StatementSettled:
    return commands.settle_statement(
        company.ctx, statement_id=statement_id, account_id=company.account_id, verdict=Verdict()
    )


def move_while_booking(company: Company, monkeypatch: pytest.MonkeyPatch, moves: int = 0) -> None:
    """One statement is stopped in the middle of its booking; another wants its line just then."""
    first, second = begin(company, b"first"), begin(company, b"second")
    take(company, first)
    in_the_middle, moved = threading.Event(), threading.Event()
    post: Callable[..., object] = ledger.post

    def slow_post(*args: object, **kwargs: object) -> object:
        in_the_middle.set()
        moved.wait(timeout=1)  # in vain where the mover waits for us
        return post(*args, **kwargs)

    def book_or_move(number: int) -> object:
        if number == 0:
            return settle(company, first)
        in_the_middle.wait(timeout=patience.SECONDS)
        assert take(company, second) == commands.LinesTaken(taken=0, known=1)
        answer = settle(company, second)
        moved.set()
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "post", slow_post)
        assert in_threads(2, book_or_move) == [
            commands.StatementSettled(StatementState.BOOKED, 1, ""),
            commands.StatementSettled(StatementState.BOOKED, moves, ""),
        ]


class TestALineThatIsBeingBooked:
    def test_is_not_moved_to_another_statement(self, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        move_while_booking(company, monkeypatch)
        assert bank_balance(company.ctx, company.account_id) == 1000
        assert problems(company.ctx) == ()

    def test_would_be_booked_twice_if_it_were(self, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: the statement it stands in is not locked."""

        def move_unlocked(ctx: Ctx, statement_id: int) -> None:
            rows.run(
                """
                UPDATE banking_line l SET statement_id = %s FROM banking_statement s
                WHERE s.id = l.statement_id AND s.state <> 'booked'
                """,
                [statement_id],
            )

        monkeypatch.setattr(booking, "_adopt", move_unlocked)
        move_while_booking(company, monkeypatch, moves=1)
        assert bank_balance(company.ctx, company.account_id) == 2000
        assert len(problems(company.ctx)) == 2  # of banking, and of matching
