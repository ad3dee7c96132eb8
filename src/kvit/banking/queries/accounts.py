"""The company's bank accounts and how far they are known."""

from dataclasses import dataclass
from datetime import date

from kvit.banking.domain import AccountKind
from kvit.base import rows


@dataclass(frozen=True, slots=True)
class Payee:
    """An account that customers may pay to, in its currency."""

    id: int
    number: str
    kind: AccountKind
    currency: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account of the company, and until which day it is known; None where nothing came."""

    id: int
    number: str
    currency: str
    name: str
    booked_until: date | None


def accounts() -> dict[int, tuple[str, str, str]]:
    """The company's accounts: id → (number, currency, name)."""
    return {
        row[0]: (row[1], row[2], row[3])
        for row in rows.select("SELECT id, number, currency, name FROM banking_account ORDER BY id")
    }


def payees(currency: str) -> tuple[Payee, ...]:
    """The company's accounts in a currency: giros first, for they check the reference."""
    found = rows.select(
        """
        SELECT id, number, kind, currency, name FROM banking_account WHERE currency = %s
        ORDER BY array_position(ARRAY['bankgiro', 'plusgiro', 'iban', 'national']::varchar[], kind), id
        """,
        [currency],
    )
    return tuple(Payee(row[0], row[1], AccountKind(row[2]), row[3], row[4]) for row in found)


def closing_before(account_id: int, day: date) -> int | None:
    """What the bank last stated as closing balance of an account before a day, in booked statements; minor units."""
    found = rows.select(
        """
        SELECT closing_minor FROM banking_statement
        WHERE account_id = %s AND to_date < %s AND state = 'booked' AND closing_minor IS NOT NULL
        ORDER BY to_date DESC, id DESC LIMIT 1
        """,
        [account_id, day],
    )
    return int(found[0][0]) if found else None


def known_accounts() -> tuple[KnownAccount, ...]:
    """The company's accounts in the order of opening, and how far each is known. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT a.id, a.number, a.currency, a.name, (
            SELECT max(s.to_date) FROM banking_statement s WHERE s.account_id = a.id AND s.state = 'booked')
        FROM banking_account a ORDER BY a.id
        """
    )
    return tuple(KnownAccount(*row) for row in found)
