"""What was invoiced, to whom, and under which reference."""

from kvit.invoicing.queries.buyers import (
    BuyersCopy,
    BuyersLine,
    BuyersVat,
    MovedDueDate,
    buyers_copies,
    invoices_credited_by,
    issued_to,
)
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
from kvit.invoicing.queries.links import FoundLink, LinkRow, find_link, last_view, link, links_of
from kvit.invoicing.queries.verification import verify

__all__ = [
    "BuyersCopy",
    "BuyersLine",
    "BuyersVat",
    "CustomerRow",
    "Document",
    "DueDateMoved",
    "FoundLink",
    "InvoiceRow",
    "Line",
    "LinkRow",
    "MovedDueDate",
    "VatRow",
    "all_invoices",
    "buyers_copies",
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
    "find_link",
    "invoices",
    "invoices_credited_by",
    "issued_to",
    "issuing_commands",
    "last_view",
    "link",
    "links_of",
    "listed",
    "next_customer_number",
    "numbered",
    "verify",
]
