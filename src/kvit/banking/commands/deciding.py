"""A person decides about a held statement: book it all the same, or never."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.banking.commands import booking
from kvit.banking.domain import STATEMENT, StatementState
from kvit.banking.events import StatementRejected
from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.kernel.refusals import DomainError


class NoSuchStatement(DomainError):
    """There is no such statement, or its account is not one of the company's."""

    code: ClassVar[str] = "banking.no_such_statement"


@dataclass(frozen=True)
class StatementDecided:
    """Where the statement stands now, and how many lines went into the books."""

    state: StatementState
    lines: int


@command
def release_statement(ctx: Ctx, *, statement_id: int, reason: str) -> StatementDecided:
    """Book a held statement although it does not add up; the reason stands in the audit row.

    Refuses `NoSuchStatement`, `NotMovable`.
    """
    found = rows.select("SELECT account_id FROM banking_statement WHERE id = %s", [statement_id])
    if not found or found[0][0] is None:
        raise NoSuchStatement(f"there is no statement {statement_id} on an account of the company")
    return StatementDecided(StatementState.BOOKED, booking.book(ctx, statement_id, int(found[0][0])))


@command
def reject_statement(ctx: Ctx, *, statement_id: int, reason: str) -> StatementDecided:
    """Never book a held statement; its lines stay with it and the same lines in another file are taken.

    Refuses `NotMovable`.
    """
    move(ctx, STATEMENT, [statement_id], to=StatementState.REJECTED)
    booking.decided(ctx, statement_id, "rejected")
    ctx.emit(StatementRejected(statement_id=statement_id))
    return StatementDecided(StatementState.REJECTED, 0)
