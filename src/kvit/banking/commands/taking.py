"""Take a bank file in: begin, statements, lines in chunks, problems, settle, end. Each step may be repeated."""

from dataclasses import dataclass

from kvit.banking.commands import booking
from kvit.banking.domain import INTAKE, Header, IntakeState, LineToTake, StatementState, Verdict, account_key
from kvit.banking.domain.taking import details
from kvit.base import codec, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.kernel.results import Problem

_UNKNOWN_ACCOUNT = "unknown_account"


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
class StatementSettled:
    """Where the statement stands now, how many lines it put into the books, and why it is held if it is."""

    state: StatementState
    lines: int
    hold_reason: str


@dataclass(frozen=True)
class IntakeEnded:
    """`done` is False while a statement is held."""

    done: bool


@command
def begin_intake(ctx: Ctx, *, file_id: int, format: str) -> IntakeBegun:
    """Begin, or go on with, taking a kept file in."""
    rows.run(
        """
        INSERT INTO banking_intake (tenant_id, file_id, format, state, command_id) VALUES (%s, %s, %s, 'open', %s)
        ON CONFLICT DO NOTHING
        """,
        [ctx.tenant_id, file_id, format, ctx.command_id],
    )
    ((intake_id, state),) = rows.select("SELECT id, state FROM banking_intake WHERE file_id = %s", [file_id])
    return IntakeBegun(int(intake_id), state == IntakeState.DONE)


@command
def begin_statement(ctx: Ctx, *, intake_id: int, header: Header) -> StatementBegun:
    """Write a statement's head, or find it; its account is looked up again each time while it is unknown."""
    account_id = _account(header)
    rows.run(
        """
        INSERT INTO banking_statement (tenant_id, intake_id, place, account_id, account_number, currency,
            statement_number, from_date, to_date, opening_minor, closing_minor, state, hold_code, hold_reason,
            command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'received', '', '', %s) ON CONFLICT DO NOTHING
        """,
        [
            ctx.tenant_id,
            intake_id,
            header.place,
            account_id,
            header.account_number,
            header.currency,
            header.statement_number,
            header.from_date,
            header.to_date,
            header.opening_minor,
            header.closing_minor,
            ctx.command_id,
        ],
    )
    rows.run(
        """
        UPDATE banking_statement SET account_id = %s
        WHERE tenant_id = %s AND intake_id = %s AND place = %s AND account_id IS NULL AND %s::bigint IS NOT NULL
        """,
        [account_id, ctx.tenant_id, intake_id, header.place, account_id],
    )
    ((statement_id, found_account, state),) = rows.select(
        "SELECT id, account_id, state FROM banking_statement WHERE intake_id = %s AND place = %s",
        [intake_id, header.place],
    )
    return StatementBegun(int(statement_id), found_account, StatementState(state))


def _account(header: Header) -> int | None:
    """The company's account of this number; where the file names no currency, only if there is just one."""
    found = rows.select(
        "SELECT id FROM banking_account WHERE number = %s AND (currency = %s OR %s = '')",
        [account_key(header.account_number), header.currency, header.currency],
    )
    return int(found[0][0]) if len(found) == 1 else None


@command
def take_lines(ctx: Ctx, *, statement_id: int, account_id: int, lines: Bulk[tuple[LineToTake, ...]]) -> LinesTaken:
    """Write a chunk of lines. A line that came before, in whatever file, is known and changes nothing.

    A line known only from a statement that was never booked moves to this one, which may be.
    """
    count = len(lines)
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
        _adopt(ctx, statement_id, account_id, lines)
    return LinesTaken(taken=len(inserted), known=count - len(inserted))


def _adopt(ctx: Ctx, statement_id: int, account_id: int, lines: tuple[LineToTake, ...]) -> None:
    rows.run(
        """
        UPDATE banking_line l SET statement_id = %(statement)s FROM banking_statement s
        WHERE l.tenant_id = %(tenant)s AND l.account_id = %(account)s
          AND l.content_key IN (SELECT unnest(%(keys)s::uuid[]))
          AND s.tenant_id = l.tenant_id AND s.id = l.statement_id AND s.id <> %(statement)s
          AND s.state IN ('received', 'held', 'rejected')
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
    """Keep what could not be read, with its place; the same problem twice is one."""
    inserted = rows.insert(
        "banking_readingproblem",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(problems)),
            "intake_id": ("bigint", [intake_id] * len(problems)),
            "place": ("text", [problem.place[:200] for problem in problems]),
            "reason": ("text", [problem.reason[:500] for problem in problems]),
        },
        tail="ON CONFLICT DO NOTHING RETURNING id",
    )
    return ProblemsNoted(len(inserted))


@command
def settle_statement(ctx: Ctx, *, statement_id: int, verdict: Verdict) -> StatementSettled:
    """Book a whole statement at once, or hold it with its reason; one that is settled stays as it is."""
    ((state, account_id, number),) = rows.select(
        "SELECT state, account_id, account_number FROM banking_statement WHERE id = %s FOR NO KEY UPDATE",
        [statement_id],
    )
    if state in (StatementState.BOOKED, StatementState.REJECTED):
        return StatementSettled(StatementState(state), 0, "")
    if account_id is None:
        reason = f"{number or 'the account'} is not one of the company's accounts; open it, then import the file again"
        verdict = Verdict(_UNKNOWN_ACCOUNT, reason)
    if verdict.hold_code:
        booking.hold(ctx, statement_id, verdict.hold_code, verdict.reason)
        return StatementSettled(StatementState.HELD, 0, verdict.reason)
    return StatementSettled(StatementState.BOOKED, booking.book(ctx, statement_id, account_id), "")


@command
def end_intake(ctx: Ctx, *, intake_id: int) -> IntakeEnded:
    """Close a file's intake once none of its statements waits; importing it again then changes nothing."""
    ((waiting, state),) = rows.select(
        """
        SELECT count(s.id) FILTER (WHERE s.state IN ('received', 'held')), i.state FROM banking_intake i
        LEFT JOIN banking_statement s ON s.intake_id = i.id WHERE i.id = %s GROUP BY i.id, i.state
        """,
        [intake_id],
    )
    if waiting == 0 and state == IntakeState.OPEN:
        move(ctx, INTAKE, [intake_id], to=IntakeState.DONE)
    return IntakeEnded(done=waiting == 0)
