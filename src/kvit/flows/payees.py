"""Which accounts documents are paid to: what banking knows, for invoicing to freeze at issue."""

from typing import Final

from kvit.banking import queries as banking
from kvit.banking.domain import AccountKind
from kvit.formats.einvoice.model import Account
from kvit.invoicing.domain import ports

_BANKS: Final = {AccountKind.BANKGIRO: "SE:BANKGIRO", AccountKind.PLUSGIRO: "SE:PLUSGIRO"}
"""How electronic invoices say that a number is a giro (Peppol, rules for Sweden)."""


def accounts(currency: str) -> tuple[Account, ...]:
    """The company's accounts in a currency, the best first. Needs the tenant's scope."""
    return tuple(
        Account(number=one.number, name=one.name, bank=_BANKS.get(one.kind, "")) for one in banking.payees(currency)
    )


ports.register_accounts(accounts)
