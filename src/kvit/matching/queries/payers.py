"""What people have taught about who pays for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kvit.base import columns, rows
from kvit.parties.domain.names import fold

_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class KnownPayer:
    """An account and a name that have paid for a customer: how often, since when, learnt from whom (`source`)."""

    id: int
    party_id: int
    account: str
    name: str
    times: int
    source: str
    learnt_at: datetime
    learnt_by: str
    last_at: datetime


_COLUMNS = """
    SELECT p.id, p.party_id, p.account, p.name, p.times, p.source, p.learnt_at, c.actor, p.last_at
    FROM matching_payer p JOIN base_command c ON c.id = p.first_command_id WHERE p.state = 'live' AND
"""


def payers(party_id: int) -> tuple[KnownPayer, ...]:
    """Who has paid for this customer, the most frequent first. Needs the tenant's scope."""
    return _found(_COLUMNS + "p.party_id = %s ORDER BY p.times DESC, p.id", [party_id])


def payers_by_account(accounts: Sequence[str]) -> tuple[KnownPayer, ...]:
    """Whom these accounts have paid for; one account may stand for many customers. Needs the tenant's scope."""
    wanted = ["".join(account.split()).upper() for account in accounts]
    return _found(
        _COLUMNS
        + "p.account IN (SELECT unnest(%s::text[])) AND p.account <> '' ORDER BY p.account, p.times DESC, p.id",
        [wanted],
    )


def parties_of_payer(names: Sequence[str]) -> tuple[int, ...]:
    """Customers for whom somebody of one of these names has paid. Needs the tenant's scope."""
    keys = [key for name in names if (key := fold(name)[:_LONGEST_NAME])]
    found = rows.select(
        """
        SELECT DISTINCT party_id FROM matching_payer
        WHERE name_key IN (SELECT unnest(%s::text[])) AND state = 'live' ORDER BY 1
        """,
        [keys],
    )
    return tuple(row[0] for row in found)


def payers_of_lines(payers: Sequence[tuple[int, str, str]]) -> tuple[tuple[int, int, bool, int], ...]:
    """Of lines with (id, payer's account, name): (line, customer, known by the account?, for how many customers).

    Needs the tenant's scope.
    """
    accounts = [(line_id, "".join(account.split()).upper()) for line_id, account, _ in payers]
    names = [(line_id, fold(name)[:_LONGEST_NAME]) for line_id, _, name in payers]
    found = rows.select(
        """
        WITH asked AS (
            SELECT * FROM unnest(%(lines)s::bigint[], %(accounts)s::text[], %(names)s::text[])
                AS a (line, account, name)
        ), paid AS (
            SELECT a.line, p.party_id, true AS by_account FROM asked a JOIN matching_payer p
                ON p.account = a.account AND p.state = 'live' WHERE a.account <> ''
            UNION
            SELECT a.line, p.party_id, false FROM asked a JOIN matching_payer p
                ON p.name_key = a.name AND p.state = 'live' WHERE a.name <> ''
        )
        SELECT line, party_id, by_account, count(*) OVER (PARTITION BY line, by_account)::int FROM paid
        """,
        {
            "lines": [line_id for line_id, _ in accounts],
            "accounts": [account for _, account in accounts],
            "names": [name for _, name in names],
        },
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in found)


def payer_columns() -> columns.Table:
    """Everybody who has paid for somebody: a table of columns of party_id, account, name and times, by party."""
    return columns.read(
        "SELECT party_id, account, name, times FROM matching_payer WHERE state = 'live' ORDER BY party_id, id",
        (),
        {"party_id": columns.LONG, "account": columns.TEXT, "name": columns.TEXT, "times": columns.LONG},
    )


def payer(payer_id: int) -> KnownPayer | None:
    """One payer that still counts, or None. Needs the tenant's scope."""
    found = _found(_COLUMNS + "p.id = %s", [payer_id])
    return found[0] if found else None


def _found(query: Any, params: Any) -> tuple[KnownPayer, ...]:
    return tuple(KnownPayer(*row) for row in rows.select(query, params))
