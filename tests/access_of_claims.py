"""What another tenant gets of what was said about claims; rows of the access matrix."""

from datetime import timedelta

from access_kinds import Asks, Matrix, Reads
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoicing_q
from kvit.invoicing.domain import ClaimRule, DisputeReason, FactKind, FactState, Remittance

CLAIMS: Matrix = {
    "invoicing.commands.accept_dispute": Asks(
        lambda ctx, w: invoicing.accept_dispute(ctx, fact_id=w.dispute), invoicing.NoSuchFact
    ),
    "invoicing.commands.accept_extension": Asks(
        lambda ctx, w: invoicing.accept_extension(ctx, fact_id=w.extension), invoicing.NoSuchFact
    ),
    "invoicing.commands.answer_dispute": Asks(
        lambda ctx, w: invoicing.answer_dispute(ctx, fact_id=w.dispute, words="why?"), invoicing.NoSuchFact
    ),
    "invoicing.commands.ask_for_time": Asks(
        lambda ctx, w: invoicing.ask_for_time(ctx, invoice_id=w.unpaid, due_date=w.now.date() + timedelta(days=9)),
        invoicing.NoSuchClaim,
    ),
    "invoicing.commands.erase_answers": Asks(
        lambda ctx, w: invoicing.erase_answers(ctx, party_id=w.bo_party), invoicing.AnswersErased(0)
    ),
    "invoicing.commands.erase_uploads": Asks(
        lambda ctx, w: invoicing.erase_uploads(ctx, party_id=w.bo_party), invoicing.UploadsErased(0)
    ),
    "invoicing.commands.erase_words": Asks(
        lambda ctx, w: invoicing.erase_words(ctx, party_id=w.bo_party), invoicing.WordsErased(0)
    ),
    "invoicing.commands.open_dispute": Asks(
        lambda ctx, w: invoicing.open_dispute(ctx, invoice_id=w.unpaid, reason=DisputeReason.PRICE, words="less"),
        invoicing.NoSuchClaim,
    ),
    "invoicing.commands.promise_payment": Asks(
        lambda ctx, w: invoicing.promise_payment(
            ctx, invoice_id=w.unpaid, promised_date=w.now.date(), amount_minor=5, today=w.now.date()
        ),
        invoicing.NoSuchClaim,
    ),
    "invoicing.commands.reject_dispute": Asks(
        lambda ctx, w: invoicing.reject_dispute(ctx, fact_id=w.dispute, words="no"), invoicing.NoSuchFact
    ),
    "invoicing.commands.reject_extension": Asks(
        lambda ctx, w: invoicing.reject_extension(ctx, fact_id=w.extension, words="no"), invoicing.NoSuchFact
    ),
    "invoicing.commands.remark": Asks(
        lambda ctx, w: invoicing.remark(ctx, invoice_id=w.unpaid, words="Hello"), invoicing.NoSuchClaim
    ),
    "invoicing.commands.review_claims": Asks(
        lambda ctx, w: invoicing.review_claims(ctx, invoice_ids=[w.told], today=w.now.date() + timedelta(days=99)),
        invoicing.ClaimsReviewed(0),
    ),
    "invoicing.commands.say_paid": Asks(
        lambda ctx, w: invoicing.say_paid(
            ctx, invoice_id=w.unpaid, payment=Remittance(w.now.date(), 5), today=w.now.date()
        ),
        invoicing.NoSuchClaim,
    ),
    "invoicing.commands.set_claim_rule": Asks(lambda ctx, w: invoicing.set_claim_rule(ctx, rule=ClaimRule()), own=True),
    "invoicing.commands.withdraw_fact": Asks(
        lambda ctx, w: invoicing.withdraw_fact(ctx, invoice_id=w.told, fact_id=w.promise), invoicing.NoSuchFact
    ),
    "invoicing.queries.has_facts_to_measure": Reads(lambda w: invoicing_q.has_facts_to_measure(), False),
    "invoicing.queries.claim_rule": Reads(lambda w: invoicing_q.claim_rule(), ClaimRule(), alike=True),
    "invoicing.queries.count_live_facts": Reads(lambda w: invoicing_q.count_live_facts(), {}),
    "invoicing.queries.fact": Reads(lambda w: invoicing_q.fact(w.dispute), None),
    "invoicing.queries.facts_of": Reads(lambda w: invoicing_q.facts_of([w.unpaid]), {}),
    "invoicing.queries.invoices_lapsing": Reads(
        lambda w: invoicing_q.invoices_lapsing(today=w.now.date() + timedelta(days=99), limit=9), ()
    ),
    "invoicing.queries.ledger_claims": Reads(lambda w: invoicing_q.ledger_claims([w.unpaid]), {}),
    "invoicing.queries.live_facts": Reads(
        lambda w: invoicing_q.live_facts([FactKind.PROMISE], [FactState.OPEN], limit=9), ()
    ),
    "invoicing.queries.receipt": Reads(lambda w: invoicing_q.receipt(w.remittance), None),
    "invoicing.queries.remarks_of": Reads(lambda w: invoicing_q.remarks_of([w.unpaid]), {}),
    "invoicing.queries.said_by_customer": Reads(lambda w: invoicing_q.said_by_customer(w.unpaid, now=w.now), 0),
    "invoicing.queries.undisputed": Reads(lambda w: invoicing_q.undisputed([w.unpaid]), {}),
}
