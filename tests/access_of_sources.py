"""What another tenant gets from the commands and queries on estimates, agreements, contracts, orders, what comes in."""

from datetime import date
from decimal import Decimal

from access_kinds import Asks, Matrix, Reads
from bank_files import DAY
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoicing_q
from kvit.invoicing.domain import Draft, DraftLine
from kvit.invoicing.domain.contracts import NewContract
from receivables import ISSUED
from two_companies import GOODS
from two_sources import FILE

_RATE = invoicing.NewRate("USD", "SEK", DAY, Decimal(11), "Riksbanken")

SOURCES: Matrix = {
    "invoicing.commands.agree_on_self_billing": Asks(
        lambda ctx, w: invoicing.agree_on_self_billing(
            ctx, supplier_id=w.party, prefix="SB-NEW-", from_date=DAY, acceptance="silent"
        ),
        invoicing.AgreementRefused,
    ),
    "invoicing.commands.draft_collective": Asks(
        lambda ctx, w: invoicing.draft_collective(
            ctx, customer_id=w.sources.customer.id, from_date=date(2020, 1, 1), to_date=date(2030, 1, 1), day=ISSUED
        ),
        invoicing.OrderRefused,
    ),
    "invoicing.commands.draft_correction": Asks(
        lambda ctx, w: invoicing.draft_correction(ctx, invoice_id=w.unpaid, reason="x", lines=()),
        invoicing.NotCorrectable,
    ),
    "invoicing.commands.draft_due_contracts": Asks(
        lambda ctx, w: invoicing.draft_due_contracts(ctx, through=date(2030, 1, 1), day=ISSUED),
        invoicing.ContractsDrafted(()),
    ),
    "invoicing.commands.draft_interest_note": Asks(
        lambda ctx, w: invoicing.draft_interest_note(ctx, invoice_id=w.unpaid, through=date(2030, 1, 1)),
        invoicing.NotLate,
    ),
    "invoicing.commands.draft_self_billed": Asks(
        lambda ctx, w: invoicing.draft_self_billed(
            ctx, drafts=(invoicing.SelfBilledDraft(w.sources.supplier, GOODS, "SEK"),), day=ISSUED
        ),
        invoicing.NoAgreement,
    ),
    "invoicing.commands.end_agreement": Asks(
        lambda ctx, w: invoicing.end_agreement(ctx, agreement_id=w.sources.agreement, to_date=DAY),
        invoicing.AgreementRefused,
    ),
    "invoicing.commands.estimate_order": Asks(
        lambda ctx, w: invoicing.estimate_order(ctx, order_id=w.sources.order, day=ISSUED), invoicing.OrderRefused
    ),
    "invoicing.commands.give_notice": Asks(
        lambda ctx, w: invoicing.give_notice(
            ctx, contract_id=w.sources.contract, given_date=DAY, end_date=date(2030, 1, 1)
        ),
        invoicing.ContractRefused,
    ),
    "invoicing.commands.index_contract": Asks(
        lambda ctx, w: invoicing.index_contract(
            ctx, contract_id=w.sources.contract, from_date=DAY, percent=Decimal(1), reason="x"
        ),
        invoicing.ContractRefused,
    ),
    "invoicing.commands.issue_each": Asks(
        lambda ctx, w: invoicing.issue_each(ctx, invoice_ids=(w.draft,), issue_date=ISSUED),
        invoicing.EachIssued((), (), (), ()),
    ),
    "invoicing.commands.invoice_estimate": Asks(
        lambda ctx, w: invoicing.invoice_estimate(ctx, estimate_id=w.sources.estimate, issue_date=ISSUED),
        invoicing.EstimateRefused,
    ),
    "invoicing.commands.keep_exchange_rates": Asks(
        lambda ctx, w: invoicing.keep_exchange_rates(ctx, rates=(_RATE,)), own=True
    ),
    "invoicing.commands.redraft_correction": Asks(
        lambda ctx, w: invoicing.redraft_correction(ctx, invoice_id=w.sources.correction_draft, reason="x", lines=()),
        NotMovable,
    ),
    "invoicing.commands.redraft_credit_note": Asks(
        lambda ctx, w: invoicing.redraft_credit_note(ctx, invoice_id=w.sources.credit_draft, reason="x"), NotMovable
    ),
    "invoicing.commands.redraft_self_billed": Asks(
        lambda ctx, w: invoicing.redraft_self_billed(
            ctx,
            invoice_id=w.sources.self_billed,
            draft=invoicing.SelfBilledDraft(w.sources.supplier, GOODS, "SEK"),
            day=ISSUED,
        ),
        NotMovable,
    ),
    "invoicing.commands.sign_contract": Asks(
        lambda ctx, w: invoicing.sign_contract(
            ctx, contract=NewContract(w.customer, "C-9", DAY, (DraftLine("x", Decimal(1), Decimal(1), Decimal(0)),))
        ),
        invoicing.ContractRefused,
    ),
    "invoicing.commands.take_advance": Asks(
        lambda ctx, w: invoicing.take_advance(
            ctx, estimate_id=w.sources.estimate, item_id=w.sources.advance, received_date=DAY
        ),
        invoicing.EstimateRefused,
    ),
    "invoicing.commands.take_in_invoice": Asks(
        lambda ctx, w: invoicing.take_in_invoice(ctx, file=FILE, supplier_id=w.party),
        invoicing.UnknownSupplier,
    ),
    "invoicing.commands.take_orders": Asks(
        lambda ctx, w: invoicing.take_orders(ctx, orders=(invoicing.NewOrder(w.customer, "O-1", DAY, GOODS),)),
        invoicing.OrderRefused,
    ),
    "invoicing.queries.agreements": Reads(lambda w: invoicing_q.agreements(), ()),
    "invoicing.queries.contract_terms": Reads(lambda w: invoicing_q.contract_terms([w.sources.contract]), {}),
    "invoicing.queries.contracts": Reads(lambda w: invoicing_q.contracts(), ()),
    "invoicing.queries.documents_of_estimate": Reads(
        lambda w: invoicing_q.documents_of_estimate(w.sources.estimate), (), alike=True
    ),
    "invoicing.queries.estimate": Reads(lambda w: invoicing_q.estimate(w.sources.estimate), None),
    "invoicing.queries.estimates": Reads(lambda w: invoicing_q.estimates(limit=9), ()),
    "invoicing.queries.exchange_rate": Reads(
        lambda w: invoicing_q.exchange_rate("EUR", country="SE", tax_point=ISSUED), None, alike=True
    ),
    "invoicing.queries.exchange_rates": Reads(lambda w: invoicing_q.exchange_rates("EUR"), (), alike=True),
    "invoicing.queries.incoming_invoices": Reads(lambda w: invoicing_q.incoming_invoices(limit=9), (), alike=True),
    "invoicing.queries.interest_charge": Reads(
        lambda w: invoicing_q.interest_charge(w.unpaid, through=date(2030, 1, 1)), None
    ),
    "invoicing.queries.interest_notes": Reads(lambda w: invoicing_q.interest_notes(w.unpaid), (), alike=True),
    "invoicing.queries.as_written": Reads(lambda w: invoicing_q.as_written(w.unpaid, day=DAY), None),
    "invoicing.queries.has_estimates": Reads(lambda w: invoicing_q.has_estimates(), False),
    "invoicing.queries.issued_documents": Reads(lambda w: invoicing_q.issued_documents([w.unpaid]), {}),
    "invoicing.queries.kept_change": Reads(lambda w: invoicing_q.kept_change(w.sources.credit_draft), None),
    "invoicing.queries.kept_draft": Reads(lambda w: invoicing_q.kept_draft(w.draft), None),
    "invoicing.queries.lines_as_corrected": Reads(lambda w: invoicing_q.lines_as_corrected(w.unpaid), ()),
    "invoicing.queries.narrowed": Reads(lambda w: invoicing_q.narrowed(invoicing_q.Wanted(), limit=9), ()),
    "invoicing.queries.open_estimates": Reads(lambda w: invoicing_q.open_estimates(), ()),
    "invoicing.queries.reckoned": Reads(lambda w: invoicing_q.reckoned(Draft(w.customer, GOODS), day=ISSUED), None),
    "invoicing.queries.reckoned_correction": Reads(lambda w: invoicing_q.reckoned_correction(w.unpaid, GOODS), None),
    "invoicing.queries.orders": Reads(lambda w: invoicing_q.orders(), ()),
}
