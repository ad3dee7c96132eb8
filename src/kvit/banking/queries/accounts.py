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


def booked_until() -> dict[int, date | None]:
    """Until which day each of the company's accounts is known, by account; None where nothing came. Needs the scope."""
    found = rows.select(
        """
        SELECT a.id, (
            SELECT max(s.to_date) FROM banking_statement s WHERE s.account_id = a.id AND s.state = 'booked')
        FROM banking_account a ORDER BY a.id
        """
    )
    return {row[0]: row[1] for row in found}
