"""When money comes, goes back or is credited, what was said about the claims it touches is measured anew."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kvit.base import job, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.events import InvoicesIssued
from kvit.matching.events import LinkUndone, PaymentsLinked
from kvit.pages.buyers.invoice import touched_by_links
from kvit.parties.events import PersonErased

CHUNK: Final = 5000


@job.on(PaymentsLinked, "invoicing.review_after_linking")
def review_after_linking(ctx: Ctx, event: PaymentsLinked) -> None:
    """A payment confirms who said that they paid, and keeps a promise."""
    with tenant.scope(ctx.tenant_id):
        touched = touched_by_links(event.link_ids) if invoices.has_facts_to_measure() else ()
    _review(ctx, touched)


@job.on(LinkUndone, "invoicing.review_after_undo")
def review_after_undo(ctx: Ctx, event: LinkUndone) -> None:
    """What a payment had borne out waits again when its link is undone."""
    with tenant.scope(ctx.tenant_id):
        touched = touched_by_links([event.link_id])
    _review(ctx, touched)


@job.on(InvoicesIssued, "invoicing.review_after_credit")
def review_after_credit(ctx: Ctx, event: InvoicesIssued) -> None:
    """A credit note settles a claim as money does."""
    with tenant.scope(ctx.tenant_id):
        credited = invoices.invoices_credited_by(event.invoice_ids)
    _review(ctx, credited)


@job.on(PersonErased, "invoicing.erase_words")
def erase_words(ctx: Ctx, event: PersonErased) -> None:
    """What an erased person wrote on their invoices goes as well."""
    invoicing.erase_words(ctx, party_id=event.party_id)


@job.on(PersonErased, "invoicing.erase_uploads")
def erase_uploads(ctx: Ctx, event: PersonErased) -> None:
    """So do the receipts and ledgers that were brought for them."""
    invoicing.erase_uploads(ctx, party_id=event.party_id)


@job.on(PersonErased, "invoicing.erase_answers")
def erase_answers(ctx: Ctx, event: PersonErased) -> None:
    """And the name under which they answered a balance confirmation."""
    invoicing.erase_answers(ctx, party_id=event.party_id)


def _review(ctx: Ctx, invoice_ids: Sequence[int]) -> None:
    """Only what somebody said something about, chunk by chunk; nothing becomes late by it: days pass elsewhere."""
    with tenant.scope(ctx.tenant_id):
        told = sorted(invoices.facts_of(invoice_ids)) if invoice_ids else []
    for start in range(0, len(told), CHUNK):
        invoicing.review_claims(
            replace(ctx, key=f"{ctx.key}:{start}"), invoice_ids=told[start : start + CHUNK], today=None
        )
