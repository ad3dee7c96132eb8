"""What the books say: balances, open items, and whether everything adds up."""

from kvit.ledger.queries.balances import AccountBalance, account_balance, party_balances
from kvit.ledger.queries.items import (
    Item,
    items_of_entries,
    items_of_subjects,
    live_allocations,
    open_items,
    posted_by_subject,
    reversed_entries,
    settled_by,
)
from kvit.ledger.queries.verification import verify

__all__ = [
    "AccountBalance",
    "Item",
    "account_balance",
    "items_of_entries",
    "items_of_subjects",
    "live_allocations",
    "open_items",
    "party_balances",
    "posted_by_subject",
    "reversed_entries",
    "settled_by",
    "verify",
]
