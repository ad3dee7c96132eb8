"""What happened to invoices."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class InvoicesIssued:
    """Invoices and credit notes have numbers and stand in the books; one event per set."""

    invoice_ids: tuple[int, ...]


@dataclass(frozen=True)
class DueDateMoved:
    """An invoice is due on another day."""

    invoice_id: int
    from_date: date
    to_date: date


@dataclass(frozen=True)
class InvoiceViewed:
    """Somebody looked at an invoice through one of its links."""

    invoice_id: int
    link_id: int


@dataclass(frozen=True)
class LinkWanted:
    """Who holds a link that has expired asks for a new one."""

    invoice_id: int
    link_id: int
