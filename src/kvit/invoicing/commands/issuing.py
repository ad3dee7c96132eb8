"""Issue drafts: post them, number them without gaps as late as possible, make them final, announce them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable, move
from kvit.invoicing.domain import INVOICE, InvoiceState, Kind, document_number, reference_for, series_prefix
from kvit.invoicing.events import InvoicesIssued
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts, Posting, PostingLine
from kvit.ledger.queries import items_of_subjects
from kvit.parties import queries as parties

SERIES_LOCK = 0x4B78  # advisory, with the tenant's number


class IssueRefused(DomainError):
    """A draft cannot be issued; the text names it and says why."""

    code: ClassVar[str] = "invoicing.issue_refused"


@dataclass(frozen=True)
class Issued:
    """The numbers of the documents, in the order their ids were given."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Drafted:
    id: int
    kind: Kind
    supplier_id: int
    party_id: int
    currency: str
    terms_days: int
    net_minor: int
    vat_minor: int
    gross_minor: int
    credits_id: int | None
    given_reference: str


@command
def issue_invoices(ctx: Ctx, *, invoice_ids: tuple[int, ...], issue_date: date) -> Issued:
    """Issue a set of drafts, all or none: the books first, the number series last (RELIABILITY 4 and 10).

    A credit note settles the invoice it credits as far as that is open; the rest is the customer's credit.
    Refuses `NotMovable` for what is not a draft, `IssueRefused`.
    """
    documents = _lock(ctx, invoice_ids)
    due = {d.id: issue_date + timedelta(days=d.terms_days) for d in documents}
    _post(ctx, documents, issue_date, due)
    _settle_credited(ctx, documents, issue_date)
    references = _references(documents)
    numbers = _number(ctx, documents, issue_date.year)
    try:
        _finish(ctx, documents, numbers, references, issue_date, due)
    except IntegrityError as error:
        if rows.violated(error) == "invoicing_invoice_reference":
            raise IssueRefused("another document already carries the payment reference of one of these") from error
        raise
    move(ctx, INVOICE, invoice_ids, to=InvoiceState.ISSUED)
    ctx.emit(InvoicesIssued(invoice_ids=tuple(invoice_ids)))
    return Issued(tuple(numbers[invoice_id][2] for invoice_id in invoice_ids))


def _lock(ctx: Ctx, invoice_ids: Sequence[int]) -> list[_Drafted]:
    """Lock the drafts in id order."""
    found = rows.select(
        """
        SELECT i.id, i.kind, i.supplier_id, c.party_id, i.currency, i.terms_days, i.net_minor,
               i.vat_minor, i.gross_minor, i.credits_id, i.given_reference
        FROM invoicing_invoice i JOIN invoicing_customer c ON c.id = i.customer_id
        WHERE i.tenant_id = %s AND i.id IN (SELECT unnest(%s::bigint[])) AND i.state = 'draft'
        ORDER BY i.id FOR NO KEY UPDATE OF i
        """,
        [ctx.tenant_id, list(invoice_ids)],
    )
    documents = [_Drafted(row[0], Kind(row[1]), *row[2:]) for row in found]
    if missing := sorted(set(invoice_ids) - {d.id for d in documents}):
        raise NotMovable(f"document {missing[0]} is not a draft")
    if negative := next((d for d in documents if d.gross_minor < 0), None):
        raise IssueRefused(f"document {negative.id} is below zero; issue a credit note instead")
    return documents


def _post(ctx: Ctx, documents: Sequence[_Drafted], issue_date: date, due: dict[int, date]) -> None:
    ledger.post(
        ctx,
        postings=tuple(
            Posting(
                entry_date=issue_date,
                kind="sale" if d.kind is Kind.INVOICE else "credit",
                subject_kind="invoice",
                subject_id=d.id,
                lines=_sides(d, due[d.id]),
            )
            for d in documents
            if d.net_minor or d.vat_minor
        ),
    )


def _sides(d: _Drafted, due_date: date) -> tuple[PostingLine, ...]:
    sign = 1 if d.kind is Kind.INVOICE else -1
    sides = (
        PostingLine(Accounts.RECEIVABLE, sign * d.gross_minor, d.currency, party_id=d.party_id, due_date=due_date),
        PostingLine(Accounts.SALES, -sign * d.net_minor, d.currency),
        PostingLine(Accounts.OUTPUT_VAT, -sign * d.vat_minor, d.currency),
    )
    return tuple(side for side in sides if side.amount_minor)


def _settle_credited(ctx: Ctx, documents: Sequence[_Drafted], issue_date: date) -> None:
    """Settle credited invoices, as far as they are open, with their credit notes."""
    credits = [d for d in documents if d.credits_id is not None]
    if not credits:
        return
    subjects = [d.id for d in credits] + [d.credits_id for d in credits if d.credits_id is not None]
    items: dict[tuple[int, str], list[int]] = defaultdict(list)
    for item in items_of_subjects("invoice", subjects):
        items[item.subject_id, item.side].append(item.id)
    pairs = [
        (debit, credit)
        for d in credits
        for debit in items[d.credits_id or 0, "debit"]
        for credit in items[d.id, "credit"]
    ]
    ledger.settle(ctx, pairs=tuple(pairs), on_date=issue_date)


def _references(documents: Sequence[_Drafted]) -> dict[int, str | None]:
    """The reference each invoice's payer quotes: the one it came with, or a spread one."""
    fresh = [d for d in documents if d.kind is Kind.INVOICE and not d.given_reference]
    serials = rows.select("SELECT nextval('invoicing_payment_serial') FROM generate_series(1, %s)", [len(fresh)])
    references: dict[int, str | None] = {d.id: d.given_reference or None for d in documents}
    suppliers = parties.parties([d.supplier_id for d in fresh])
    for d, (serial,) in zip(fresh, serials, strict=True):
        references[d.id] = reference_for(suppliers[d.supplier_id].country, serial)
    return references


def _number(ctx: Ctx, documents: Sequence[_Drafted], year: int) -> dict[int, tuple[int, int, str]]:
    """(series, sequence, number) of each document. From here on others wait for these series until we commit."""
    groups: dict[tuple[int, Kind], list[_Drafted]] = defaultdict(list)
    for d in documents:
        groups[(d.supplier_id, d.kind)].append(d)
    numbers: dict[int, tuple[int, int, str]] = {}
    for (supplier_id, kind), group in sorted(groups.items()):
        series_id, prefix, after = _take_block(ctx, supplier_id, kind, year, len(group))
        for sequence, d in enumerate(group, after - len(group)):
            numbers[d.id] = (series_id, sequence, document_number(prefix, year, sequence))
    return numbers


def _take_block(ctx: Ctx, supplier_id: int, kind: Kind, year: int, count: int) -> tuple[int, str, int]:
    for _ in range(2):
        taken = rows.select(
            """
            UPDATE invoicing_series SET next_sequence = next_sequence + %s
            WHERE tenant_id = %s AND supplier_id = %s AND kind = %s AND year = %s
            RETURNING id, prefix, next_sequence
            """,
            [count, ctx.tenant_id, supplier_id, kind.value, year],
        )
        if taken:
            return int(taken[0][0]), str(taken[0][1]), int(taken[0][2])
        _open_series(ctx, supplier_id, kind, year)
    raise AssertionError("a series that was just inserted is not there")


def _open_series(ctx: Ctx, supplier_id: int, kind: Kind, year: int) -> None:
    """A supplier keeps its prefix through the years. One series is opened at a time: they count each other."""
    rows.select("SELECT pg_advisory_xact_lock(%s, %s)", [SERIES_LOCK, ctx.tenant_id])
    rows.run(
        """
        INSERT INTO invoicing_series (tenant_id, supplier_id, kind, year, prefix, next_sequence)
        VALUES (%(tenant)s, %(supplier)s::bigint, %(kind)s::text, %(year)s, coalesce(
            (SELECT s.prefix FROM invoicing_series s
             WHERE s.supplier_id = %(supplier)s::bigint AND s.kind = %(kind)s::text LIMIT 1),
            %(prefix)s), 1)
        ON CONFLICT (tenant_id, supplier_id, kind, year) DO NOTHING
        """,
        {
            "tenant": ctx.tenant_id,
            "supplier": supplier_id,
            "kind": kind.value,
            "year": year,
            "prefix": series_prefix(kind, supplier_number=_suppliers(kind) + 1),
        },
    )


def _suppliers(kind: Kind) -> int:
    """How many suppliers have series of this kind."""
    return int(
        rows.select("SELECT count(DISTINCT supplier_id) FROM invoicing_series WHERE kind = %s", [kind.value])[0][0]
    )


def _finish(
    ctx: Ctx,
    documents: Sequence[_Drafted],
    numbers: dict[int, tuple[int, int, str]],
    references: dict[int, str | None],
    issue_date: date,
    due: dict[int, date],
) -> None:
    rows.run(
        """
        UPDATE invoicing_invoice i SET series_id = u.series_id, sequence = u.sequence, number = u.number,
               payment_reference = u.reference, issue_date = %s, due_date = u.due_date
        FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[], %s::text[], %s::date[])
             AS u (id, series_id, sequence, number, reference, due_date)
        WHERE i.tenant_id = %s AND i.id = u.id
        """,
        [
            issue_date,
            [d.id for d in documents],
            [numbers[d.id][0] for d in documents],
            [numbers[d.id][1] for d in documents],
            [numbers[d.id][2] for d in documents],
            [references[d.id] for d in documents],
            [due[d.id] for d in documents],
            ctx.tenant_id,
        ],
    )
