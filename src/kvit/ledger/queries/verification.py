"""Recompute the books from their lines and say where anything differs."""

from typing import Final

from kvit.base import rows
from kvit.kernel.results import Problem

_CHECKS: Final[tuple[tuple[str, str], ...]] = (
    (
        "entry {0}: {1} lines instead of {2}",
        """
        SELECT e.id, count(l.entry_id), e.line_count FROM ledger_entry e LEFT JOIN ledger_line l ON l.entry_id = e.id
        GROUP BY e.id, e.line_count HAVING count(l.entry_id) <> e.line_count
        """,
    ),
    (
        "entry {0}: off by {2} in {1}",
        """
        SELECT entry_id, currency, sum(amount_minor) FROM ledger_line GROUP BY 1, 2 HAVING sum(amount_minor) <> 0
        """,
    ),
    (
        "entry {0}, line {1}: its open item is missing or differs from the line",
        """
        SELECT l.entry_id, l.position FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
        JOIN ledger_entry e ON e.id = l.entry_id
        LEFT JOIN ledger_openitem i ON i.entry_id = l.entry_id AND i.position = l.position
        WHERE (a.control AND (i.id IS NULL
                  OR (i.party_id, i.account_id, i.currency, i.item_date, i.subject_kind, i.subject_id)
                     IS DISTINCT FROM (l.party_id, l.account_id, l.currency, e.entry_date, e.subject_kind, e.subject_id)
                  OR i.amount_minor <> abs(l.amount_minor) OR (i.side = 'debit') <> (l.amount_minor > 0)))
           OR (NOT a.control AND i.id IS NOT NULL)
        """,
    ),
    (
        "open item {0}: line {2} of entry {1}, which it is about, is not there",
        """
        SELECT i.id, i.entry_id, i.position FROM ledger_openitem i
        LEFT JOIN ledger_line l ON l.entry_id = i.entry_id AND l.position = i.position WHERE l.entry_id IS NULL
        """,
    ),
    (
        "entry {0}: no mirror image of entry {1}, which it reverses",
        """
        SELECT r.id, r.reverses_id FROM ledger_entry r LEFT JOIN ledger_entry e ON e.id = r.reverses_id
        WHERE r.reverses_id IS NOT NULL AND (e.id IS NULL OR e.reverses_id IS NOT NULL OR EXISTS (
            SELECT FROM (SELECT * FROM ledger_line WHERE entry_id = r.id) m
            FULL JOIN (SELECT * FROM ledger_line WHERE entry_id = e.id) o ON o.position = m.position
            WHERE (m.account_id, m.party_id, m.currency, m.amount_minor)
                  IS DISTINCT FROM (o.account_id, o.party_id, o.currency, -o.amount_minor)))
        """,
    ),
    (
        "open item {0}: {1} allocated by its row, {2} by its allocations",
        """
        SELECT i.id, i.allocated_minor, coalesce(sum(x.amount_minor), 0) FROM ledger_openitem i LEFT JOIN (
            SELECT debit_item_id AS item_id, amount_minor FROM ledger_allocation
            UNION ALL SELECT credit_item_id, amount_minor FROM ledger_allocation
        ) x ON x.item_id = i.id
        GROUP BY i.id, i.allocated_minor HAVING i.allocated_minor <> coalesce(sum(x.amount_minor), 0)
        """,
    ),
    (
        "party {0}, account {1}: balance {3} {2} kept, {4} by its lines, {5} by its open items",
        """
        SELECT party_id, a.code, currency, sum(kept), sum(by_lines), sum(by_items) FROM (
            SELECT party_id, account_id, currency, sum(balance_minor) AS kept, 0 AS by_lines, 0 AS by_items
                FROM ledger_balance GROUP BY 1, 2, 3
            UNION ALL SELECT party_id, account_id, currency, 0, sum(amount_minor), 0
                FROM ledger_line WHERE party_id IS NOT NULL GROUP BY 1, 2, 3
            UNION ALL SELECT party_id, account_id, currency, 0, 0,
                sum(CASE side WHEN 'debit' THEN open_minor ELSE -open_minor END) FROM ledger_openitem GROUP BY 1, 2, 3
        ) b JOIN ledger_account a ON a.id = b.account_id
        GROUP BY 1, 2, 3, b.account_id
        HAVING sum(kept) <> sum(by_lines) OR sum(by_lines) <> sum(by_items)
        """,
    ),
    (
        "allocation {0}: its items differ in party, account, currency or side",
        """
        SELECT x.id FROM ledger_allocation x
        LEFT JOIN ledger_openitem d ON d.id = x.debit_item_id LEFT JOIN ledger_openitem c ON c.id = x.credit_item_id
        WHERE d.id IS NULL OR c.id IS NULL OR d.side <> 'debit' OR c.side <> 'credit' OR d.party_id <> c.party_id
           OR d.account_id <> c.account_id OR d.currency <> c.currency
        """,
    ),
    (
        "allocation {0}: not the opposite of allocation {1}, which it takes back",
        """
        SELECT r.id, r.reverses_id FROM ledger_allocation r LEFT JOIN ledger_allocation x ON x.id = r.reverses_id
        WHERE r.reverses_id IS NOT NULL AND (r.debit_item_id, r.credit_item_id, r.amount_minor)
              IS DISTINCT FROM (x.debit_item_id, x.credit_item_id, -x.amount_minor)
        """,
    ),
    (
        "checkpoint {0}: {1} kept, {2} by the lines",
        """
        SELECT c.id, c.balance_minor, coalesce(sum(l.amount_minor), 0) FROM ledger_checkpoint c
        LEFT JOIN ledger_line l ON l.account_id = c.account_id AND l.currency = c.currency
            AND l.entry_id <= c.through_entry_id
        GROUP BY c.id, c.balance_minor HAVING c.balance_minor <> coalesce(sum(l.amount_minor), 0)
        """,
    ),
)


def verify() -> tuple[Problem, ...]:
    """Every difference between what is kept and what the lines say; empty when the books are sound."""
    return tuple(
        Problem(place="ledger", reason=text.format(*row)) for text, query in _CHECKS for row in rows.select(query)
    )
