"""Open the company's bank accounts."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.banking.domain import account_key, account_kind
from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger.domain import bank_account


class AccountNumberTaken(DomainError):
    """The company already has this account in this currency."""

    code: ClassVar[str] = "banking.account_number_taken"


@dataclass(frozen=True)
class BankAccountOpened:
    """The account's id, and the ledger account its money stands on."""

    account_id: int
    ledger_account: str


@command
def open_bank_account(ctx: Ctx, *, number: str, currency: str, name: str) -> BankAccountOpened:
    """Make an IBAN, a national account number, a bankgiro or a plusgiro known as the company's own.

    Blanks and dashes do not matter to which account it is, only to which kind (`domain.account_kind`).
    Refuses `AccountNumberTaken`, `UnknownCurrency`.
    """
    currencies.minor_units(currency)
    inserted = rows.select(
        """
        INSERT INTO banking_account (tenant_id, number, kind, currency, name) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        [ctx.tenant_id, account_key(number), account_kind(number).value, currency, name],
    )
    if not inserted:
        raise AccountNumberTaken(f"{number} in {currency} is one of the company's accounts already")
    account_id = int(inserted[0][0])
    ledger_account = bank_account(account_id)
    ledger.open_account(ctx, code=ledger_account, name=name)
    return BankAccountOpened(account_id, ledger_account)
