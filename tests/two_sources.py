"""What leads to Anna's documents, for the tests that try it on another tenant: agreement, contract, order, estimate."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kvit.base.command import Ctx
from kvit.formats import einvoice
from kvit.formats.einvoice.model import Party, Totals
from kvit.invoicing import commands as invoicing
from kvit.invoicing.domain import Draft, DraftLine, Kind
from kvit.invoicing.domain.contracts import NewContract
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts, Posting, PostingLine
from kvit.ledger.queries import items_of_entries
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind
from receivables import Customer, new_customer

DAY = date(2026, 2, 1)
LINES = (DraftLine("Goods", Decimal(1), Decimal(10), Decimal(0)),)
FILE = einvoice.write(
    einvoice.Invoice(
        number="B-1",
        issue_date=DAY,
        currency="SEK",
        seller=Party(name="Partner"),
        totals=Totals(net_minor=1000, vat_minor=0, gross_minor=1000, due_minor=1000),
    ),
    einvoice.Syntax.UBL,
)


@dataclass(frozen=True)
class Sources:
    """Ids of what leads to documents."""

    supplier: int
    agreement: int
    customer: Customer
    contract: int
    order: int
    estimate: int
    advance: int
    self_billed: int
    credit_draft: int
    correction_draft: int


def open_sources(ctx: Ctx) -> Sources:
    """An agreement, a contract, an order and an estimate with money, each of its own customer."""
    from kvit.base import tenant

    supplier = parties.register_party(ctx, kind=PartyKind.COMPANY, name="Partner AB", country="SE").party_id
    agreement = invoicing.agree_on_self_billing(
        ctx, supplier_id=supplier, prefix="SB-", from_date=DAY, acceptance="silent"
    ).agreement_id
    customer = new_customer(ctx, "Frida Berg")
    contract = invoicing.sign_contract(ctx, contract=NewContract(customer.id, "C-1", DAY, LINES)).contract_id
    (order,) = invoicing.take_orders(ctx, orders=(invoicing.NewOrder(customer.id, "O-1", DAY, LINES),)).order_ids
    draft = Draft(customer.id, LINES, kind=Kind.ESTIMATE)
    (estimate,) = invoicing.draft_invoices(ctx, drafts=(draft,), day=DAY).invoice_ids
    invoicing.issue_invoices(ctx, invoice_ids=(estimate,), issue_date=DAY)
    lines = (
        PostingLine(Accounts.RECEIVABLE, -400, "SEK", customer.party_id),
        PostingLine(Accounts.WRITE_OFF, 400, "SEK"),
    )
    (entry,) = ledger.post(ctx, postings=(Posting(DAY, "payment", "test", 0, lines),)).entry_ids
    with tenant.scope(ctx.tenant_id):
        (item,) = items_of_entries([entry])
    billed = invoicing.SelfBilledDraft(supplier, LINES, "SEK")
    (self_billed,) = invoicing.draft_self_billed(ctx, drafts=(billed,), day=DAY).invoice_ids
    changes = _drafts_of_changes(ctx, customer)
    return Sources(supplier, agreement, customer, contract, order, estimate, item.id, self_billed, *changes)


def _drafts_of_changes(ctx: Ctx, customer: Customer) -> tuple[int, int]:
    """The drafts of a credit note and of a correction."""
    drafts = (Draft(customer.id, LINES), Draft(customer.id, LINES))
    credited, corrected = invoicing.draft_invoices(ctx, drafts=drafts, day=DAY).invoice_ids
    invoicing.issue_invoices(ctx, invoice_ids=(credited, corrected), issue_date=DAY)
    becomes = (DraftLine("Goods", Decimal(1), Decimal(8), Decimal(0)),)
    return (
        invoicing.draft_credit_note(ctx, invoice_id=credited, reason="x").invoice_id,
        invoicing.draft_correction(ctx, invoice_id=corrected, reason="x", lines=becomes).invoice_id,
    )
