"""What the books say: balances, open items, and whether everything adds up."""

from kvit.ledger.queries.balances import AccountBalance, account_balance, party_balances
from kvit.ledger.queries.columns import (
    Marks,
    marks,
    open_documents,
    receivable_columns,
    receivable_columns_since,
    receivable_columns_written_since,
)
from kvit.ledger.queries.entries import Allocated, Entry, EntryLine, allocations_of, entries_about
from kvit.ledger.queries.items import (
    Item,
    items_by_id,
    items_of_entries,
    items_of_subjects,
    latest_items,
    live_allocations,
    open_items,
    posted_by_subject,
    reversed_entries,
    settled_by,
    still_live,
)
from kvit.ledger.queries.receivables import (
    Habit,
    Owed,
    habit,
    holders_of_amounts,
    largest_debtors,
    open_of_amount,
    owed,
    owed_in_all,
    receivables_of,
)
from kvit.ledger.queries.statements import Movement, movements, opening_balances
from kvit.ledger.queries.verification import verify

__all__ = [
    "AccountBalance",
    "Allocated",
    "Entry",
    "EntryLine",
    "Habit",
    "Item",
    "Marks",
    "Movement",
    "Owed",
    "account_balance",
    "allocations_of",
    "entries_about",
    "habit",
    "holders_of_amounts",
    "items_by_id",
    "items_of_entries",
    "items_of_subjects",
    "largest_debtors",
    "latest_items",
    "live_allocations",
    "marks",
    "movements",
    "open_documents",
    "open_items",
    "open_of_amount",
    "opening_balances",
    "owed",
    "owed_in_all",
    "party_balances",
    "posted_by_subject",
    "receivable_columns",
    "receivable_columns_since",
    "receivable_columns_written_since",
    "receivables_of",
    "reversed_entries",
    "settled_by",
    "still_live",
    "verify",
]
