"""Take a bank file in: begin, statements, lines in chunks, problems, settle, end. Each step may be repeated."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.banking import queries
from kvit.banking.commands import booking, chain, naming
from kvit.banking.commands.booking import NoSuchStatement
from kvit.banking.domain import (
    INTAKE,
    SETTLED,
    STATEMENT,
    Header,
    IntakeState,
    LineToTake,
    StatementState,
    Verdict,
)
from kvit.banking.domain.taking import details
from kvit.banking.events import FileReceived
from kvit.base import codec, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

_UNKNOWN_ACCOUNT = "unknown_account"
_WHICH_ACCOUNT = "which_account"


class NoSuchIntake(DomainError):
    """No such file was kept, or none is being taken in under this id."""

    code: ClassVar[str] = "banking.no_such_intake"


@dataclass(frozen=True)
class IntakeBegun:
    """The file's intake; `done` says that all of it was booked or rejected before."""

    intake_id: int
    done: bool


@dataclass(frozen=True)
class StatementBegun:
    """The statement's row; no account where the number is not one of the company's."""

    statement_id: int
    account_id: int | None
    state: StatementState


@dataclass(frozen=True)
class LinesTaken:
    """How many lines are new, and how many had come before."""

    taken: int
    known: int


@dataclass(frozen=True)
class ProblemsNoted:
    """How many problems were not noted before."""

    noted: int


@dataclass(frozen=True)
class FileFlagged:
    """The work item that asks for a look at the file."""

    item_id: int


@dataclass(frozen=True)
class StatementSettled:
    """Where the statement stands now, how many lines it put into the books, and why it is held if it is."""

    state: StatementState
    lines: int
    hold_reason: str


@dataclass(frozen=True)
class StatementCompleted:
    """Whether the head was changed: that of a statement that is settled stays."""

    changed: bool


@dataclass(frozen=True)
class IntakeEnded:
    """`done` is False while a statement is held."""

    done: bool


@command
def begin_intake(ctx: Ctx, *, file_id: int, format: str, account_id: int | None = None) -> IntakeBegun:
    """Begin, or go on with, taking a kept file in; `account_id` is the account it is of where it names none itself.

    Refuses `NoSuchIntake` where no such file was kept, `NoSuchAccount`.
    """
    rows.run(
        """
        INSERT INTO banking_intake (tenant_id, file_id, format, state, command_id)
        SELECT %s, f.id, %s, 'open', %s FROM base_file f WHERE f.id = %s ON CONFLICT DO NOTHING
        """,
        [ctx.tenant_id, format, ctx.command_id, file_id],
    )
    rows.run(  # what nothing read before may be read by a profile that was kept since
        """
        UPDATE banking_intake SET format = %s
        WHERE tenant_id = %s AND file_id = %s AND state = 'open' AND format = 'unknown' AND format <> %s
        """,
        [format, ctx.tenant_id, file_id, format],
    )
    found = rows.select("SELECT id, state FROM banking_intake WHERE file_id = %s", [file_id])
    if not found:
        raise NoSuchIntake(f"there is no file {file_id}")
    if account_id is not None:
        naming.tell(ctx, int(found[0][0]), account_id)
    return IntakeBegun(int(found[0][0]), found[0][1] == IntakeState.DONE)


@command
def receive_file(ctx: Ctx, *, file_id: int, format: str, account_id: int | None = None) -> IntakeBegun:
    """Let a kept file be taken in in the background; one that is done stays as it is. Refuses as `begin_intake`."""
    begun = begin_intake(ctx, file_id=file_id, format=format, account_id=account_id)
    if not begun.done:
        ctx.emit(FileReceived(intake_id=begun.intake_id, file_id=file_id))
    return begun


def _require_intake(intake_id: int) -> None:
    if not rows.select("SELECT FROM banking_intake WHERE id = %s", [intake_id]):
        raise NoSuchIntake(f"there is no intake {intake_id}")


@command
def begin_statement(ctx: Ctx, *, intake_id: int, header: Header) -> StatementBegun:
    """Write a statement's head, or find it; its account is looked up again each time while it is unknown.

    A statement held for want of its account is received anew once that is known: its lines are still to come.
    Refuses `NoSuchIntake`.
    """
    _require_intake(intake_id)
    account_id = queries.account_of(header, intake_id=intake_id)
    _write(ctx, intake_id, header, account_id)
    now_known = rows.select(
        """
        UPDATE banking_statement SET account_id = %s, currency = %s, currency_assumed = %s
        WHERE tenant_id = %s AND intake_id = %s AND place = %s AND account_id IS NULL AND %s::bigint IS NOT NULL
          AND state IN ('received', 'held')
        RETURNING id, state
        """,
        [
            account_id,
            header.currency,
            header.is_currency_assumed,
            ctx.tenant_id,
            intake_id,
            header.place,
            account_id,
        ],
    )
    if now_known and now_known[0][1] == StatementState.HELD:
        move(ctx, STATEMENT, [now_known[0][0]], to=StatementState.RECEIVED)
    ((statement_id, found_account, state),) = rows.select(
        "SELECT id, account_id, state FROM banking_statement WHERE intake_id = %s AND place = %s",
        [intake_id, header.place],
    )
    return StatementBegun(int(statement_id), found_account, StatementState(state))


def _write(ctx: Ctx, intake_id: int, header: Header, account_id: int | None) -> None:
    """The statement's row, where there is none yet."""
    rows.run(
        """
        INSERT INTO banking_statement (tenant_id, intake_id, place, account_id, account_number, currency,
            statement_number, sequence_number, from_date, to_date, opening_minor, closing_minor, profile,
            currency_assumed, state, hold_code, hold_reason, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'received', '', '', %s)
        ON CONFLICT DO NOTHING
        """,
        [
            ctx.tenant_id,
            intake_id,
            header.place,
            account_id,
            header.account_number,
            header.currency,
            header.statement_number,
            header.sequence_number,
            header.from_date,
            header.to_date,
            header.opening_minor,
            header.closing_minor,
            header.profile,
            header.is_currency_assumed,
            ctx.command_id,
        ],
    )


@command
def take_lines(ctx: Ctx, *, statement_id: int, account_id: int, lines: Bulk[tuple[LineToTake, ...]]) -> LinesTaken:
    """Write a chunk of lines. A line that came before, in whatever file, is known and changes nothing.

    A line known only from a statement that is not booked moves to this one if this one is booked first. A
    statement that is booked or rejected takes no more lines. Refuses `NoSuchStatement`.
    """
    count = len(lines)
    standing = booking.lock(statement_id)
    if standing.account_id != account_id:
        raise NoSuchStatement(f"there is no statement {statement_id} on account {account_id}")
    if standing.state in SETTLED:
        return LinesTaken(taken=0, known=count)
    read = [taking.line for taking in lines]
    inserted = rows.insert(
        "banking_line",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "statement_id": ("bigint", [statement_id] * count),
            "account_id": ("bigint", [account_id] * count),
            "content_key": ("uuid", [taking.content_key for taking in lines]),
            "place": ("text", [line.place[:60] for line in read]),
            "booking_date": ("date", [line.booking_date for line in read]),
            "value_date": ("date", [line.value_date for line in read]),
            "amount_minor": ("bigint", [line.amount_minor for line in read]),
            "currency": ("text", [line.currency for line in read]),
            "counterparty_name": ("text", [line.counterparty_name[:200] for line in read]),
            "counterparty_account": ("text", [line.counterparty_account[:60] for line in read]),
            "reference": ("text", [line.reference[:140] for line in read]),
            "text": ("text", [line.text for line in read]),
            "bank_id": ("text", [line.bank_id[:80] for line in read]),
            "details": ("jsonb", [codec.canonical(details(line)).decode() for line in read]),
        },
        tail="ON CONFLICT (tenant_id, account_id, content_key) DO NOTHING RETURNING id",
    )
    if len(inserted) < count:
        _claim(ctx, statement_id, account_id, lines)
    return LinesTaken(taken=len(inserted), known=count - len(inserted))


def _claim(ctx: Ctx, statement_id: int, account_id: int, lines: tuple[LineToTake, ...]) -> None:
    """Remember which of these lines lie with statements that are not booked: this one may be booked instead."""
    rows.run(
        """
        INSERT INTO banking_lineclaim (tenant_id, statement_id, line_id)
        SELECT %(tenant)s, %(statement)s, l.id
        FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id
        WHERE l.tenant_id = %(tenant)s AND l.account_id = %(account)s
          AND l.content_key IN (SELECT unnest(%(keys)s::uuid[])) AND l.statement_id <> %(statement)s
          AND s.tenant_id = %(tenant)s AND s.state IN ('received', 'held', 'rejected')
        ON CONFLICT DO NOTHING
        """,
        {
            "statement": statement_id,
            "tenant": ctx.tenant_id,
            "account": account_id,
            "keys": [taking.content_key for taking in lines],
        },
    )


@command
def note_problems(ctx: Ctx, *, intake_id: int, problems: Bulk[tuple[Problem, ...]]) -> ProblemsNoted:
    """Keep what could not be read, with its place; the same problem twice is one. Refuses `NoSuchIntake`."""
    _require_intake(intake_id)
    inserted = rows.insert(
        "banking_readingproblem",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(problems)),
            "intake_id": ("bigint", [intake_id] * len(problems)),
            "place": ("text", [problem.place[:200] for problem in problems]),
            "reason": ("text", [problem.reason[:500] for problem in problems]),
            "set_aside": ("text", [""] * len(problems)),
        },
        tail="ON CONFLICT DO NOTHING RETURNING id",
    )
    return ProblemsNoted(len(inserted))


@command
def flag_file(ctx: Ctx, *, intake_id: int, problem: Problem) -> FileFlagged:
    """Let a person look at a file that is wrong as a whole, whatever its statements. Refuses `NoSuchIntake`."""
    _require_intake(intake_id)
    opened = work.open_item(
        ctx,
        item=NewItem(
            kind="banking.look_at_file",
            subject_kind="bank_intake",
            subject_id=intake_id,
            reason_code="banking.file_problem",
            reason=f"{problem.place}: {problem.reason}"[:500],
        ),
    )
    return FileFlagged(opened.item_id)


@command
def complete_statement(ctx: Ctx, *, statement_id: int, header: Header) -> StatementCompleted:
    """Write the last day and closing balance of a statement whose file says them only at its end, as MT940 does.

    Refuses `NoSuchStatement`.
    """
    if booking.lock(statement_id).state in SETTLED:
        return StatementCompleted(False)
    rows.run(
        """
        UPDATE banking_statement SET to_date = %s, closing_minor = %s WHERE tenant_id = %s AND id = %s
        """,
        [header.to_date, header.closing_minor, ctx.tenant_id, statement_id],
    )
    return StatementCompleted(True)


@command
def settle_statement(ctx: Ctx, *, statement_id: int, account_id: int | None, verdict: Verdict) -> StatementSettled:
    """Book a whole statement at once, or hold it with its reason; one that is settled stays as it is.

    `account_id` is the account for which the lines were taken. Where it was not known then and is by now, another
    import of the file has begun to take the lines, and settles. Refuses `NoSuchStatement`.
    """
    standing = booking.lock(statement_id)
    if standing.state in SETTLED:
        return StatementSettled(standing.state, 0, "")
    if standing.account_id is None:
        verdict = _account_missing(statement_id, standing.account_number)
    elif account_id is None:
        return StatementSettled(standing.state, 0, "")
    if standing.account_id is None or verdict.hold_code:
        booking.hold(ctx, statement_id, verdict.hold_code, verdict.reason)
        return StatementSettled(StatementState.HELD, 0, verdict.reason)
    return StatementSettled(StatementState.BOOKED, booking.book(ctx, statement_id, standing.account_id), "")


def _account_missing(statement_id: int, number: str) -> Verdict:
    if queries.candidates(statement_id):
        return Verdict(_WHICH_ACCOUNT, "the file does not tell which of the company's accounts it is of; name it")
    named = number or "the account"
    return Verdict(
        _UNKNOWN_ACCOUNT, f"{named} is not one of the company's accounts; open it, then import the file again"
    )


@command
def end_intake(ctx: Ctx, *, intake_id: int) -> IntakeEnded:
    """Close a file's intake once none of its statements waits; importing it again then changes nothing.

    Refuses `NoSuchIntake`.
    """
    found = rows.select("SELECT state FROM banking_intake WHERE id = %s FOR NO KEY UPDATE", [intake_id])
    if not found:
        raise NoSuchIntake(f"there is no intake {intake_id}")
    chain.look(ctx, queries.accounts_of_intake(intake_id))
    ((waiting,),) = rows.select(
        "SELECT count(*) FROM banking_statement WHERE intake_id = %s AND state IN ('received', 'held')", [intake_id]
    )
    if waiting == 0 and found[0][0] == IntakeState.OPEN:
        move(ctx, INTAKE, [intake_id], to=IntakeState.DONE)
    return IntakeEnded(done=waiting == 0)
