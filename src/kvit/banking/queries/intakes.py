"""Files taken in and the statements in them."""

from dataclasses import dataclass
from datetime import date, datetime

from kvit.base import rows
from kvit.kernel.results import Problem


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A bank file being taken in, or taken in: who brought it when, and what it held so far.

    `account_id` is the account it was said to be of; None where nobody said one.
    """

    id: int
    file_id: int
    file_name: str
    file_bytes: int
    sha256: str
    format: str
    state: str
    at: datetime
    actor: str
    statement_count: int
    held_count: int
    line_count: int
    problem_count: int
    open_problem_count: int
    account_id: int | None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One account's movements in one file; balances in minor units, where the file states them.

    `currency_assumed`: the profile that read it names the currency, the file does not.
    """

    id: int
    intake_id: int
    place: str
    account_id: int | None
    account_number: str
    currency: str
    statement_number: str
    sequence_number: str
    from_date: date | None
    to_date: date | None
    opening_minor: int | None
    closing_minor: int | None
    state: str
    hold_code: str
    hold_reason: str
    line_count: int
    currency_assumed: bool


_INTAKES = """
    SELECT i.id, f.id, f.name, f.size, f.sha256, i.format, i.state, c.at, c.actor,
           (SELECT count(*) FROM banking_statement s WHERE s.intake_id = i.id),
           (SELECT count(*) FROM banking_statement s WHERE s.intake_id = i.id AND s.state = 'held'),
           (SELECT count(*) FROM banking_statement s JOIN banking_line l ON l.statement_id = s.id
            WHERE s.intake_id = i.id),
           (SELECT count(*) FROM banking_readingproblem p WHERE p.intake_id = i.id),
           (SELECT count(*) FROM banking_readingproblem p WHERE p.intake_id = i.id AND p.set_aside = ''),
           i.account_id
    FROM banking_intake i JOIN base_file f ON f.id = i.file_id JOIN base_command c ON c.id = i.command_id
"""


_STATEMENTS = """
    SELECT s.id, s.intake_id, s.place, s.account_id, s.account_number, s.currency, s.statement_number,
           s.sequence_number, s.from_date, s.to_date, s.opening_minor, s.closing_minor, s.state, s.hold_code,
           s.hold_reason, (SELECT count(*) FROM banking_line l WHERE l.statement_id = s.id), s.currency_assumed
    FROM banking_statement s
"""


def intakes(*, limit: int, below_id: int | None = None) -> tuple[IntakeRow, ...]:
    """Files taken in, the newest first. Needs the tenant's scope."""
    found = rows.select(
        _INTAKES + "WHERE i.id < coalesce(%s::bigint, 9223372036854775807) ORDER BY i.id DESC LIMIT %s",
        [below_id, limit],
    )
    return tuple(IntakeRow(*row) for row in found)


def unread(*, limit: int) -> tuple[IntakeRow, ...]:
    """Files that nothing could read yet, the newest first. Needs the tenant's scope."""
    found = rows.select(
        _INTAKES + "WHERE i.format = 'unknown' AND i.state = 'open' ORDER BY i.id DESC LIMIT %s", [limit]
    )
    return tuple(IntakeRow(*row) for row in found)


def intake(intake_id: int) -> IntakeRow | None:
    """One file that is or was taken in, or None. Needs the tenant's scope."""
    found = rows.select(_INTAKES + "WHERE i.id = %s", [intake_id])
    return IntakeRow(*found[0]) if found else None


def statements_of(intake_id: int, *, limit: int) -> tuple[StatementRow, ...]:
    """The statements of a file, in its order. Needs the tenant's scope."""
    found = rows.select(_STATEMENTS + "WHERE s.intake_id = %s ORDER BY s.id LIMIT %s", [intake_id, limit])
    return tuple(StatementRow(*row) for row in found)


def statements_on(account_id: int, *, limit: int) -> tuple[StatementRow, ...]:
    """The latest statements of an account, by their last day. Needs the tenant's scope."""
    found = rows.select(
        _STATEMENTS
        + "WHERE s.account_id = %s ORDER BY coalesce(s.to_date, s.from_date) DESC NULLS LAST, s.id DESC LIMIT %s",
        [account_id, limit],
    )
    return tuple(StatementRow(*row) for row in found)


def statement(statement_id: int) -> StatementRow | None:
    """One statement, or None. Needs the tenant's scope."""
    found = rows.select(_STATEMENTS + "WHERE s.id = %s", [statement_id])
    return StatementRow(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """What a reader could not read, where it stands, and why somebody set it aside; "" where nobody did."""

    id: int
    place: str
    reason: str
    set_aside: str
    actor: str


def problems_of(intake_id: int, *, limit: int) -> tuple[ProblemRow, ...]:
    """The problems of a file, those that nobody has set aside first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT p.id, p.place, p.reason, p.set_aside, coalesce(c.actor, '')
        FROM banking_readingproblem p LEFT JOIN base_command c ON c.id = p.set_aside_by_id
        WHERE p.intake_id = %s ORDER BY p.set_aside <> '', p.id LIMIT %s
        """,
        [intake_id, limit],
    )
    return tuple(ProblemRow(*row) for row in found)


def problems(sha256: str) -> tuple[Problem, ...]:
    """What could not be read of a file, in the order it was met."""
    return tuple(
        Problem(place=place, reason=reason)
        for place, reason in rows.select(
            """
            SELECT p.place, p.reason FROM banking_readingproblem p JOIN banking_intake i ON i.id = p.intake_id
            JOIN base_file f ON f.id = i.file_id WHERE f.sha256 = %s ORDER BY p.id
            """,
            [sha256],
        )
    )
