"""Write drafts: documents without a number, calculated and checked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable, move
from kvit.invoicing.domain import INVOICE, Calculated, Draft, InvoiceState, Kind, calculate, check_lines, tidied
from kvit.kernel import vat
from kvit.kernel.refusals import DomainError
from kvit.parties import queries as parties


class UnknownCustomer(DomainError):
    """A draft names a customer that is not one of the company's, or the company itself is not registered yet."""

    code: ClassVar[str] = "invoicing.unknown_customer"


class ReferenceTaken(DomainError):
    """Another document already carries this payment reference."""

    code: ClassVar[str] = "invoicing.reference_taken"


@dataclass(frozen=True)
class Drafted:
    """The drafts' ids, in the order they were given."""

    invoice_ids: tuple[int, ...]


@dataclass(frozen=True)
class Discarded:
    """How many drafts will never be issued."""

    discarded: int


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A calculated draft, ready to be written."""

    kind: Kind
    supplier_id: int
    customer_id: int
    currency: str
    terms_days: int
    draft: Draft
    calculated: Calculated
    credits_id: int | None = None
    credit_reason: str = ""


@command
def draft_invoices(ctx: Ctx, *, drafts: Bulk[tuple[Draft, ...]], day: date) -> Drafted:
    """Write drafts of invoices, all or none; `day` is the day whose VAT rates they must keep.

    Refuses `UnknownCustomer`, `BadLine`, `BadDraft`, `ReferenceTaken`, `UnknownCurrency`, `NoVatRates`.
    """
    drafts = tuple(map(tidied, drafts))
    own = next(map(parties.party, parties.own_parties()), None)
    if own is None:
        raise UnknownCustomer("register the company itself as a party first")
    customers = {
        row[0]: (row[1], row[2])
        for row in rows.select(
            "SELECT id, currency, terms_days FROM invoicing_customer WHERE id IN (SELECT unnest(%s::bigint[]))",
            [[draft.customer_id for draft in drafts]],
        )
    }
    rates = vat.rates_on(own.country, day)
    documents = []
    for number, draft in enumerate(drafts, 1):
        if draft.customer_id not in customers:
            raise UnknownCustomer(f"draft {number}: there is no customer {draft.customer_id}")
        check_lines(draft.lines, rates=rates, of=f"{own.country} on {day}")
        currency, terms_days = customers[draft.customer_id]
        currency = draft.currency or currency
        documents.append(
            DocumentRow(
                kind=Kind.INVOICE,
                supplier_id=own.id,
                customer_id=draft.customer_id,
                currency=currency,
                terms_days=terms_days if draft.terms_days is None else draft.terms_days,
                draft=draft,
                calculated=calculate(draft.lines, currency),
            )
        )
    _check_references(drafts)
    return Drafted(write(ctx, documents))


@command
def discard(ctx: Ctx, *, invoice_ids: tuple[int, ...]) -> Discarded:
    """Say that drafts will never be issued. Refuses `NotMovable` for an issued document."""
    move(ctx, INVOICE, invoice_ids, to=InvoiceState.DISCARDED)
    return Discarded(len(invoice_ids))


@command
def redraft(ctx: Ctx, *, invoice_id: int, draft: Draft, day: date) -> Drafted:
    """Replace a draft of an invoice by a changed one, which is a new draft: what was written stays as it was.

    Refuses `NotMovable` where it is no draft of an invoice any more, and what `draft_invoices` refuses.
    """
    found = rows.select(
        "SELECT FROM invoicing_invoice WHERE id = %s AND kind = %s AND state = %s FOR NO KEY UPDATE",
        [invoice_id, Kind.INVOICE.value, InvoiceState.DRAFT.value],
    )
    if not found:
        raise NotMovable(f"document {invoice_id} is no draft of an invoice")
    discard(ctx, invoice_ids=(invoice_id,))
    return draft_invoices(ctx, drafts=(draft,), day=day)


def _check_references(drafts: Sequence[Draft]) -> None:
    given = Counter(draft.payment_reference for draft in drafts if draft.payment_reference)
    twice = [reference for reference, count in given.items() if count > 1]
    taken = rows.select(
        """
        SELECT payment_reference FROM invoicing_invoice
        WHERE payment_reference IN (SELECT unnest(%s::text[])) LIMIT 1
        """,
        [list(given)],
    )
    if twice or taken:
        raise ReferenceTaken(f"payment reference {twice[0] if twice else taken[0][0]} is taken")


def write(ctx: Ctx, documents: Sequence[DocumentRow]) -> tuple[int, ...]:
    """Insert documents with their lines and VAT sums; their ids in order."""
    ids = rows.next_ids("invoicing_invoice", len(documents))
    _write_documents(ctx, documents, ids)
    _write_lines(ctx, documents, ids)
    _write_vat(ctx, documents, ids)
    return tuple(ids)


def _write_documents(ctx: Ctx, documents: Sequence[DocumentRow], ids: list[int]) -> None:
    count = len(documents)
    rows.insert(
        "invoicing_invoice",
        {
            "id": ("bigint", ids),
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "kind": ("text", [d.kind.value for d in documents]),
            "state": ("text", [InvoiceState.DRAFT.value] * count),
            "supplier_id": ("bigint", [d.supplier_id for d in documents]),
            "customer_id": ("bigint", [d.customer_id for d in documents]),
            "currency": ("text", [d.currency for d in documents]),
            "terms_days": ("smallint", [d.terms_days for d in documents]),
            "net_minor": ("bigint", [d.calculated.net_minor for d in documents]),
            "vat_minor": ("bigint", [d.calculated.vat_minor for d in documents]),
            "gross_minor": ("bigint", [d.calculated.gross_minor for d in documents]),
            "credits_id": ("bigint", [d.credits_id for d in documents]),
            "credit_reason": ("text", [d.credit_reason for d in documents]),
            "given_reference": ("text", [d.draft.payment_reference for d in documents]),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
    )


def _write_lines(ctx: Ctx, documents: Sequence[DocumentRow], ids: list[int]) -> None:
    flat = [
        (invoice_id, position, line, net)
        for invoice_id, d in zip(ids, documents, strict=True)
        for position, (line, net) in enumerate(zip(d.draft.lines, d.calculated.line_nets, strict=True), 1)
    ]
    rows.insert(
        "invoicing_invoiceline",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(flat)),
            "invoice_id": ("bigint", [row[0] for row in flat]),
            "position": ("smallint", [row[1] for row in flat]),
            "description": ("text", [row[2].description for row in flat]),
            "quantity": ("numeric", [row[2].quantity for row in flat]),
            "unit": ("text", [row[2].unit for row in flat]),
            "unit_price": ("numeric", [row[2].unit_price for row in flat]),
            "vat_rate": ("numeric", [row[2].vat_rate for row in flat]),
            "net_minor": ("bigint", [row[3] for row in flat]),
        },
    )


def _write_vat(ctx: Ctx, documents: Sequence[DocumentRow], ids: list[int]) -> None:
    flat = [(invoice_id, s) for invoice_id, d in zip(ids, documents, strict=True) for s in d.calculated.vat]
    rows.insert(
        "invoicing_vattotal",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(flat)),
            "invoice_id": ("bigint", [row[0] for row in flat]),
            "vat_rate": ("numeric", [row[1].vat_rate for row in flat]),
            "base_minor": ("bigint", [row[1].base_minor for row in flat]),
            "vat_minor": ("bigint", [row[1].vat_minor for row in flat]),
        },
    )
