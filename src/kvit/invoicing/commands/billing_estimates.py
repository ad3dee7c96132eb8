"""An estimate becomes tax invoices: whole when it is paid at once, else advance invoices and a final one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.formats.einvoice.model import PolishTerms
from kvit.invoicing.commands.crediting import Changed, locked
from kvit.invoicing.commands.issuing import issue_invoices
from kvit.invoicing.commands.writing import row_of, write
from kvit.invoicing.domain import Content, Draft, Kind
from kvit.invoicing.domain.advances import Advance, advance_lines, deducted, order_of, received
from kvit.invoicing.domain.paper import Paper, Sides
from kvit.invoicing.domain.preparing import Circumstances, prepared
from kvit.invoicing.queries import Issued, issued_documents
from kvit.invoicing.queries.drafts import lines_of
from kvit.invoicing.queries.rates import exchanges
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger import queries as books
from kvit.ledger.domain import Accounts
from kvit.ledger.queries import Item
from kvit.parties import queries as parties

_ESTIMATES: Final = frozenset({Kind.ESTIMATE})


class EstimateRefused(DomainError):
    """No issued estimate, one that is invoiced already, or money that is not its customer's in its currency."""

    code: ClassVar[str] = "invoicing.estimate_refused"


@dataclass(frozen=True)
class EstimateBilled:
    """The invoice that was issued, its kind, and what of the money settled it (minor units)."""

    invoice_id: int
    number: str
    kind: Kind
    settled_minor: int


@dataclass(frozen=True, slots=True)
class _Estimate:
    """An estimate that is being billed: what it asks for, what has come on it, and its advance invoices."""

    id: int
    head: Changed
    issued: Issued
    payable_minor: int
    paid_minor: int
    advances: tuple[Advance, ...]
    language: str

    @property
    def paper(self) -> Paper:
        """The estimate as it was issued."""
        return self.issued.paper


@command
def take_advance(ctx: Ctx, *, estimate_id: int, item_id: int, received_date: date) -> EstimateBilled:
    """Money came on an estimate: issue the tax invoice of it on the day it came, and settle that with the money.

    All of it at once makes an invoice, a part an advance invoice, and what completes it the final invoice, which leaves
    out what the advance invoices have taxed. `item_id` is the open credit on the customer's account; what is beyond the
    estimate stays there. Refuses `EstimateRefused` and what `issue_invoices` refuses.
    """
    estimate = _locked(estimate_id)
    item = _credit(item_id, estimate)
    amount = min(item.open_minor, estimate.payable_minor - estimate.paid_minor)
    if estimate.paid_minor + amount < estimate.payable_minor:
        invoice_id = _advance(ctx, estimate, amount, received_date)
        kind = Kind.ADVANCE_INVOICE
    else:
        kind = Kind.FINAL_INVOICE if estimate.advances else Kind.INVOICE
        invoice_id = _whole(ctx, estimate, received_date)
    (number,) = issue_invoices(ctx, invoice_ids=(invoice_id,), issue_date=received_date).numbers
    _keep(ctx, estimate_id, invoice_id, item_id, amount_minor=amount, received_date=received_date)
    settled = _settle(ctx, invoice_id, item_id, received_date)
    return EstimateBilled(invoice_id, number, kind, settled)


@command
def invoice_estimate(ctx: Ctx, *, estimate_id: int, issue_date: date) -> EstimateBilled:
    """The supply was made: invoice the estimate, or what its advances leave of it, as a claim.

    Refuses `EstimateRefused` and what `issue_invoices` refuses.
    """
    estimate = _locked(estimate_id)
    invoice_id = _whole(ctx, estimate, issue_date)
    (number,) = issue_invoices(ctx, invoice_ids=(invoice_id,), issue_date=issue_date).numbers
    return EstimateBilled(invoice_id, number, Kind.FINAL_INVOICE if estimate.advances else Kind.INVOICE, 0)


def _locked(estimate_id: int) -> _Estimate:
    head = locked(estimate_id, _ESTIMATES)
    if head is None:
        raise EstimateRefused("only an issued estimate is invoiced")
    made = rows.select(
        "SELECT id, kind FROM invoicing_invoice WHERE estimate_id = %s AND state <> 'discarded' ORDER BY id",
        [estimate_id],
    )
    if any(kind != Kind.ADVANCE_INVOICE for _, kind in made):
        raise EstimateRefused("the estimate is invoiced already")
    documents = issued_documents([estimate_id, *(row[0] for row in made)])
    ((credited,),) = rows.select(
        "SELECT count(*) FROM invoicing_invoice WHERE credits_id IN (SELECT unnest(%s::bigint[])) "
        "AND state <> 'discarded'",
        [[row[0] for row in made]],
    )
    if credited or len(documents) != len(made) + 1:
        raise EstimateRefused("an advance invoice of the estimate was credited or waits; invoice the rest by hand")
    advances = tuple(_advance_of(documents[row[0]]) for row in made)
    customer = parties.parties([_party_of(head.customer_id)])
    return _Estimate(
        estimate_id,
        head,
        documents[estimate_id],
        head.gross_minor + head.rounding_minor,
        sum(one.payable_minor for one in advances),
        advances,
        next(iter(customer.values())).language.value,
    )


def _advance_of(issued: Issued) -> Advance:
    paper = issued.paper
    payable = paper.gross_minor + paper.rounding_minor
    return Advance(issued.id, paper.number, paper.issue_date, paper.vat, payable)


def _party_of(customer_id: int) -> int:
    ((party_id,),) = rows.select("SELECT party_id FROM invoicing_customer WHERE id = %s", [customer_id])
    return int(party_id)


def _credit(item_id: int, estimate: _Estimate) -> Item:
    item = next(iter(books.items_by_id([item_id])), None)
    if (
        item is None
        or (item.side, item.account, item.currency) != ("credit", Accounts.RECEIVABLE, estimate.head.currency)
        or item.party_id != _party_of(estimate.head.customer_id)
        or not item.open_minor
    ):
        raise EstimateRefused("the money is not the customer's in the estimate's currency, or it has been used")
    return item


def _advance(ctx: Ctx, estimate: _Estimate, amount_minor: int, day: date) -> int:
    paper, head = estimate.paper, estimate.head
    lines = advance_lines(
        amount_minor, paper.vat, currency=head.currency, number=paper.number, language=estimate.language
    )
    polish = PolishTerms(
        order=order_of(paper.lines, paper.vat, paper.gross_minor), partial_advances=received(day, amount_minor)
    )
    content = Content(exemptions=head.content.exemptions, polish=polish if paper.country == "PL" else None)
    draft = Draft(head.customer_id, lines, head.currency, 0, kind=Kind.ADVANCE_INVOICE, content=content)
    return _drafted(ctx, estimate, draft, day, payable_minor=amount_minor)


def _whole(ctx: Ctx, estimate: _Estimate, day: date) -> int:
    head = estimate.head
    content = head.content
    if estimate.advances:
        content = replace(
            content,
            allowances=(*content.allowances, *deducted(estimate.advances, language=estimate.language)),
            deductions=tuple(one.deduction for one in estimate.advances),
        )
    draft = Draft(
        head.customer_id,
        lines_of(estimate.id),
        head.currency,
        kind=Kind.FINAL_INVOICE if estimate.advances else Kind.INVOICE,
        references=head.references,
        period=estimate.paper.period,
        content=content,
    )
    left = estimate.payable_minor - estimate.paid_minor
    return _drafted(ctx, estimate, draft, day, payable_minor=left)


def _drafted(ctx: Ctx, estimate: _Estimate, draft: Draft, day: date, *, payable_minor: int) -> int:
    """The draft over exactly this much; what rounding leaves is told as such (BT-114)."""
    head = estimate.head
    (exchange,) = exchanges([draft], [head.currency], estimate.paper.country, day)
    by = Circumstances(
        country=estimate.paper.country,
        tax_point=day,
        currency=head.currency,
        exchange=exchange,
        sides=Sides(estimate.issued.sides.seller, estimate.issued.sides.buyer),
    )
    made = prepared(draft, by)
    if made.calculated.gross_minor != payable_minor:
        made = prepared(draft, replace(by, rounding_minor=payable_minor - made.calculated.gross_minor))
    row = row_of(made, head.supplier_id, head.currency, head.terms_days)
    return write(ctx, [replace(row, estimate_id=estimate.id)])[0]


def _keep(ctx: Ctx, estimate_id: int, invoice_id: int, item_id: int, *, amount_minor: int, received_date: date) -> None:
    rows.run(
        """
        INSERT INTO invoicing_estimatepayment (tenant_id, estimate_id, invoice_id, item_id, amount_minor, received_date,
                                               command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        [ctx.tenant_id, estimate_id, invoice_id, item_id, amount_minor, received_date, ctx.command_id],
    )


def _settle(ctx: Ctx, invoice_id: int, item_id: int, day: date) -> int:
    claims: Sequence[Item] = books.items_of_subjects("invoice", [invoice_id])
    pairs = tuple((claim.id, item_id) for claim in claims if claim.side == "debit")
    ledger.settle(ctx, pairs=pairs, on_date=day)
    return sum(claim.open_minor for claim in claims) - sum(
        claim.open_minor for claim in books.items_of_subjects("invoice", [invoice_id])
    )
