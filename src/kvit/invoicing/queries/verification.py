"""Recompute documents and their numbers, and say where anything differs."""

from typing import Final

from kvit.base import rows
from kvit.kernel.results import Problem
from kvit.ledger import queries as ledger

_CHECKS: Final[tuple[tuple[str, str], ...]] = (
    (
        "series {0}: {1} numbers given, the next would be {2}",
        """
        SELECT s.prefix || s.year, count(i.id), s.next_sequence FROM invoicing_series s
        LEFT JOIN invoicing_invoice i ON i.series_id = s.id GROUP BY s.tenant_id, s.id
        HAVING count(i.id) <> s.next_sequence - 1 OR coalesce(max(i.sequence), 0) <> s.next_sequence - 1
            OR coalesce(min(i.sequence), 1) <> 1
        """,
    ),
    (
        "document {0}: {1} net and {2} VAT, {3} by its lines and {4} by its rates",
        """
        SELECT i.id, i.net_minor, i.vat_minor, l.total, v.total FROM invoicing_invoice i
        LEFT JOIN (SELECT invoice_id, sum(net_minor) AS total FROM invoicing_invoiceline GROUP BY 1) l
            ON l.invoice_id = i.id
        LEFT JOIN (SELECT invoice_id, sum(base_minor) AS base, sum(vat_minor) AS total
                   FROM invoicing_vattotal GROUP BY 1) v
            ON v.invoice_id = i.id
        WHERE i.net_minor IS DISTINCT FROM l.total OR i.vat_minor IS DISTINCT FROM v.total
           OR i.net_minor IS DISTINCT FROM v.base OR i.gross_minor <> i.net_minor + i.vat_minor
        """,
    ),
)


def verify() -> tuple[Problem, ...]:
    """Gaps in number series, sums that differ from their lines, documents that differ from the ledger."""
    found = [Problem("invoicing", text.format(*row)) for text, query in _CHECKS for row in rows.select(query)]
    return (*found, *_against_the_ledger())


def _against_the_ledger() -> list[Problem]:
    posted = ledger.posted_by_subject("invoice", kinds=("sale", "credit"))
    found = []
    for invoice_id, number, kind, gross in rows.select(
        "SELECT id, number, kind, gross_minor FROM invoicing_invoice WHERE state = 'issued'"
    ):
        owed = gross if kind == "invoice" else -gross
        if posted.pop(invoice_id, 0) != owed:
            found.append(Problem("invoicing", f"{number}: the ledger does not owe {owed} minor units for it"))
    found += [Problem("invoicing", f"the ledger has a document {i} that was never issued") for i in posted]
    return found
