"""What leads to documents and what comes in: agreements, contracts, orders, rates, incoming invoices."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kvit.base import codec, rows
from kvit.invoicing.domain import DraftLine


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement on self-billing; `to_date` is None while it lasts."""

    id: int
    supplier_id: int
    prefix: str
    from_date: date
    to_date: date | None
    acceptance: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract; `invoiced_through` is the last day of the periods that have a document."""

    id: int
    customer_id: int
    number: str
    currency: str
    start_date: date
    end_date: date | None
    every_months: int
    notice_days: int
    is_in_advance: bool
    invoiced_through: date | None


@dataclass(frozen=True, slots=True)
class IndexRow:
    """By how much a contract's prices change from a day on, in percent of those before, and why."""

    from_date: date
    percent: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period of a contract with its document, which was not discarded; the number is None for a draft."""

    start_date: date
    end_date: date
    invoice_id: int
    number: str | None


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a contract says beside its row: its lines as signed, how prices change, what was invoiced of it."""

    lines: tuple[DraftLine, ...]
    steps: tuple[IndexRow, ...]
    periods: tuple[PeriodRow, ...]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order; `invoice_id` is the document it stands on."""

    id: int
    customer_id: int
    number: str
    order_date: date
    invoice_id: int | None


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """An incoming invoice; minor units, `payable_minor` below zero for a credit note."""

    id: int
    supplier_id: int
    number: str
    kind: str
    currency: str
    gross_minor: int
    payable_minor: int
    issue_date: date
    due_date: date | None
    payment_reference: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RateRow:
    """A published exchange rate: units of `national` for one of `currency`."""

    currency: str
    national: str
    rate_date: date
    rate: Decimal
    source: str


def agreements() -> tuple[AgreementRow, ...]:
    """Every agreement on self-billing, in id order. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id, supplier_id, prefix, from_date, to_date, acceptance FROM invoicing_agreement ORDER BY id"
    )
    return tuple(AgreementRow(*row) for row in found)


def contracts() -> tuple[ContractRow, ...]:
    """Every contract, in the order of their numbers. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT c.id, c.customer_id, c.number, c.currency, c.start_date, c.end_date, c.every_months, c.notice_days,
               c.is_in_advance, (
            SELECT max(p.end_date) FROM invoicing_contractperiod p
            JOIN invoicing_invoice i ON i.id = p.invoice_id AND i.state <> 'discarded' WHERE p.contract_id = c.id)
        FROM invoicing_contract c ORDER BY c.number
        """
    )
    return tuple(ContractRow(*row) for row in found)


def contract_terms(contract_ids: Sequence[int]) -> dict[int, ContractTerms]:
    """What these contracts say, by contract, in three statements. Needs the tenant's scope."""
    wanted = [list(contract_ids)]
    lines = rows.select(
        "SELECT id, terms::text FROM invoicing_contract WHERE id IN (SELECT unnest(%s::bigint[]))", wanted
    )
    steps: dict[int, list[IndexRow]] = defaultdict(list)
    for of, *step in rows.select(
        """
        SELECT contract_id, from_date, percent, reason FROM invoicing_contractindex
        WHERE contract_id IN (SELECT unnest(%s::bigint[])) ORDER BY from_date
        """,
        wanted,
    ):
        steps[of].append(IndexRow(*step))
    periods: dict[int, list[PeriodRow]] = defaultdict(list)
    for of, *period in rows.select(
        """
        SELECT p.contract_id, p.start_date, p.end_date, i.id, i.number FROM invoicing_contractperiod p
        JOIN invoicing_invoice i ON i.id = p.invoice_id AND i.state <> 'discarded'
        WHERE p.contract_id IN (SELECT unnest(%s::bigint[])) ORDER BY p.start_date
        """,
        wanted,
    ):
        periods[of].append(PeriodRow(*period))
    return {
        of: ContractTerms(codec.restore(text, tuple[DraftLine, ...]), tuple(steps[of]), tuple(periods[of]))
        for of, text in lines
    }


def orders(*, is_open: bool | None = None) -> tuple[OrderRow, ...]:
    """Orders by day; those alone that stand on no document, or on one. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT o.id, o.customer_id, o.number, o.order_date, (
            SELECT max(b.invoice_id) FROM invoicing_orderbilling b
            JOIN invoicing_invoice i ON i.id = b.invoice_id AND i.state <> 'discarded' WHERE b.order_id = o.id)
        FROM invoicing_order o ORDER BY o.order_date, o.id
        """
    )
    told = tuple(OrderRow(*row) for row in found)
    return told if is_open is None else tuple(one for one in told if (one.invoice_id is None) == is_open)


def incoming_invoices(*, limit: int, below_id: int | None = None) -> tuple[IncomingRow, ...]:
    """Incoming invoices, the newest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT id, supplier_id, number, kind, currency, gross_minor, payable_minor, issue_date, due_date,
               payment_reference, sha256
        FROM invoicing_incominginvoice WHERE id < coalesce(%s, id + 1) ORDER BY id DESC LIMIT %s
        """,
        [below_id, limit],
    )
    return tuple(IncomingRow(*row) for row in found)


def exchange_rates(currency: str, *, limit: int = 30) -> tuple[RateRow, ...]:
    """Kept rates of a currency, the newest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT currency, national, rate_date, rate, source FROM invoicing_exchangerate
        WHERE currency = %s ORDER BY rate_date DESC LIMIT %s
        """,
        [currency, limit],
    )
    return tuple(RateRow(*row) for row in found)
