"""Lock a statement; post all of it to the books in one transaction, or hold it."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.banking.domain import STATEMENT, StatementState
from kvit.banking.events import StatementBooked, StatementHeld
from kvit.base import rows
from kvit.base.command import Ctx
from kvit.base.lifecycle import move
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts, Posting, PostingLine, bank_account
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

HELD = "banking.held_statement"
STATEMENT_KIND = "bank_statement"


class NoSuchStatement(DomainError):
    """There is no such statement, or not on this account, or its account is not one of the company's."""

    code: ClassVar[str] = "banking.no_such_statement"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a locked statement stands; no account where its number is not one of the company's."""

    state: StatementState
    account_id: int | None
    account_number: str


def lock(statement_id: int) -> Standing:
    """Lock a statement until the transaction ends: its lines and its booking wait for each other.

    Refuses `NoSuchStatement`.
    """
    found = rows.select(
        "SELECT state, account_id, account_number FROM banking_statement WHERE id = %s FOR NO KEY UPDATE",
        [statement_id],
    )
    if not found:
        raise NoSuchStatement(f"there is no statement {statement_id}")
    state, account_id, number = found[0]
    return Standing(StatementState(state), account_id, number)


def decided(ctx: Ctx, statement_id: int, outcome: str) -> None:
    """Nobody need decide about this statement any more."""
    work.close_items(ctx, kind=HELD, subject_kind=STATEMENT_KIND, subject_ids=[statement_id], outcome=outcome)


def book(ctx: Ctx, statement_id: int, account_id: int) -> int:
    """Book the statement's lines: one entry per booking day, against bank movements not yet allocated.

    The detail is in the lines; which of them are allocated to what is the links' affair
    (docs/decisions/0005). How many lines there are.
    """
    move(ctx, STATEMENT, [statement_id], to=StatementState.BOOKED)
    _adopt(ctx, statement_id)
    decided(ctx, statement_id, "booked")
    days = rows.select(
        """
        SELECT booking_date, currency, sum(amount_minor)::bigint, count(*) FROM banking_line
        WHERE statement_id = %s GROUP BY 1, 2 ORDER BY 1, 2
        """,
        [statement_id],
    )
    ledger.post(
        ctx,
        postings=tuple(
            Posting(
                entry_date=day,
                kind="bank_statement",
                subject_kind=STATEMENT_KIND,
                subject_id=statement_id,
                lines=(
                    PostingLine(bank_account(account_id), total, currency),
                    PostingLine(Accounts.UNALLOCATED, -total, currency),
                ),
            )
            for day, currency, total, _ in days
            if total
        ),
    )
    lines = sum(int(row[3]) for row in days)
    ctx.emit(StatementBooked(statement_id=statement_id, account_id=account_id, lines=lines))
    return lines


def _adopt(ctx: Ctx, statement_id: int) -> None:
    """Move lines here that others hold which are not booked; they are locked: none is booked meanwhile."""
    rows.run(
        """
        WITH others AS MATERIALIZED (
            SELECT s.id FROM banking_statement s
            WHERE s.tenant_id = %(tenant)s AND s.id <> %(statement)s AND s.state IN ('received', 'held', 'rejected')
              AND s.id IN (SELECT l.statement_id FROM banking_line l JOIN banking_lineclaim c ON c.line_id = l.id
                           WHERE c.tenant_id = %(tenant)s AND c.statement_id = %(statement)s)
            ORDER BY s.id FOR NO KEY UPDATE
        )
        UPDATE banking_line l SET statement_id = %(statement)s FROM others
        WHERE l.tenant_id = %(tenant)s AND l.statement_id = others.id
          AND l.id IN (SELECT c.line_id FROM banking_lineclaim c WHERE c.statement_id = %(statement)s)
        """,
        {"statement": statement_id, "tenant": ctx.tenant_id},
    )


def hold(ctx: Ctx, statement_id: int, code: str, reason: str) -> None:
    """Keep the statement and its lines, book nothing, and say why."""
    rows.run(
        "UPDATE banking_statement SET hold_code = %s, hold_reason = %s WHERE tenant_id = %s AND id = %s",
        [code, reason[:300], ctx.tenant_id, statement_id],
    )
    ((state,),) = rows.select("SELECT state FROM banking_statement WHERE id = %s", [statement_id])
    if state == StatementState.RECEIVED:
        move(ctx, STATEMENT, [statement_id], to=StatementState.HELD)
        ctx.emit(StatementHeld(statement_id=statement_id, hold_code=code))
    work.open_item(
        ctx,
        item=NewItem(
            kind=HELD,
            subject_kind=STATEMENT_KIND,
            subject_id=statement_id,
            reason_code=f"banking.{code}",
            reason=reason,
        ),
    )
