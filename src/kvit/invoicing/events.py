"""What happened to invoices."""

from dataclasses import dataclass
from datetime import date

from kvit.invoicing.domain.runs import RunKind


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


@dataclass(frozen=True)
class StatementsMade:
    """Statements of account were made; one event per set."""

    statement_ids: tuple[int, ...]


@dataclass(frozen=True)
class LetterRunOpened:
    """Statements or confirmations are to be made for all customers."""

    run_id: int
    kind: RunKind


@dataclass(frozen=True)
class ConfirmationsAsked:
    """Customers were asked to confirm their balance; one event per set."""

    confirmation_ids: tuple[int, ...]


@dataclass(frozen=True)
class ConfirmationAnswered:
    """A customer says that its balance agrees, or that it differs."""

    confirmation_id: int
    answer_id: int
    agrees: bool


@dataclass(frozen=True)
class ConfirmationsChased:
    """Customers who have not answered are to be reminded."""

    confirmation_ids: tuple[int, ...]


@dataclass(frozen=True)
class ConfirmationsExpired:
    """Nobody answered in time, which confirms nothing."""

    confirmation_ids: tuple[int, ...]


@dataclass(frozen=True)
class ConfirmationSettled:
    """A difference is explained."""

    confirmation_id: int


@dataclass(frozen=True)
class FactStated:
    """Customer or company said something about a claim: a dispute, a remittance, a promise, an extension asked for."""

    fact_id: int
    invoice_id: int
    kind: str


@dataclass(frozen=True)
class FactsMoved:
    """Facts about claims stand elsewhere: answered, decided, withdrawn, borne out by the ledger or not."""

    fact_ids: tuple[int, ...]
    invoice_ids: tuple[int, ...]


@dataclass(frozen=True)
class RemarkMade:
    """Customer or company said something on an invoice that both see."""

    remark_id: int
    invoice_id: int
