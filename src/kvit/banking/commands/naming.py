"""A person says of which account a file is that names none; then it is taken in as any other."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.banking import queries
from kvit.banking.commands import booking
from kvit.banking.domain import STATEMENT, StatementState
from kvit.banking.events import FileReceived
from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.kernel.refusals import DomainError


class AccountDoesNotFit(DomainError):
    """The statement cannot be of this account: the file names another number or currency."""

    code: ClassVar[str] = "banking.account_does_not_fit"


class AccountKnown(DomainError):
    """Nobody need say of which account this statement is: that is known, or it is decided already."""

    code: ClassVar[str] = "banking.account_known"


class NoSuchAccount(DomainError):
    """The company has no such account."""

    code: ClassVar[str] = "banking.no_such_account"


@dataclass(frozen=True)
class AccountNamed:
    """The account, and the intake that goes on with it."""

    account_id: int
    intake_id: int


@command
def name_account(ctx: Ctx, *, statement_id: int, account_id: int) -> AccountNamed:
    """Say of which account a held statement is whose file does not tell; the file's intake goes on with its lines.

    A file of one statement whose currency was assumed is read in the account's.
    Refuses `NoSuchStatement`, `AccountKnown`, `AccountDoesNotFit`.
    """
    standing = booking.lock(statement_id)
    if standing.account_id is not None or standing.state is not StatementState.HELD:
        raise AccountKnown(f"statement {statement_id} does not wait for its account")
    fitting = queries.candidates(statement_id)
    if account_id not in fitting:
        raise AccountDoesNotFit(f"statement {statement_id} cannot be of account {account_id}")
    ((intake_id, file_id),) = rows.select(
        """
        SELECT i.id, i.file_id FROM banking_statement s JOIN banking_intake i ON i.id = s.intake_id WHERE s.id = %s
        """,
        [statement_id],
    )
    rows.run(
        """
        UPDATE banking_statement SET account_id = %s, currency = CASE WHEN currency_assumed THEN %s ELSE currency END
        WHERE tenant_id = %s AND id = %s
        """,
        [account_id, fitting[account_id], ctx.tenant_id, statement_id],
    )
    if queries.is_alone(statement_id):
        tell(ctx, int(intake_id), account_id)
    move(ctx, STATEMENT, [statement_id], to=StatementState.RECEIVED)
    booking.decided(ctx, statement_id, "banking.account_named")
    ctx.emit(FileReceived(intake_id=int(intake_id), file_id=int(file_id)))
    return AccountNamed(account_id, int(intake_id))


def tell(ctx: Ctx, intake_id: int, account_id: int) -> None:
    """Write down of which account an open file is that names none; what was told before stays.

    Refuses `NoSuchAccount`.
    """
    if not rows.select("SELECT FROM banking_account WHERE id = %s", [account_id]):
        raise NoSuchAccount(f"there is no account {account_id}")
    rows.run(
        """
        UPDATE banking_intake SET account_id = %s
        WHERE tenant_id = %s AND id = %s AND state = 'open' AND account_id IS NULL
        """,
        [account_id, ctx.tenant_id, intake_id],
    )
