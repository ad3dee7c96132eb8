"""Hand a signed payment file to the bank once: intent, outcome, doubt, and the bank's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from kvit.banking.commands.payment_files import SUBJECT, close_item, lock, payments_in, require_person
from kvit.banking.domain.payments import (
    AT_THE_BANK,
    PAYMENT,
    PAYMENT_FILE,
    PaymentFileState,
    PaymentState,
    SendingOutcome,
    file_state,
)
from kvit.banking.events import PaymentFileAnswered, PaymentFileDoubted, PaymentFileSending, PaymentFileSent
from kvit.base import login, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable, move
from kvit.kernel.refusals import DomainError
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

DOUBT: Final = "banking.resolve_payment_file"
REJECTED: Final = "banking.rejected_payments"
CONTRADICTED: Final = "banking.contradicted_payments"
_AFTER: Final = {
    SendingOutcome.SENT: PaymentFileState.SENT,
    SendingOutcome.UNKNOWN: PaymentFileState.UNKNOWN,
    SendingOutcome.NOT_SENT: PaymentFileState.SIGNED,
}


class TooLateToSend(DomainError):
    """The day on which a file asks to be paid is past; discard it and make another."""

    code: ClassVar[str] = "banking.too_late_to_send"


class NoSuchPayment(DomainError):
    """An answer names a payment that is not in the file."""

    code: ClassVar[str] = "banking.no_such_payment"


@dataclass(frozen=True)
class SendingBegun:
    """The intent stands: what to hand over, and under which id, which the bank takes once."""

    message_id: str
    name: str
    sha256: str


@dataclass(frozen=True)
class PaymentFileMoved:
    """Where the file stands now."""

    state: PaymentFileState


@dataclass(frozen=True)
class SendingsDoubted:
    """The files of which nobody knows any more whether they reached the bank."""

    payment_file_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """What the bank says of one payment: accepted, or rejected and why."""

    end_to_end_id: str
    state: PaymentState
    reason: str = ""


@dataclass(frozen=True)
class PaymentAnswersRecorded:
    """How many payments the bank took on and rejected now, and how many answers contradict earlier ones."""

    state: PaymentFileState
    accepted: int
    rejected: int
    contradicted: int


@command
def begin_sending(ctx: Ctx, *, payment_file_id: int) -> SendingBegun:
    """Record the intent to hand a signed file over, before the world is touched. Once per file.

    Call it without a key and hand over only after this very call: a second caller is refused `NotMovable` and sends
    nothing. Refuses `NoSuchPaymentFile`, `TooLateToSend`.
    """
    locked = lock(payment_file_id)
    if locked.execution_date < login.own_day(ctx.now):
        raise TooLateToSend(f"payment file {payment_file_id} asks to be paid on {locked.execution_date}")
    move(ctx, PAYMENT_FILE, [payment_file_id], to=PaymentFileState.SENDING)
    ctx.emit(PaymentFileSending(payment_file_id=payment_file_id))
    return SendingBegun(locked.message_id, locked.name, locked.sha256)


@command
def record_sending(ctx: Ctx, *, payment_file_id: int, outcome: SendingOutcome, evidence: str) -> PaymentFileMoved:
    """What came of the hand-over. In doubt it is unknown and a person is asked; nothing is sent again.

    `NOT_SENT` only where the bank certainly got no byte of it. Refuses `NoSuchPaymentFile`, and `NotMovable` where
    no sending stands open.
    """
    locked = lock(payment_file_id)
    if locked.state is not PaymentFileState.SENDING:
        raise NotMovable(f"payment file {payment_file_id} is {locked.state.value}; it is not being sent")
    state = _AFTER[outcome]
    move(ctx, PAYMENT_FILE, [payment_file_id], to=state)
    if outcome is SendingOutcome.UNKNOWN:
        _doubt(ctx, payment_file_id, evidence)
    elif outcome is SendingOutcome.SENT:
        ctx.emit(PaymentFileSent(payment_file_id=payment_file_id))
    return PaymentFileMoved(state)


@command
def doubt_sendings(ctx: Ctx, *, begun_before_at: datetime) -> SendingsDoubted:
    """Files whose sending began before then and never came to an end are in doubt: the sender was lost."""
    found = rows.select(
        """
        SELECT p.id FROM banking_paymentfile p WHERE p.state = 'sending' AND (
            SELECT max(c.at) FROM base_statechange c
            WHERE c.kind = %s AND c.object_id = p.id AND c.to_state = 'sending'
        ) < %s ORDER BY p.id FOR NO KEY UPDATE
        """,
        [SUBJECT, begun_before_at],
    )
    ids = tuple(int(row[0]) for row in found)
    if ids:
        move(ctx, PAYMENT_FILE, ids, to=PaymentFileState.UNKNOWN)
    for payment_file_id in ids:
        _doubt(ctx, payment_file_id, "whoever was sending it was lost on the way")
    return SendingsDoubted(ids)


def _doubt(ctx: Ctx, payment_file_id: int, evidence: str) -> None:
    _ask(ctx, payment_file_id, kind=DOUBT, reason=f"whether the bank has the file is unknown: {evidence}"[:500])
    ctx.emit(PaymentFileDoubted(payment_file_id=payment_file_id))


def _ask(ctx: Ctx, payment_file_id: int, *, kind: str, reason: str) -> None:
    work.open_item(
        ctx,
        item=NewItem(
            kind=kind, subject_kind=SUBJECT, subject_id=payment_file_id, reason_code=kind, reason=reason, priority=100
        ),
    )


@command
def resolve_payment_file(ctx: Ctx, *, payment_file_id: int, has_arrived: bool, evidence: str) -> PaymentFileMoved:
    """A person has asked the bank about a file in doubt: it has it, or it certainly never got it.

    A file that never arrived is rejected as a whole; what it would have paid may be paid by another file, which two
    persons sign. The evidence stands in the audit row. Refuses `NoSuchPaymentFile`, `NotAPerson`, `NotMovable`.
    """
    require_person(ctx)
    locked = lock(payment_file_id)
    if locked.state is not PaymentFileState.UNKNOWN:
        raise NotMovable(f"payment file {payment_file_id} is {locked.state.value}; nothing about it is in doubt")
    close_item(ctx, payment_file_id, kind=DOUBT, outcome="arrived" if has_arrived else "never_arrived")
    if has_arrived:
        move(ctx, PAYMENT_FILE, [payment_file_id], to=PaymentFileState.SENT)
        ctx.emit(PaymentFileSent(payment_file_id=payment_file_id))
        return PaymentFileMoved(PaymentFileState.SENT)
    rejected = payments_in(payment_file_id, PaymentState.OPEN, PaymentState.ACCEPTED)
    _reject(ctx, dict.fromkeys(rejected, "the file never reached the bank"))
    move(ctx, PAYMENT_FILE, [payment_file_id], to=PaymentFileState.REJECTED)
    ctx.emit(PaymentFileAnswered(payment_file_id=payment_file_id, accepted=0, rejected=len(rejected)))
    return PaymentFileMoved(PaymentFileState.REJECTED)


@command
def record_payment_answers(
    ctx: Ctx, *, payment_file_id: int, answers: Bulk[tuple[PaymentAnswer, ...]]
) -> PaymentAnswersRecorded:
    """What the bank says of payments in a file it has; the same answer again changes nothing.

    A rejection counts also after an acceptance. An acceptance after a rejection does not: the money may have gone
    another way by then, so a person is asked. Refuses `NoSuchPaymentFile`, `NoSuchPayment`, and `NotMovable` for a
    file that was never handed over.
    """
    locked = lock(payment_file_id)
    if locked.state not in AT_THE_BANK | {PaymentFileState.REJECTED}:
        raise NotMovable(f"payment file {payment_file_id} is {locked.state.value}; the bank cannot know it")
    standing = _standing(payment_file_id, answers)
    accepted, rejected, contradicted = [], dict[int, str](), []
    for answer in answers:
        payment_id, before = standing[answer.end_to_end_id]
        if answer.state is PaymentState.REJECTED and before in (PaymentState.OPEN, PaymentState.ACCEPTED):
            rejected[payment_id] = answer.reason
        elif answer.state is PaymentState.ACCEPTED and before is PaymentState.OPEN:
            accepted.append(payment_id)
        elif answer.state is PaymentState.ACCEPTED and before is PaymentState.REJECTED:
            contradicted.append(answer.end_to_end_id)
    accepted = [payment_id for payment_id in accepted if payment_id not in rejected]
    if accepted:
        move(ctx, PAYMENT, accepted, to=PaymentState.ACCEPTED)
    _reject(ctx, rejected)
    state = _settle(ctx, payment_file_id, locked.state)
    _ask_about(ctx, payment_file_id, rejected=len(rejected), contradicted=contradicted)
    if accepted or rejected:
        ctx.emit(PaymentFileAnswered(payment_file_id=payment_file_id, accepted=len(accepted), rejected=len(rejected)))
    return PaymentAnswersRecorded(state, len(accepted), len(rejected), len(contradicted))


def _standing(payment_file_id: int, answers: Sequence[PaymentAnswer]) -> dict[str, tuple[int, PaymentState]]:
    """Each payment that is answered for, locked: its id and where it stands, by its end-to-end id."""
    found = rows.select(
        """
        SELECT end_to_end_id, id, state FROM banking_payment
        WHERE payment_file_id = %s AND end_to_end_id IN (SELECT unnest(%s::text[])) ORDER BY id FOR NO KEY UPDATE
        """,
        [payment_file_id, [answer.end_to_end_id for answer in answers]],
    )
    standing = {row[0]: (int(row[1]), PaymentState(row[2])) for row in found}
    strange = sorted({answer.end_to_end_id for answer in answers} - standing.keys())
    if strange:
        raise NoSuchPayment(f"{', '.join(strange[:5])}: not in payment file {payment_file_id}; nothing was recorded")
    return standing


def _reject(ctx: Ctx, reasons: dict[int, str]) -> None:
    if not reasons:
        return
    move(ctx, PAYMENT, list(reasons), to=PaymentState.REJECTED)
    rows.run(
        """
        UPDATE banking_payment p SET reason = r.reason FROM unnest(%s::bigint[], %s::text[]) AS r (id, reason)
        WHERE p.tenant_id = %s AND p.id = r.id
        """,
        [list(reasons), [reason[:300] for reason in reasons.values()], ctx.tenant_id],
    )


def _settle(ctx: Ctx, payment_file_id: int, before: PaymentFileState) -> PaymentFileState:
    """The file stands as its payments do; one that was in doubt has arrived, since the bank answers for it."""
    found = rows.select("SELECT state FROM banking_payment WHERE payment_file_id = %s", [payment_file_id])
    told = file_state([PaymentState(row[0]) for row in found])
    after = told or (PaymentFileState.SENT if before is PaymentFileState.UNKNOWN else before)
    if after is not before:
        move(ctx, PAYMENT_FILE, [payment_file_id], to=after)
        close_item(ctx, payment_file_id, kind=DOUBT, outcome="answered")
    return after


def _ask_about(ctx: Ctx, payment_file_id: int, *, rejected: int, contradicted: Sequence[str]) -> None:
    if rejected:
        _ask(ctx, payment_file_id, kind=REJECTED, reason=f"the bank has rejected {rejected} payments of the file")
    if contradicted:
        named = ", ".join(contradicted[:5])
        _ask(
            ctx,
            payment_file_id,
            kind=CONTRADICTED,
            reason=f"the bank accepts what it had rejected ({named}); it may be paid twice if it was paid otherwise",
        )
