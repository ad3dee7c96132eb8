"""Balances, now, as of a date, and as known at an instant."""

from dataclasses import dataclass
from datetime import date, datetime

from kvit.base import rows


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """Debit minus credit of one account in one currency, in minor units."""

    account: str
    currency: str
    balance_minor: int


def party_balances(
    party_id: int, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[AccountBalance, ...]:
    """What a party owes (receivable, positive) or is owed (payable, negative), per control account and currency.

    Without dates it is the running balance. `as_of` counts entries dated until that day; `known_at` counts
    what had been recorded by that instant. Zero balances are left out.
    """
    if as_of is None and known_at is None:
        found = rows.select(
            """
            SELECT a.code, b.currency, b.balance_minor
            FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
            WHERE b.party_id = %s AND b.balance_minor <> 0 ORDER BY 1, 2
            """,
            [party_id],
        )
    else:
        found = rows.select(
            """
            SELECT code, currency, sum(signed_minor)::bigint FROM (
                SELECT a.code, i.currency, CASE i.side WHEN 'debit' THEN i.amount_minor ELSE -i.amount_minor END
                FROM ledger_openitem i
                JOIN ledger_entry e ON e.id = i.entry_id JOIN ledger_account a ON a.id = i.account_id
                WHERE i.party_id = %s AND e.entry_date <= coalesce(%s, e.entry_date)
                  AND e.recorded_at <= coalesce(%s, e.recorded_at)
            ) items (code, currency, signed_minor)
            GROUP BY 1, 2 HAVING sum(signed_minor) <> 0 ORDER BY 1, 2
            """,
            [party_id, as_of, known_at],
        )
    return tuple(AccountBalance(*row) for row in found)


def account_balance(
    account: str, currency: str, *, as_of: date | None = None, known_at: datetime | None = None
) -> AccountBalance:
    """The balance of one ledger account; without dates it is summed from the account's last checkpoint on."""
    if as_of is None and known_at is None:
        ((total,),) = rows.select(
            """
            WITH account AS (SELECT id FROM ledger_account WHERE code = %(account)s),
            latest AS (
                SELECT c.through_entry_id, c.balance_minor FROM ledger_checkpoint c, account
                WHERE c.account_id = account.id AND c.currency = %(currency)s ORDER BY c.id DESC LIMIT 1
            )
            SELECT (coalesce((SELECT balance_minor FROM latest), 0) + coalesce(sum(l.amount_minor), 0))::bigint
            FROM ledger_line l, account WHERE l.account_id = account.id AND l.currency = %(currency)s
              AND l.entry_id > coalesce((SELECT through_entry_id FROM latest), 0)
            """,
            {"account": account, "currency": currency},
        )
    else:
        ((total,),) = rows.select(
            """
            SELECT coalesce(sum(l.amount_minor), 0)::bigint FROM ledger_line l
            JOIN ledger_account a ON a.id = l.account_id JOIN ledger_entry e ON e.id = l.entry_id
            WHERE a.code = %s AND l.currency = %s AND e.entry_date <= coalesce(%s, e.entry_date)
              AND e.recorded_at <= coalesce(%s, e.recorded_at)
            """,
            [account, currency, as_of, known_at],
        )
    return AccountBalance(account, currency, int(total))
