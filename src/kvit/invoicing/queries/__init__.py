"""What was invoiced, to whom, and under which reference."""

from kvit.invoicing.queries.customers import CustomerRow, customer, customers, customers_of, next_customer_number
from kvit.invoicing.queries.documents import (
    Document,
    DueDateMoved,
    Line,
    VatRow,
    by_sequence,
    credit_notes_of,
    document,
    due_date_moves,
    issuing_commands,
    listed,
)
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
    "CustomerRow",
    "Document",
    "DueDateMoved",
    "InvoiceRow",
    "Line",
    "VatRow",
    "all_invoices",
    "by_references",
    "by_sequence",
    "credit_notes_of",
    "customer",
    "customers",
    "customers_of",
    "document",
    "draft_ids",
    "due_date_moves",
    "find_customer",
    "invoices",
    "issuing_commands",
    "listed",
    "next_customer_number",
    "numbered",
    "verify",
]
