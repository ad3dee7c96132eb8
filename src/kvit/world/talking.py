"""Let the customers of the world say what they say on the pages of their invoices, and the company give in or agree."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from kvit.base import tenant
from kvit.base.command import Ctx, KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import BadFact, DisputeReason, FactKind, FactState, Remittance
from kvit.world import wording
from kvit.world.bills import Bill
from kvit.world.chance import lots
from kvit.world.companies import Company
from kvit.world.habits import Delay, Saying, Word

HOLDER: Final = "link:0"
"""Whoever holds a link to an invoice: the world's customers sign in nowhere."""
_REASONS: Final = (
    DisputeReason.PRICE,
    DisputeReason.QUANTITY,
    DisputeReason.FAULTY,
    DisputeReason.NOT_RECEIVED,
    DisputeReason.TWICE,
)
_NOT_NOW: Final = (
    BadFact,
    KeyReused,  # it was said when these days were played before, and the books have gone on since
    invoicing.FactStandsAlready,
    invoicing.NoSuchClaim,
    invoicing.NothingToDispute,
    invoicing.TooMuchSaid,
)


def say(ctx: Ctx, company: Company, saying: Saying, *, amount_minor: int) -> int:
    """One customer says it, by the holder of a link; 0 where it cannot be said, for the invoice is paid by then.

    `amount_minor` is what is disputed. Each is said once under the key of `ctx`.
    """
    holder = replace(ctx, actor=HOLDER)
    bill = saying.bill
    source = lots(0, company.code, "words", bill.number)
    with tenant.scope(ctx.tenant_id):
        claim = invoices.ledger_claims([bill.invoice_id]).get(bill.invoice_id)
    if claim is None or claim.open_minor == 0:
        return 0
    with contextlib.suppress(*_NOT_NOW):
        if saying.word is Word.DISPUTE:
            invoicing.open_dispute(
                holder,
                invoice_id=bill.invoice_id,
                reason=source.choice(_REASONS),
                words=wording.complaint(company, source),
                amount_minor=min(amount_minor, claim.open_minor),
            )
        elif saying.word is Word.PAID:
            payment = Remittance(saying.on_date, claim.open_minor, wording.bank(company, source))
            invoicing.say_paid(holder, invoice_id=bill.invoice_id, payment=payment, today=saying.day)
        else:
            invoicing.promise_payment(
                holder,
                invoice_id=bill.invoice_id,
                promised_date=saying.on_date,
                amount_minor=claim.open_minor,
                today=saying.day,
                words=wording.promise(company, source),
            )
        return 1
    return 0


def give_in(ctx: Ctx, bill: Bill) -> None:
    """The company accepts what is disputed of a bill, before it makes the credit note."""
    with tenant.scope(ctx.tenant_id):
        told = invoices.facts_of([bill.invoice_id]).get(bill.invoice_id, ())
    for fact in told:
        if fact.kind is FactKind.DISPUTE and fact.state in (FactState.OPEN, FactState.ANSWERED):
            with contextlib.suppress(NotMovable):
                invoicing.accept_dispute(replace(ctx, key=f"{ctx.key}:accepted:{fact.id}"), fact_id=fact.id)


def agree(ctx: Ctx, company: Company, delay: Delay) -> int:
    """The customer asks for a later due date, and the company agrees; 0 where that is refused."""
    with contextlib.suppress(*_NOT_NOW, NotMovable, invoicing.NoSuchFact, invoicing.DueDateRefused):
        source = lots(0, company.code, "words", delay.bill.number)
        asked = invoicing.ask_for_time(
            replace(ctx, actor=HOLDER, key=f"{ctx.key}:asked"),
            invoice_id=delay.bill.invoice_id,
            due_date=delay.due_date,
            words=wording.request(company, source),
        )
        if asked.state is FactState.OPEN:
            invoicing.accept_extension(ctx, fact_id=asked.fact_id)
        return 1
    return 0


def days_over(ctx: Ctx, invoice_ids: Iterable[int], *, today: date) -> int:
    """What was said and has not come true by its day is stale or broken; how many."""
    ids = sorted(set(invoice_ids))
    return invoicing.review_claims(replace(ctx, key=None), invoice_ids=ids, today=today).moved if ids else 0
