"""Self-billing: agreements with suppliers, and drafts that we make out in their name, thousands at a time."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable
from kvit.invoicing.commands.customers import NewCustomer, register_customers
from kvit.invoicing.commands.drafting import Drafted, discard, own_party
from kvit.invoicing.commands.numbering import check_agreed
from kvit.invoicing.commands.writing import row_of, write
from kvit.invoicing.domain import Draft, DraftLine, InvoiceState, Kind, References, tidied
from kvit.invoicing.domain.content import Content
from kvit.invoicing.domain.paper import NOBODY, Sides
from kvit.invoicing.domain.preparing import Circumstances, is_plain, prepared
from kvit.invoicing.domain.self_billing import LONGEST_PREFIX
from kvit.invoicing.queries.papers import known
from kvit.invoicing.queries.rates import exchanges
from kvit.kernel.refusals import DomainError
from kvit.parties import queries as parties

OWN_CUSTOMER: Final = "SELF"
"""Under which number the company is a customer of its suppliers, in whose name it bills itself."""


class AgreementRefused(DomainError):
    """An agreement that stands already, a prefix that another supplier has, or one that no series can have."""

    code: ClassVar[str] = "invoicing.agreement_refused"


@dataclass(frozen=True)
class Agreed:
    """The agreement's id."""

    agreement_id: int


@dataclass(frozen=True)
class AgreementEnded:
    """The last day of the agreement."""

    to_date: date


@dataclass(frozen=True, slots=True)
class SelfBilledDraft:
    """What we owe a supplier by the agreement; `lines` and the rest as on a draft of an invoice."""

    supplier_id: int
    lines: tuple[DraftLine, ...]
    currency: str
    terms_days: int = 14
    tax_point_date: date | None = None
    references: References | None = None
    period: tuple[date, date] | None = None
    content: Content | None = None


@command
def agree_on_self_billing(ctx: Ctx, *, supplier_id: int, prefix: str, from_date: date, acceptance: str) -> Agreed:
    """Keep an agreement by which we make out a supplier's invoices, numbered in a series of the supplier's own.

    `acceptance` says how the supplier accepts each invoice (Directive 2006/112/EC art. 224). Refuses
    `AgreementRefused`.
    """
    told = prefix.strip()
    if not 1 <= len(told) <= LONGEST_PREFIX or not told.isprintable() or not acceptance.strip():
        raise AgreementRefused(f"a prefix has 1 to {LONGEST_PREFIX} characters, and how invoices are accepted is said")
    if supplier_id in parties.own_parties():
        raise AgreementRefused("the company is its own supplier without an agreement")
    taken = rows.select(
        """
        SELECT FROM invoicing_agreement WHERE prefix = %(prefix)s AND supplier_id <> %(supplier)s
        UNION ALL SELECT FROM invoicing_series
        WHERE prefix IN (%(prefix)s, %(prefix)s || 'K') AND supplier_id <> %(supplier)s LIMIT 1
        """,
        {"prefix": told, "supplier": supplier_id},
    )
    if taken:
        raise AgreementRefused(f"the prefix {told} is another series' already")
    agreement_id = rows.next_ids("invoicing_agreement", 1)[0]
    try:
        rows.run(
            """
            INSERT INTO invoicing_agreement (id, tenant_id, supplier_id, prefix, from_date, acceptance, command_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s)
            """,
            [agreement_id, ctx.tenant_id, supplier_id, told, from_date, acceptance.strip()[:300], ctx.command_id],
        )
    except IntegrityError as error:
        if rows.violated(error) in ("invoicing_agreement_live", "invoicing_agreement_supplier_id_fk"):
            raise AgreementRefused("there is an agreement with this supplier already, or no such supplier") from error
        raise
    return Agreed(agreement_id)


@command
def end_agreement(ctx: Ctx, *, agreement_id: int, to_date: date) -> AgreementEnded:
    """No more invoices in the supplier's name after this day. Refuses `AgreementRefused`."""
    ended = rows.run(
        """
        UPDATE invoicing_agreement SET to_date = %s
        WHERE tenant_id = %s AND id = %s AND to_date IS NULL AND from_date <= %s
        """,
        [to_date, ctx.tenant_id, agreement_id, to_date],
    )
    if not ended:
        raise AgreementRefused("there is no such agreement in force, or it begins later")
    return AgreementEnded(to_date)


@command
def draft_self_billed(ctx: Ctx, *, drafts: Bulk[tuple[SelfBilledDraft, ...]], day: date) -> Drafted:
    """Write drafts of invoices in the names of suppliers, all or none; issue them like any other.

    Refuses `NoAgreement`, `BadLine`, `BadDraft`, `NoVatRates`, `UnknownCustomer`, `UnknownCurrency`.
    """
    suppliers = parties.parties(sorted({draft.supplier_id for draft in drafts}))
    check_agreed({draft.supplier_id for draft in drafts}, day)
    own = own_party()
    customer_id = _own_customer(ctx, own.id, drafts[0].currency)
    buyer = known(own)
    documents = []
    for one in drafts:
        supplier = suppliers[one.supplier_id]
        draft = tidied(_draft(one, customer_id))
        (exchange,) = exchanges([draft], [one.currency], supplier.country, day)
        by = Circumstances(
            country=supplier.country,
            tax_point=one.tax_point_date or day,
            currency=one.currency,
            exchange=exchange,
            sides=NOBODY if is_plain(draft) else Sides(known(supplier), buyer),
        )
        documents.append(row_of(prepared(draft, by), one.supplier_id, one.currency, one.terms_days))
    return Drafted(write(ctx, documents))


@command
def redraft_self_billed(ctx: Ctx, *, invoice_id: int, draft: SelfBilledDraft, day: date) -> Drafted:
    """Replace a draft of a self-billed invoice by a changed one, as `redraft` does.

    Refuses `NotMovable` where it is no such draft of this supplier any more, and what `draft_self_billed` refuses.
    """
    found = rows.select(
        """
        SELECT FROM invoicing_invoice WHERE id = %s AND supplier_id = %s AND kind = %s AND state = %s
        FOR NO KEY UPDATE
        """,
        [invoice_id, draft.supplier_id, Kind.SELF_BILLED.value, InvoiceState.DRAFT.value],
    )
    if not found:
        raise NotMovable(f"document {invoice_id} is no draft of an invoice of this supplier")
    discard(ctx, invoice_ids=(invoice_id,))
    return draft_self_billed(ctx, drafts=(draft,), day=day)


def _draft(one: SelfBilledDraft, customer_id: int) -> Draft:
    return Draft(
        customer_id,
        one.lines,
        one.currency,
        one.terms_days,
        kind=Kind.SELF_BILLED,
        tax_point_date=one.tax_point_date,
        references=one.references,
        period=one.period,
        content=one.content,
    )


def _own_customer(ctx: Ctx, party_id: int, currency: str) -> int:
    found = rows.select("SELECT id FROM invoicing_customer WHERE party_id = %s", [party_id])
    if found:
        return int(found[0][0])
    new = NewCustomer(party_id, OWN_CUSTOMER, currency, terms_days=0)
    return register_customers(ctx, customers=(new,)).customer_ids[0]
