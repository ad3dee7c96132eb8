"""When statements and confirmations are made, their sheets are frozen and drawn; differences wait for a person."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kvit.base import job, tenant, texts
from kvit.base.command import Ctx
from kvit.documents import commands as documents
from kvit.documents import queries as drawn
from kvit.documents.commands import NewSheet
from kvit.flows.letter_sheets import confirmation_sheet, statement_sheet
from kvit.invoicing import queries as invoicing
from kvit.invoicing.events import (
    ConfirmationAnswered,
    ConfirmationsAsked,
    ConfirmationsChased,
    ConfirmationSettled,
    ConfirmationsExpired,
    StatementsMade,
)
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

CHUNK: Final = 200
STATEMENT, LETTER = "statement", "confirmation"
EXPLAIN, SEND, ASK_AGAIN = "invoicing.explain_difference", "invoicing.send_reminder", "invoicing.ask_again"


@job.on(StatementsMade, "documents.freeze_statements", is_slow=True)
def freeze_statements(ctx: Ctx, event: StatementsMade) -> None:
    """Freeze the sheets of statements chunk by chunk; each is drawn after its commit."""
    for start in range(0, len(event.statement_ids), CHUNK):
        with tenant.scope(ctx.tenant_id):
            sheets = _statements(event.statement_ids[start : start + CHUNK])
        documents.freeze(replace(ctx, key=f"{ctx.key}:{start}"), sheets=sheets)


def _statements(ids: Sequence[int]) -> tuple[NewSheet, ...]:
    look = drawn.look()
    return tuple(
        NewSheet(STATEMENT, i, statement_sheet(made, look=look, words=texts.catalogue(made.language)))
        for i, made in invoicing.statement_contents(tuple(ids)).items()
    )


@job.on(ConfirmationsAsked, "documents.freeze_confirmations", is_slow=True)
def freeze_confirmations(ctx: Ctx, event: ConfirmationsAsked) -> None:
    """Freeze the letters chunk by chunk; each is drawn after its commit."""
    for start in range(0, len(event.confirmation_ids), CHUNK):
        with tenant.scope(ctx.tenant_id):
            sheets = _letters(event.confirmation_ids[start : start + CHUNK])
        documents.freeze(replace(ctx, key=f"{ctx.key}:{start}"), sheets=sheets)


def _letters(ids: Sequence[int]) -> tuple[NewSheet, ...]:
    look = drawn.look()
    heads = invoicing.confirmations_by_id(ids)
    found = []
    for i, letter in invoicing.confirmation_contents(ids).items():
        head = heads[i]
        sheet = confirmation_sheet(
            letter,
            sha256=head.sha256,
            signed_by=head.signed_by,
            reply_by=head.reply_by_date,
            look=look,
            words=texts.catalogue(letter.language),
        )
        found.append(NewSheet(LETTER, i, sheet))
    return tuple(found)


@job.on(ConfirmationAnswered, "work.look_at_answer")
def look_at_answer(ctx: Ctx, event: ConfirmationAnswered) -> None:
    """Somebody explains a difference; a balance that agrees needs nobody any more."""
    unkeyed = replace(ctx, key=None)
    _done(unkeyed, SEND, [event.confirmation_id], "answered")
    _done(unkeyed, ASK_AGAIN, [event.confirmation_id], "answered")
    if event.agrees:
        _done(unkeyed, EXPLAIN, [event.confirmation_id], "agrees")
        return
    with tenant.scope(ctx.tenant_id):
        answers = invoicing.answers_of(event.confirmation_id)
    count = next((len(each.differences) for each in answers if each.id == event.answer_id), 0)
    item = NewItem(
        EXPLAIN,
        LETTER,
        event.confirmation_id,
        "invoicing.balance_differs",
        "the customer's balance differs from ours",
        {"count": count},
    )
    work.open_item(unkeyed, item=item)


@job.on(ConfirmationSettled, "work.difference_explained")
def difference_explained(ctx: Ctx, event: ConfirmationSettled) -> None:
    """What was explained waits for nobody."""
    _done(replace(ctx, key=None), EXPLAIN, [event.confirmation_id], "explained")


@job.on(ConfirmationsChased, "work.send_reminders")
def send_reminders(ctx: Ctx, event: ConfirmationsChased) -> None:
    """A person reminds the customer, as long as nothing is sent by itself."""
    _open(
        ctx, SEND, event.confirmation_ids, "invoicing.remind_confirmation", "the customer has not answered; remind it"
    )


@job.on(ConfirmationsExpired, "work.ask_again")
def ask_again(ctx: Ctx, event: ConfirmationsExpired) -> None:
    """Silence confirms nothing: a person asks again, or proves the balance otherwise."""
    _done(replace(ctx, key=f"{ctx.key}:sent"), SEND, event.confirmation_ids, "expired")
    reason = "nobody answered in time, which confirms nothing; ask again or prove the balance otherwise"
    _open(ctx, ASK_AGAIN, event.confirmation_ids, "invoicing.confirmation_expired", reason)


def _open(ctx: Ctx, kind: str, ids: Sequence[int], code: str, reason: str) -> None:
    for start in range(0, len(ids), CHUNK):
        items = [NewItem(kind, LETTER, i, code, reason) for i in ids[start : start + CHUNK]]
        work.open_items(replace(ctx, key=f"{ctx.key}:{start}"), items=items)


def _done(ctx: Ctx, kind: str, ids: Sequence[int], outcome: str) -> None:
    work.close_items(ctx, kind=kind, subject_kind=LETTER, subject_ids=ids, outcome=outcome)
