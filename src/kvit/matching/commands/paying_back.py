"""Refunds through payment files: two persons sign, the bank pays, and its own line is known by our number."""

import contextlib
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from django.db import transaction

from kvit.banking import commands as bank
from kvit.banking import queries as banking
from kvit.banking.commands import NewPaymentFile, PaymentFileReady
from kvit.banking.domain.payments import LIVE_PAYMENTS, PaymentFormat, PaymentState, PaymentToMake
from kvit.banking.queries import PaymentRow
from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.formats.bank.pain.order import Message, Party
from kvit.kernel.money import Money
from kvit.kernel.refusals import DomainError
from kvit.ledger.commands import OverAllocated
from kvit.ledger.queries import items_by_id
from kvit.matching import queries
from kvit.matching.commands.lines import NotLinkable
from kvit.matching.commands.refunding import REFUNDS, SUBJECT, NoSuchRefund, pay_by_line
from kvit.matching.commands.writing import AlreadyLinked, Sureness
from kvit.matching.domain import Evidence, Mode, RefundState
from kvit.matching.domain.paying_back import SCHEMES, ksef_of, payee_account, words_for
from kvit.matching.domain.rule import WHOLE_PPM
from kvit.matching.queries import AskedRefund
from kvit.parties import queries as parties
from kvit.parties.domain.register import Language
from kvit.work import commands as work
from kvit.work.domain.items import NewItem, Params

BY_NUMBER: Final = Evidence(
    "own_payment", "the bank names our own payment", reasons=(("own_payment_equal", 0), ("amount_equal", 0))
)


class NotPayable(DomainError):
    """No payment file can pay this back; the text says which refund and why."""

    code: ClassVar[str] = "matching.not_payable"


@dataclass(frozen=True, slots=True)
class PayFrom:
    """The company's account that refunds are paid from, on which day, and the file that its bank takes."""

    account_id: int
    execution_date: datetime.date
    format: PaymentFormat = PaymentFormat.PAIN_001_09


@dataclass(frozen=True)
class RefundsSettled:
    """The links of lines by which refunds went out."""

    link_ids: tuple[int, ...]


@dataclass(frozen=True)
class RefundsReopened:
    """How many refunds wait again, because the file did not pay them."""

    count: int


@command
def pay_refunds(ctx: Ctx, *, refund_ids: tuple[int, ...], pay_from: PayFrom) -> PaymentFileReady:
    """Put refunds into a payment file that waits for its two signatures; all of them or none.

    Nothing is booked: the money is the customers' advance until the bank says that it went out. Refuses
    `NoSuchRefund`, `NotPayable` where the account that the money came from is not known or the advance has been used
    since, and what `make_payment_file` refuses: `AlreadyBeingPaid`, `Unwritable`, `NoSuchPaymentFile`.
    """
    wanted = tuple(sorted(set(refund_ids)))
    locked = rows.select(
        "SELECT id, state FROM matching_refund WHERE id IN (SELECT unnest(%s::bigint[])) ORDER BY id FOR NO KEY UPDATE",
        [list(wanted)],
    )
    if not wanted or tuple(row[0] for row in locked if row[1] == RefundState.ASKED.value) != wanted:
        raise NoSuchRefund("one of these refunds was paid or withdrawn before")
    refunds = [one for one in map(queries.refund, wanted) if one is not None]
    own = next(map(parties.party, parties.own_parties()), None)
    if own is None or len({one.currency for one in refunds}) > 1 or refunds[0].currency not in SCHEMES:
        raise NotPayable("a payment file pays one currency: euro, kronor, zloty or lei")
    ready = bank.make_payment_file(
        ctx,
        file=NewPaymentFile(
            account_id=pay_from.account_id,
            format=pay_from.format,
            scheme=SCHEMES[refunds[0].currency],
            execution_date=pay_from.execution_date,
            payer=Party(name=own.name),
        ),
        payments=_payments(refunds),
    )
    work.close_items(ctx, kind=REFUNDS, subject_kind=SUBJECT, subject_ids=list(wanted), outcome="in_payment_file")
    return ready


def _payments(refunds: Sequence[AskedRefund]) -> tuple[PaymentToMake, ...]:
    lines = {line.id: line for line in banking.lines([one.line_id for one in refunds])}
    left = {item.id: item.open_minor for item in items_by_id([one.credit_item_id for one in refunds])}
    made = []
    for one in refunds:
        line, account = lines[one.line_id], payee_account(lines[one.line_id].counterparty_account, one.currency)
        if account is None:
            raise NotPayable(f"refund {one.id}: the bank did not say from which account line {line.id} came")
        if left.get(one.credit_item_id, 0) < one.amount_minor:
            raise NotPayable(f"refund {one.id}: the advance that it would pay back has been used")
        payer = parties.party(one.party_id)
        language = payer.language if payer is not None else Language.ENGLISH
        made.append(
            PaymentToMake(
                subject_kind=SUBJECT,
                subject_id=one.id,
                amount=Money(one.amount_minor, one.currency),
                payee=Party(name=line.counterparty_name or (payer.name if payer is not None else "")),
                account=account,
                remittance=Message(words_for(language, line.reference or line.booking_date.isoformat())),
                ksef=ksef_of(SCHEMES[one.currency]),
            )
        )
    return tuple(made)


@command
def settle_refunds(ctx: Ctx, *, line_ids: Bulk[Sequence[int]]) -> RefundsSettled:
    """Link lines that went out to the refunds that they paid, as far as the bank names the number of our payment.

    Only where the robot may book; where the advance has been used since, or the bank paid another amount, the line
    waits for a person.
    """
    if queries.rule().mode is not Mode.LIVE:
        return RefundsSettled(())
    sure = Sureness(WHOLE_PPM, WHOLE_PPM, queries.state_of_the_robot().in_force_ppm)
    found = []
    for line_id, payment in banking.own_payments(line_ids).items():
        if payment.subject_kind == SUBJECT:
            with contextlib.suppress(NoSuchRefund, NotLinkable, AlreadyLinked, OverAllocated), transaction.atomic():
                found.append(pay_by_line(ctx, line_id, payment.subject_id, BY_NUMBER, sure))
    return RefundsSettled(tuple(found))


@command
def reopen_refunds(ctx: Ctx, *, payment_file_id: int) -> RefundsReopened:
    """Let the refunds wait again that a payment file did not pay: it was discarded, or the bank rejected them."""
    left = {
        one.subject_id: one
        for one in banking.payments_of(payment_file_id)
        if one.subject_kind == SUBJECT and one.state.value not in LIVE_PAYMENTS
    }
    live = {one.subject_id for one in banking.payments_about(SUBJECT, list(left)) if one.state.value in LIVE_PAYMENTS}
    asked = [one for refund_id in sorted(left.keys() - live) if (one := queries.refund(refund_id)) is not None]
    items = tuple(_again(left[one.id]) for one in asked if one.state == RefundState.ASKED.value)
    if items:
        work.open_items(ctx, items=items)
    return RefundsReopened(len(items))


def _again(payment: PaymentRow) -> NewItem:
    if payment.state is PaymentState.REJECTED:
        code, words = "matching.refund_rejected", f"the bank did not pay it back: {payment.reason or 'no reason given'}"
    else:
        code, words = "matching.refund_not_sent", "its payment file was discarded"
    params: Params = {"amount_minor": payment.amount_minor, "reason": payment.reason or "–"}
    return NewItem(REFUNDS, SUBJECT, payment.subject_id, code, words, params)
