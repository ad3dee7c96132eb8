"""Issue drafts: post them, number them without gaps as late as possible, make them final, announce them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable, move
from kvit.invoicing.commands import copies
from kvit.invoicing.commands.booking import Drafted, IssueRefused, post, settle_changed, settle_prepaid
from kvit.invoicing.commands.numbering import check_agreed, number
from kvit.invoicing.domain import (
    INVOICE,
    SELF_BILLED,
    Exchange,
    InvoiceState,
    Kind,
    reference_for,
)
from kvit.invoicing.domain import exchange as law
from kvit.invoicing.domain.kinds import CLAIMS
from kvit.invoicing.domain.taxes import national_currency
from kvit.invoicing.events import InvoicesIssued
from kvit.kernel import vat
from kvit.parties import queries as parties
from kvit.parties.queries import Party

_QUOTED = CLAIMS | {Kind.ESTIMATE}
"""Kinds whose payers quote a reference."""


@dataclass(frozen=True)
class Issued:
    """The numbers of the documents, in the order their ids were given."""

    numbers: tuple[str, ...]


@command
def issue_invoices(ctx: Ctx, *, invoice_ids: tuple[int, ...], issue_date: date) -> Issued:
    """Issue a set of drafts of any kind, all or none: the books first, the number series last (RELIABILITY 4 and 10).

    A credit note, and a correction downwards, settles the document it changes as far as that is open; the rest is the
    customer's credit. What was paid before is settled with the customer's advances. A self-billed invoice needs an
    agreement in force on the day; a self-billed credit note may still correct one after its end.
    Refuses `NotMovable` for what is not a draft, `IssueRefused`, `NoAgreement`.
    """
    documents = _lock(ctx, invoice_ids)
    due = {d.id: issue_date + timedelta(days=d.terms_days) for d in documents}
    suppliers = parties.parties(sorted({d.supplier_id for d in documents}))
    _check_rates(documents, suppliers, issue_date)
    if self_billed := {d.supplier_id for d in documents if d.kind is Kind.SELF_BILLED}:
        check_agreed(self_billed, issue_date)
    post(ctx, documents, issue_date, due)
    settle_changed(ctx, documents, issue_date)
    settle_prepaid(ctx, documents, issue_date)
    final = _Final(
        references=_references(documents, suppliers),
        copies=_copies(ctx, documents, suppliers),
        unverified=_unverified(documents, suppliers, issue_date),
        numbers=number(ctx, [(d.id, (d.supplier_id, d.kind)) for d in documents], issue_date.year),
    )
    try:
        _finish(ctx, documents, final, issue_date, due)
    except IntegrityError as error:
        if rows.violated(error) == "invoicing_invoice_reference":
            raise IssueRefused("another document already carries the payment reference of one of these") from error
        raise
    move(ctx, INVOICE, invoice_ids, to=InvoiceState.ISSUED)
    ctx.emit(InvoicesIssued(invoice_ids=tuple(invoice_ids)))
    return Issued(tuple(final.numbers[invoice_id][2] for invoice_id in invoice_ids))


_LOCKED = """
    SELECT i.id, i.kind, i.supplier_id, c.party_id, i.currency, i.terms_days, i.net_minor,
           i.vat_minor, i.gross_minor, i.credits_id, i.given_reference, i.rounding_minor, i.prepaid_minor,
           i.tax_point_date, i.exchange_rate, i.exchange_date, i.exchange_source,
           CASE WHEN i.credits_id IS NOT NULL THEN (SELECT k.kind FROM invoicing_invoice k WHERE k.id = i.credits_id)
           END,
           CASE WHEN i.kind = 'final_invoice' THEN coalesce((
               SELECT sum((d ->> 'net_minor')::bigint)::bigint FROM jsonb_array_elements(i.content -> 'deductions') d
           ), 0) ELSE 0 END
    FROM invoicing_invoice i JOIN invoicing_customer c ON c.id = i.customer_id
    WHERE i.tenant_id = %s AND i.id IN (SELECT unnest(%s::bigint[])) AND i.state = 'draft'
    ORDER BY i.id FOR NO KEY UPDATE OF i
"""


def _lock(ctx: Ctx, invoice_ids: Sequence[int]) -> list[Drafted]:
    """Lock the drafts in id order."""
    found = rows.select(_LOCKED, [ctx.tenant_id, list(invoice_ids)])
    documents = [
        Drafted(
            *(
                *(row[0], Kind(row[1]), *row[2:14], Exchange(*row[14:17]) if row[14] is not None else None),
                *(Kind(row[17]) if row[17] else None, row[18]),
            )
        )
        for row in found
    ]
    if missing := sorted(set(invoice_ids) - {d.id for d in documents}):
        raise NotMovable(f"document {missing[0]} is not a draft")
    negative = next((d for d in documents if d.gross_minor < 0 and d.kind is not Kind.CORRECTION), None)
    if negative:
        raise IssueRefused(f"document {negative.id} is below zero; issue a credit note instead")
    return documents


def _check_rates(documents: Sequence[Drafted], suppliers: Mapping[int, Party], issue_date: date) -> None:
    """A rate that was right when the draft was written need not be on the day of issue."""
    for d in documents:
        if d.exchange is None or d.credits_id is not None:  # what changes a document keeps that one's rate
            continue
        country = suppliers[d.supplier_id].country
        tax_point = d.tax_point_date or issue_date
        if not law.is_right(country, d.exchange.rate_date, tax_point):
            raise IssueRefused(
                f"document {d.id} states VAT in {national_currency(country)} by the rate of {d.exchange.rate_date}; "
                f"for tax that falls due on {tax_point} it is that of {law.latest_day(country, tax_point)}: "
                "draft it anew"
            )


def _references(documents: Sequence[Drafted], suppliers: Mapping[int, Party]) -> dict[int, str | None]:
    """The reference each document's payer quotes: the one it came with, or a spread one."""
    fresh = [d for d in documents if d.kind in _QUOTED and not d.given_reference]
    serials = rows.select("SELECT nextval('invoicing_payment_serial') FROM generate_series(1, %s)", [len(fresh)])
    references: dict[int, str | None] = {d.id: d.given_reference or None for d in documents}
    for d, (serial,) in zip(fresh, serials, strict=True):
        references[d.id] = reference_for(suppliers[d.supplier_id].country, serial)
    return references


def _copies(ctx: Ctx, documents: Sequence[Drafted], suppliers: Mapping[int, Party]) -> dict[int, tuple[int, int]]:
    """The copies of supplier and customer that each document keeps."""
    kept, customers = copies.keep(
        ctx,
        suppliers={(d.supplier_id, "" if d.kind in SELF_BILLED else d.currency) for d in documents},
        customers={d.party_id for d in documents},
        found=suppliers,
    )
    return {
        d.id: (kept[d.supplier_id, "" if d.kind in SELF_BILLED else d.currency], customers[d.party_id])
        for d in documents
    }


def _unverified(documents: Sequence[Drafted], suppliers: Mapping[int, Party], issue_date: date) -> list[int]:
    """Documents with VAT by rates that nobody has compared with the law for their day."""
    asked: dict[tuple[str, date], bool] = {}
    found = []
    for d in documents:
        key = suppliers[d.supplier_id].country, d.tax_point_date or issue_date
        if key not in asked:
            asked[key] = key[0] in vat.COUNTRIES and not vat.is_verified(*key)
        if d.vat_minor and asked[key]:
            found.append(d.id)
    return found


@dataclass(frozen=True, slots=True)
class _Final:
    """What issuing adds to each document."""

    references: Mapping[int, str | None]
    copies: Mapping[int, tuple[int, int]]
    unverified: Sequence[int]
    numbers: Mapping[int, tuple[int, int, str]]


def _finish(ctx: Ctx, documents: Sequence[Drafted], final: _Final, issue_date: date, due: Mapping[int, date]) -> None:
    unverified = frozenset(final.unverified)
    rows.run(
        """
        UPDATE invoicing_invoice i SET series_id = u.series_id, sequence = u.sequence, number = u.number,
               payment_reference = u.reference, issue_date = %s, due_date = u.due_date,
               supplier_copy_id = u.supplier_copy_id, customer_copy_id = u.customer_copy_id,
               is_unverified = u.is_unverified
        FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[], %s::text[], %s::date[], %s::bigint[],
                    %s::bigint[], %s::boolean[])
             AS u (id, series_id, sequence, number, reference, due_date, supplier_copy_id, customer_copy_id,
                   is_unverified)
        WHERE i.tenant_id = %s AND i.id = u.id
        """,
        [
            issue_date,
            [d.id for d in documents],
            [final.numbers[d.id][0] for d in documents],
            [final.numbers[d.id][1] for d in documents],
            [final.numbers[d.id][2] for d in documents],
            [final.references[d.id] for d in documents],
            [due[d.id] for d in documents],
            [final.copies[d.id][0] for d in documents],
            [final.copies[d.id][1] for d in documents],
            [d.id in unverified for d in documents],
            ctx.tenant_id,
        ],
    )
