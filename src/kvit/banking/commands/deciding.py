"""A person decides about a held statement: book it all the same, or never."""

from dataclasses import dataclass

from kvit.banking import queries
from kvit.banking.commands import booking, chain
from kvit.banking.commands.booking import NoSuchStatement
from kvit.banking.domain import STATEMENT, StatementState
from kvit.banking.events import StatementRejected
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable, move


@dataclass(frozen=True)
class StatementDecided:
    """Where the statement stands now, and how many lines went into the books."""

    state: StatementState
    lines: int


@command
def release_statement(ctx: Ctx, *, statement_id: int, reason: str) -> StatementDecided:
    """Book a held statement although it does not add up; the reason stands in the audit row.

    One that is still being taken in is not released: half of its lines may be missing.
    Refuses `NoSuchStatement`, `NotMovable`.
    """
    standing = booking.lock(statement_id)
    if standing.account_id is None:
        raise NoSuchStatement(f"statement {statement_id} is on no account of the company")
    if standing.state is not StatementState.HELD:
        raise NotMovable(f"statement {statement_id} is {standing.state.value}; only a held one is released")
    booked = booking.book(ctx, statement_id, standing.account_id)
    chain.look(ctx, [standing.account_id])
    return StatementDecided(StatementState.BOOKED, booked)


@command
def reject_statement(ctx: Ctx, *, statement_id: int, reason: str) -> StatementDecided:
    """Never book a held statement; its lines stay with it and the same lines in another file are taken.

    Refuses `NotMovable`.
    """
    found = queries.statement(statement_id)
    move(ctx, STATEMENT, [statement_id], to=StatementState.REJECTED)
    booking.decided(ctx, statement_id, "rejected")
    ctx.emit(StatementRejected(statement_id=statement_id))
    if found is not None and found.account_id is not None:
        chain.look(ctx, [found.account_id])
    return StatementDecided(StatementState.REJECTED, 0)
