"""Whether links, bank lines and books agree."""

from kvit.banking import queries as banking
from kvit.base import rows
from kvit.kernel.results import Problem
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts


def verify() -> tuple[Problem, ...]:
    """Where the money not yet allocated is not what bank lines and live links leave, or links contradict.

    A link contradicts when it lost its entry, or when its line has another live one.
    """
    found = []
    linked_totals: dict[str, int] = {
        currency: int(total)
        for currency, total in rows.select(
            "SELECT currency, sum(amount_minor) FROM matching_link WHERE state = 'live' GROUP BY 1"
        )
    }
    booked_totals = banking.booked_totals()
    account_currencies = {currency for _, currency, _ in banking.accounts().values()}
    for currency in sorted(account_currencies | booked_totals.keys() | linked_totals.keys()):
        books = ledger.account_balance(Accounts.UNALLOCATED, currency).balance_minor
        left = linked_totals.get(currency, 0) - booked_totals.get(currency, 0)
        if books != left:
            reason = f"{currency}: {books} not allocated in the books, {left} by lines and links (minor units)"
            found.append(Problem("matching", reason))
    return (*found, *_entries(), *_doubled())


def _entries() -> list[Problem]:
    live = rows.select("SELECT id, entry_id, state = 'live' FROM matching_link")
    reversed_ids = ledger.reversed_entries([row[1] for row in live])
    return [
        Problem("matching", f"link {link_id} {'holds' if holds else 'was undone'}, its entry says otherwise")
        for link_id, entry_id, holds in live
        if holds == (entry_id in reversed_ids)
    ]


def _doubled() -> list[Problem]:
    return [
        Problem("matching", f"line {line_id} has {count} live links")
        for line_id, count in rows.select(
            """
            SELECT line_id, count(*) FROM matching_link WHERE state = 'live' GROUP BY 1 HAVING count(*) > 1 ORDER BY 1
            """
        )
    ]
