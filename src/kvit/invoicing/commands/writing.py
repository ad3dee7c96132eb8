"""Write calculated documents with their lines and VAT sums, as sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.base import rows
from kvit.base.command import Ctx
from kvit.invoicing.domain import Calculated, Draft, DraftLine, Exchange, InvoiceState, Kind, References
from kvit.invoicing.domain.content import LineContent, spelled
from kvit.invoicing.domain.preparing import Prepared

_NO_REFERENCES: Final = References()


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
    accounting_currency: str = ""
    exchange: Exchange | None = None
    splits_payment: bool = False
    estimate_id: int | None = None
    contract_id: int | None = None


def row_of(made: Prepared, supplier_id: int, currency: str, terms_days: int) -> DocumentRow:
    """The row of a draft; `terms_days` are the customer's."""
    draft = made.draft
    return DocumentRow(
        kind=draft.kind,
        supplier_id=supplier_id,
        customer_id=draft.customer_id,
        currency=currency,
        terms_days=terms_days if draft.terms_days is None else draft.terms_days,
        draft=draft,
        calculated=made.calculated,
        accounting_currency=made.accounting_currency,
        exchange=made.exchange,
        splits_payment=made.splits_payment,
    )


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
            **_sums(documents),
            **_exchange(documents),
            **_references(documents),
        },
    )


def _sums(documents: Sequence[DocumentRow]) -> rows.Columns:
    return {
        "allowance_minor": ("bigint", [d.calculated.allowance_minor for d in documents]),
        "charge_minor": ("bigint", [d.calculated.charge_minor for d in documents]),
        "rounding_minor": ("bigint", [d.calculated.rounding_minor for d in documents]),
        "prepaid_minor": ("bigint", [d.draft.prepaid_minor for d in documents]),
        "vat_accounting_minor": ("bigint", [d.calculated.vat_accounting_minor for d in documents]),
        "splits_payment": ("boolean", [d.splits_payment for d in documents]),
        "estimate_id": ("bigint", [d.estimate_id for d in documents]),
        "contract_id": ("bigint", [d.contract_id for d in documents]),
        "content": ("jsonb", [spelled(d.calculated.content) for d in documents]),
    }


def _exchange(documents: Sequence[DocumentRow]) -> rows.Columns:
    kept = [d.exchange for d in documents]
    return {
        "accounting_currency": ("text", [d.accounting_currency for d in documents]),
        "exchange_rate": ("numeric", [one.rate if one else None for one in kept]),
        "exchange_date": ("date", [one.rate_date if one else None for one in kept]),
        "exchange_source": ("text", [one.source if one else "" for one in kept]),
        "tax_point_date": ("date", [d.draft.tax_point_date for d in documents]),
    }


def _references(documents: Sequence[DocumentRow]) -> rows.Columns:
    told = [d.draft.references or _NO_REFERENCES for d in documents]
    periods = [d.draft.period for d in documents]
    return {
        "buyer_reference": ("text", [one.buyer for one in told]),
        "order_reference": ("text", [one.order for one in told]),
        "contract_reference": ("text", [one.contract for one in told]),
        "project_reference": ("text", [one.project for one in told]),
        "period_start_date": ("date", [one[0] if one else None for one in periods]),
        "period_end_date": ("date", [one[1] if one else None for one in periods]),
    }


def _write_lines(ctx: Ctx, documents: Sequence[DocumentRow], ids: list[int]) -> None:
    flat = [
        (invoice_id, position, *line)
        for invoice_id, d in zip(ids, documents, strict=True)
        for position, line in enumerate(zip(d.draft.lines, d.calculated.line_nets, _contents(d), strict=True), 1)
    ]
    lines: list[DraftLine] = [row[2] for row in flat]
    rows.insert(
        "invoicing_invoiceline",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(flat)),
            "invoice_id": ("bigint", [row[0] for row in flat]),
            "position": ("smallint", [row[1] for row in flat]),
            "description": ("text", [line.description for line in lines]),
            "quantity": ("numeric", [line.quantity for line in lines]),
            "unit": ("text", [line.unit for line in lines]),
            "unit_price": ("numeric", [line.unit_price for line in lines]),
            "vat_rate": ("numeric", [line.vat_rate for line in lines]),
            "net_minor": ("bigint", [row[3] for row in flat]),
            "vat_category": ("text", [line.category for line in lines]),
            "content": ("jsonb", [spelled(row[4]) for row in flat]),
        },
    )


def _contents(d: DocumentRow) -> tuple[LineContent, ...]:
    return d.calculated.line_contents or tuple(line.more for line in d.draft.lines)


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
            "vat_category": ("text", [row[1].category for row in flat]),
            "exemption_code": ("text", [row[1].exemption_code for row in flat]),
            "exemption_reason": ("text", [row[1].exemption_reason for row in flat]),
            "accounting_minor": ("bigint", [row[1].accounting_minor for row in flat]),
        },
    )
