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
    "FoundLink",
    "InvoiceRow",
    "LinkRow",
    "MovedDueDate",
    "all_invoices",
    "buyers_copies",
    "by_references",
    "draft_ids",
    "find_customer",
    "find_link",
    "invoices",
    "invoices_credited_by",
    "issued_to",
    "last_view",
    "link",
    "links_of",
    "numbered",
    "verify",
]
