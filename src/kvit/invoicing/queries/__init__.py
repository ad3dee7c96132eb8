"""What was invoiced, to whom, and under which reference."""

from kvit.invoicing.queries.invoices import (
    InvoiceRow,
    all_invoices,
    by_references,
    draft_ids,
    find_customer,
    invoices,
    numbered,
)
from kvit.invoicing.queries.verification import verify

__all__ = [
    "InvoiceRow",
    "all_invoices",
    "by_references",
    "draft_ids",
    "find_customer",
    "invoices",
    "numbered",
    "verify",
]
