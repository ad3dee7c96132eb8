"""What invoicing asks others at once: the accounts that its documents are paid to, answered by `flows`."""

from collections.abc import Callable
from typing import TypeAlias

from kvit.formats.einvoice.model import Account

Accounts: TypeAlias = Callable[[str], tuple[Account, ...]]
"""The company's accounts in a currency, the best first. Asked in the tenant's scope."""


def _none(currency: str) -> tuple[Account, ...]:
    """Nobody has answered: documents name no account."""
    return ()


_answers: list[Accounts] = [_none]


def register_accounts(answer: Accounts) -> None:
    """Say who knows the accounts; the last one counts."""
    _answers.append(answer)


def accounts(currency: str) -> tuple[Account, ...]:
    """The accounts that a document in this currency is paid to."""
    return _answers[-1](currency)
