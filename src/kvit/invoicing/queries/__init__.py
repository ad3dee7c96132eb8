"""What was invoiced, to whom, and under which reference."""

from kvit.invoicing.queries.invoices import (
    CustomerKey,
    InvoiceRow,
    all_invoices,
    by_references,
    draft_ids,
    find_customer,
    find_customers,
    invoices,
    issued_since,
    numbered,
)
from kvit.invoicing.queries.verification import verify

__all__ = [
    "CustomerKey",
    "InvoiceRow",
    "all_invoices",
    "by_references",
    "draft_ids",
    "find_customer",
    "find_customers",
    "invoices",
    "issued_since",
    "numbered",
    "verify",
]
