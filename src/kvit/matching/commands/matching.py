"""The robot: link what is certain, let the rest wait with its reason."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.invoicing import queries as invoicing
from kvit.ledger.commands import OverAllocated
from kvit.matching import queries
from kvit.matching.commands.writing import LINE, WAITS, NewLink, Share, Sureness, write_links
from kvit.matching.domain.decision import Candidate, Decision, Payment, decide
from kvit.matching.domain.reference import reference_keys
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

ATTEMPTS = 6


@dataclass(frozen=True)
class Matched:
    """How many of the lines were linked now, wait for a person, and were linked before."""

    linked: int
    waiting: int
    known: int


@command
def match_lines(ctx: Ctx, *, line_ids: Bulk[Sequence[int]]) -> Matched:
    """Match a chunk of booked bank lines, in order of booking; repeating it changes nothing that is linked.

    Whoever wants to link one of them at the same moment waits. Where somebody else settles one of their invoices,
    the whole chunk is decided anew: who is faster with one never keeps the others from being matched.
    """
    for _ in range(ATTEMPTS - 1):
        with contextlib.suppress(OverAllocated), transaction.atomic():
            return _match(ctx, line_ids)
    return _match(ctx, line_ids)


def _match(ctx: Ctx, line_ids: Sequence[int]) -> Matched:
    locked = banking.locked_lines(line_ids)
    linked = queries.linked(line_ids) | banking.settled_by_return(line_ids)
    lines = sorted(
        (line for line in locked if line.id not in linked),
        key=lambda line: (line.booking_date, line.id),
    )
    payments = [
        Payment(line.id, line.amount_minor, line.currency, reference_keys(line.reference, line.text)) for line in lines
    ]
    decisions = decide(payments, _candidates([key for payment in payments for key in payment.keys]))
    write_links(ctx, [_link(line, d) for line, d in zip(lines, decisions, strict=True) if d.pays is not None])
    waiting = [d for d in decisions if d.pays is None]
    work.open_items(ctx, items=tuple(_work_item(d) for d in waiting))
    return Matched(linked=len(decisions) - len(waiting), waiting=len(waiting), known=len(linked))


def _candidates(keys: Sequence[str]) -> dict[str, Candidate]:
    """Issued invoices under these references, each with its receivable's open amount."""
    invoices = {invoice.id: invoice for invoice in invoicing.by_references(keys)}
    receivables = queries.receivables(list(invoices))
    return {
        invoice.payment_reference: Candidate(
            reference=invoice.payment_reference,
            invoice_id=invoice.id,
            number=invoice.number or "",
            item_id=item.id,
            party_id=item.party_id,
            currency=item.currency,
            open_minor=item.open_minor,
        )
        for invoice in invoices.values()
        if invoice.payment_reference is not None and (item := receivables.get(invoice.id)) is not None
    }


def _link(line: BankLine, decision: Decision) -> NewLink:
    if decision.pays is None:
        raise RuntimeError("a payment that waits is not linked")
    return NewLink(
        line_id=line.id,
        amount_minor=line.amount_minor,
        currency=line.currency,
        booking_date=line.booking_date,
        shares=(Share(decision.pays.party_id, line.amount_minor, ((decision.pays.item_id, line.amount_minor),)),),
        evidence=decision.evidence,
        sure=Sureness(1, 1, 1),
    )


def _work_item(decision: Decision) -> NewItem:
    evidence = decision.evidence
    return NewItem(
        kind=WAITS,
        subject_kind=LINE,
        subject_id=decision.payment.line_id,
        reason_code=f"matching.{evidence.code}",
        reason=evidence.words,
        reason_params=dict(evidence.about),
    )
