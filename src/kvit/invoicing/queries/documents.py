"""Documents page by page, and one of them whole: lines, VAT, what it credits, how its due date moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import LiteralString

from kvit.base import rows
from kvit.invoicing.domain import InvoiceState, Kind
from kvit.invoicing.domain.content import NO_LINE_CONTENT, LineContent, line_content_of
from kvit.invoicing.queries.invoices import COLUMNS, InvoiceRow


@dataclass(frozen=True, slots=True)
class Line:
    """A line; quantity and price in whole units, the net amount in minor units."""

    position: int
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    net_minor: int
    vat_category: str = ""
    content: LineContent = NO_LINE_CONTENT


@dataclass(frozen=True, slots=True)
class VatRow:
    """The VAT of one category and rate (percent), in minor units; `accounting_minor` in the national currency."""

    vat_rate: Decimal
    base_minor: int
    vat_minor: int
    vat_category: str = ""
    exemption_code: str = ""
    exemption_reason: str = ""
    accounting_minor: int | None = None


@dataclass(frozen=True, slots=True)
class DueDateMoved:
    """A due date that was moved, by the command, for a reason."""

    invoice_id: int
    from_date: date
    to_date: date
    reason: str
    at: datetime
    command_id: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document whole; `credits_id` is the invoice that a credit note credits."""

    row: InvoiceRow
    terms_days: int
    net_minor: int
    vat_minor: int
    credits_id: int | None
    credit_reason: str
    given_reference: str
    command_id: int
    lines: tuple[Line, ...]
    vat: tuple[VatRow, ...]

    @property
    def supplier_id(self) -> int:
        """The party in whose name it is made out."""
        return self.row.supplier_id


_EARLIEST_FIRST: LiteralString = " ORDER BY i.id ASC LIMIT %(limit)s"
_LATEST_FIRST: LiteralString = " ORDER BY i.id DESC LIMIT %(limit)s"


def listed(
    *,
    limit: int,
    kind: Kind | None = None,
    state: InvoiceState | None = None,
    customer_id: int | None = None,
    below_id: int | None = None,
    above_id: int | None = None,
) -> tuple[InvoiceRow, ...]:
    """Documents that were not discarded, the newest first; `below_id` and `above_id` as in `ledger.receivables_of`.

    Drafts carry no number, by which an index finds them. Needs the tenant's scope.
    """
    rising = above_id is not None
    conditions: list[LiteralString] = [" WHERE i.state <> 'discarded'"]
    if kind is not None:
        conditions.append(" AND i.kind = %(kind)s")
    if state is InvoiceState.DRAFT:
        conditions.append(" AND i.number IS NULL")
    if state is InvoiceState.ISSUED:
        conditions.append(" AND i.number IS NOT NULL")
    if customer_id is not None:
        conditions.append(" AND i.customer_id = %(customer)s")
    if below_id is not None:
        conditions.append(" AND i.id < %(below)s")
    if above_id is not None:
        conditions.append(" AND i.id > %(above)s")
    order = _EARLIEST_FIRST if rising else _LATEST_FIRST
    found = rows.select(
        COLUMNS + " FROM invoicing_invoice i" + "".join(conditions) + order,
        {
            "kind": kind.value if kind else None,
            "customer": customer_id,
            "below": below_id,
            "above": above_id,
            "limit": limit,
        },
    )
    return tuple(InvoiceRow(*row) for row in (reversed(found) if rising else found))


def document(invoice_id: int) -> Document | None:
    """One document in whatever state, or None. Needs the tenant's scope."""
    heads = rows.select(
        """
        SELECT terms_days, net_minor, vat_minor, credits_id, credit_reason, given_reference, command_id
        FROM invoicing_invoice WHERE id = %s
        """,
        [invoice_id],
    )
    if not heads:
        return None
    (row,) = rows.select(COLUMNS + " FROM invoicing_invoice i WHERE i.id = %s", [invoice_id])
    lines = rows.select(
        """
        SELECT position, description, quantity, unit, unit_price, vat_rate, net_minor, vat_category, content::text
        FROM invoicing_invoiceline WHERE invoice_id = %s ORDER BY position
        """,
        [invoice_id],
    )
    vat = rows.select(
        "SELECT vat_rate, base_minor, vat_minor, vat_category, exemption_code, exemption_reason, accounting_minor "
        "FROM invoicing_vattotal WHERE invoice_id = %s ORDER BY vat_rate, vat_category",
        [invoice_id],
    )
    return Document(
        *[
            *(InvoiceRow(*row), *heads[0]),
            tuple(Line(*(*line[:-1], line_content_of(line[-1]))) for line in lines),
            tuple(VatRow(*rate) for rate in vat),
        ]
    )


def due_date_moves(invoice_ids: Sequence[int]) -> tuple[DueDateMoved, ...]:
    """How due dates of these invoices moved, in the order in which they did. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT invoice_id, from_date, to_date, reason, at, command_id FROM invoicing_duedatemove
        WHERE invoice_id IN (SELECT unnest(%s::bigint[])) ORDER BY id
        """,
        [list(invoice_ids)],
    )
    return tuple(DueDateMoved(*row) for row in found)


def credit_notes_of(invoice_id: int, *, party_id: int) -> tuple[InvoiceRow, ...]:
    """Credit notes of an invoice, drafts included, in id order; they are looked for among the party's documents."""
    found = rows.select(
        COLUMNS + " FROM invoicing_invoice i JOIN invoicing_customer k ON k.id = i.customer_id "
        "WHERE k.party_id = %s AND i.credits_id = %s AND i.state <> 'discarded' ORDER BY i.id",
        [party_id, invoice_id],
    )
    return tuple(InvoiceRow(*row) for row in found)


def by_sequence(sequence: int) -> tuple[InvoiceRow, ...]:
    """Documents with this running number in whatever series, the newest first: what people type of a number."""
    found = rows.select(
        COLUMNS + " FROM invoicing_series s JOIN invoicing_invoice i ON i.series_id = s.id AND i.sequence = %s "
        "ORDER BY i.id DESC LIMIT 20",
        [sequence],
    )
    return tuple(InvoiceRow(*row) for row in found)


def issuing_commands(invoice_ids: Sequence[int]) -> dict[int, int]:
    """The command that issued each of these documents, by document. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT object_id, command_id FROM base_statechange
        WHERE kind = 'invoice' AND to_state = 'issued' AND object_id IN (SELECT unnest(%s::bigint[]))
        """,
        [list(invoice_ids)],
    )
    return {row[0]: row[1] for row in found}
