"""When a statement is booked, an invoice issued, a payer learnt, a rule set or a link undone: lines are matched."""

from dataclasses import replace
from typing import Final

from kvit.banking import commands as bank
from kvit.banking import queries as banking
from kvit.banking.events import PaymentFileAnswered, PaymentFileDiscarded, StatementBooked
from kvit.base import job, login, tenant
from kvit.base.command import Ctx
from kvit.flows import estimates
from kvit.invoicing.events import InvoicesIssued
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.matching.events import LinkUndone, PayersChanged, PaymentsLinked, RuleChanged
from kvit.parties.events import PersonErased

CHUNK = 2500
ISSUED: Final = "matching.match_after_issue"
LEARNT: Final = "matching.match_after_learning"
RULED: Final = "matching.match_after_rule"
UNDONE: Final = "matching.review_after_undo"
TAKEN: Final = "matching.match_after_linking"
REOPENED: Final = "matching.match_after_undo"
DISCARDED: Final = "matching.reopen_discarded_refunds"
ANSWERED: Final = "matching.reopen_rejected_refunds"
ERASED: Final = "matching.forget_person"


@job.on(StatementBooked, "matching.match_statement")
def match_statement(ctx: Ctx, event: StatementBooked) -> None:
    """Match the statement's lines chunk by chunk, each repeatable under a key of its own.

    What takes an earlier payment back comes first: what it paid is open again for those that follow. How right the
    robot has been is measured before, so that it asks less again once its window is clean.
    """
    returned = bank.link_returns(replace(ctx, key=f"{ctx.key}:returns"), statement_id=event.statement_id)
    if returned.pairs:
        with tenant.scope(ctx.tenant_id):
            today = login.own_day(ctx.now)
        lines = [pair.line_id for pair in returned.pairs] + [pair.returned_line_id for pair in returned.pairs]
        matching.undo_returned(replace(ctx, key=f"{ctx.key}:undone"), line_ids=lines, on_date=today)
    with tenant.scope(ctx.tenant_id):
        line_ids = banking.line_ids_of(event.statement_id)
        paid = banking.own_payments(line_ids)
    if paid:
        matching.settle_refunds(replace(ctx, key=f"{ctx.key}:refunds"), line_ids=list(paid))
    if line_ids:
        matching.review_robot(replace(ctx, key=f"{ctx.key}:reviewed"))
    match_chunks(ctx, line_ids)
    with tenant.scope(ctx.tenant_id):
        waiting = set(queries.waiting_lines()) & set(line_ids)
    estimates.take(ctx, sorted(waiting))
    if returned.unclear:
        matching.ask_about_returns(replace(ctx, key=f"{ctx.key}:asked"), line_ids=returned.unclear)


@job.on(InvoicesIssued, ISSUED)
def match_after_issue(ctx: Ctx, event: InvoicesIssued) -> None:
    """What waits may be for what was issued now."""
    _match_waiting(ctx, ISSUED)


@job.on(PayersChanged, LEARNT)
def match_after_learning(ctx: Ctx, event: PayersChanged) -> None:
    """What waits may be of whom was learnt now."""
    _match_waiting(ctx, LEARNT)


@job.on(RuleChanged, RULED)
def match_after_rule(ctx: Ctx, event: RuleChanged) -> None:
    """What waits may be booked, or looked at otherwise, under another rule."""
    _match_waiting(ctx, RULED)


@job.on(LinkUndone, UNDONE)
def review_after_undo(ctx: Ctx, event: LinkUndone) -> None:
    """A link that was wrong counts against the robot at once."""
    matching.review_robot(ctx)


@job.on(LinkUndone, REOPENED)
def match_after_undo(ctx: Ctx, event: LinkUndone) -> None:
    """What is open again may be what another payment waits for."""
    _match_waiting(ctx, REOPENED)


@job.on(PaymentsLinked, TAKEN)
def match_after_linking(ctx: Ctx, event: PaymentsLinked) -> None:
    """What was suggested for one payment has been paid by another: see what else it may be."""
    if not _is_last(ctx, TAKEN):
        return
    with tenant.scope(ctx.tenant_id):
        outdated = queries.outdated()
    match_chunks(ctx, list(outdated))


@job.on(PaymentFileDiscarded, DISCARDED)
def reopen_discarded_refunds(ctx: Ctx, event: PaymentFileDiscarded) -> None:
    """What a file would have paid back waits again."""
    matching.reopen_refunds(ctx, payment_file_id=event.payment_file_id)


@job.on(PaymentFileAnswered, ANSWERED)
def reopen_rejected_refunds(ctx: Ctx, event: PaymentFileAnswered) -> None:
    """What the bank rejected waits again."""
    if event.rejected:
        matching.reopen_refunds(ctx, payment_file_id=event.payment_file_id)


@job.on(PersonErased, ERASED)
def forget_person(ctx: Ctx, event: PersonErased) -> None:
    """Who pays for an erased person is not known any more."""
    matching.forget_person(ctx, party_id=event.party_id)


def _match_waiting(ctx: Ctx, subscriber: str) -> None:
    """Look at all waiting payments anew, but leave it to the job of a later event that has not begun yet."""
    if not _is_last(ctx, subscriber):
        return
    with tenant.scope(ctx.tenant_id):
        waiting = {line.id for line in banking.lines(queries.waiting_lines()) if line.amount_minor > 0}
    match_chunks(ctx, sorted(waiting))


def _is_last(ctx: Ctx, subscriber: str) -> bool:
    """Whether no job of a later event has still to begin, which would do the work of both."""
    event_id = int((ctx.key or "0").partition(":")[0])
    with tenant.scope(ctx.tenant_id):
        return not job.awaits(ctx.tenant_id, subscriber, above_event_id=event_id)


def match_chunks(ctx: Ctx, line_ids: list[int]) -> None:
    """The first chunk alone, since it brings the index up to date; then two at a time.

    The key says how large the chunk is: another release may cut what an interrupted job goes on with otherwise.
    """

    def match(start: int) -> None:
        matching.match_lines(replace(ctx, key=f"{ctx.key}:{start}+{CHUNK}"), line_ids=line_ids[start : start + CHUNK])

    starts = range(0, len(line_ids), CHUNK)
    for some in (starts[:1], starts[1:]):
        job.abreast(match, some)
