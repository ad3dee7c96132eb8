"""Receivables as columns, all at once or what has changed since, for the matching of payments."""

from dataclasses import dataclass
from datetime import date
from typing import Final, LiteralString

from kvit.base import columns, rows
from kvit.ledger.domain import Accounts


@dataclass(frozen=True, slots=True)
class Marks:
    """The highest ids of items and allocations that a reader has seen."""

    item_id: int
    allocation_id: int


_TYPES: Final = {
    "item_id": columns.LONG,
    "party_id": columns.LONG,
    "invoice_id": columns.LONG,
    "amount": columns.LONG,
    "open": columns.LONG,
    "currency": columns.TEXT,
    "issued": columns.LONG,
    "due": columns.LONG,
}
# A due date tells documents from write-offs and their reversals, which speak of the same subject.
_COLUMNS: LiteralString = """
    SELECT i.id, i.party_id, i.subject_id, CASE i.side WHEN 'debit' THEN i.amount_minor ELSE -i.amount_minor END,
           CASE i.side WHEN 'debit' THEN i.open_minor ELSE -i.open_minor END, i.currency,
           i.item_date - DATE '1970-01-01', i.due_date - DATE '1970-01-01'
"""
_OF_DOCUMENTS: LiteralString = """
    WHERE i.account_id = (SELECT id FROM ledger_account WHERE code = %(account)s)
      AND i.subject_kind = 'invoice' AND i.due_date IS NOT NULL
"""
_RECEIVABLES: LiteralString = _COLUMNS + "FROM ledger_openitem i" + _OF_DOCUMENTS


def marks() -> Marks:
    """The highest ids there are now. Needs the tenant's scope."""
    ((item_id, allocation_id),) = rows.select(
        """
        SELECT (SELECT coalesce(max(id), 0) FROM ledger_openitem), (SELECT coalesce(max(id), 0) FROM ledger_allocation)
        """
    )
    return Marks(item_id, allocation_id)


def receivable_columns(*, closed_since: date) -> columns.Table:
    """All items of invoices and credit notes that are open, and those since a day that are not, by id.

    Columns are item_id, party_id, invoice_id, amount and open (minor units, a credit note negative), currency, issued
    and due (days from 1970-01-01). Needs the tenant's scope.
    """
    return columns.read(
        _RECEIVABLES + "AND (i.open_minor > 0 OR i.item_date >= %(since)s) ORDER BY i.id",
        {"account": Accounts.RECEIVABLE, "since": closed_since},
        _TYPES,
    )


def receivable_columns_since(since: Marks) -> columns.Table:
    """The same of items above the mark, and of those that allocations above the mark speak of, as they are now."""
    return columns.read(
        _COLUMNS
        + """
        FROM (
            SELECT i.id FROM ledger_openitem i
        """
        + _OF_DOCUMENTS
        + """
            AND i.id > %(items)s
            UNION SELECT a.debit_item_id FROM ledger_allocation a
            WHERE a.id > %(allocations)s AND a.debit_item_id <= %(items)s
            UNION SELECT a.credit_item_id FROM ledger_allocation a
            WHERE a.id > %(allocations)s AND a.credit_item_id <= %(items)s
        ) touched CROSS JOIN LATERAL (SELECT * FROM ledger_openitem WHERE id = touched.id OFFSET 0) i
        """
        + _OF_DOCUMENTS
        + "ORDER BY i.id",
        {"account": Accounts.RECEIVABLE, "items": since.item_id, "allocations": since.allocation_id},
        _TYPES,
    )


def receivable_columns_written_since(transaction_id: int) -> columns.Table:
    """The same of items that a transaction with this number or a later one has opened or settled.

    Looks at every item there is; for the time before marks are known.
    """
    return columns.read(
        _RECEIVABLES + "AND age(i.xmin) <= age(%(transaction)s::text::xid) ORDER BY i.id",
        {"account": Accounts.RECEIVABLE, "transaction": str(transaction_id % 2**32)},
        _TYPES,
    )


def open_documents() -> tuple[int, int]:
    """How many items of invoices and credit notes are open, and their sum without currency, credit notes negative.

    A check on whoever keeps them elsewhere. Needs the tenant's scope.
    """
    ((count, total),) = rows.select(
        """
        SELECT count(*), coalesce(sum(CASE i.side WHEN 'debit' THEN i.open_minor ELSE -i.open_minor END), 0)::bigint
        FROM ledger_openitem i
        WHERE i.account_id = (SELECT id FROM ledger_account WHERE code = %s)
          AND i.subject_kind = 'invoice' AND i.due_date IS NOT NULL AND i.open_minor > 0
        """,
        [Accounts.RECEIVABLE],
    )
    return int(count), int(total)
