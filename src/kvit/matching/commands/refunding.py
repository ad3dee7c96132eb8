"""Money of a payment that is to go back to who sent it: asked for, then paid by a line that went out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from django.db import IntegrityError

from kvit.banking import queries as banking
from kvit.banking.domain.payments import LIVE_PAYMENTS
from kvit.base import lifecycle, rows
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.ledger import queries as ledger_queries
from kvit.matching import queries
from kvit.matching.commands.lines import NotLinkable, free_line
from kvit.matching.commands.writing import NewLink, Share, Sureness, write_links
from kvit.matching.domain import REFUND, Evidence, LinkKind, RefundState, UndoneAs
from kvit.matching.events import RefundAsked
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

REFUNDS: Final = "matching.refund"
"""Work: pay this back, by a payment file or at the bank."""
SUBJECT: Final = "refund"


class NotRefundable(DomainError):
    """Not so much of the payment is left to its customer, or it is asked back already."""

    code: ClassVar[str] = "matching.not_refundable"


class NoSuchRefund(DomainError):
    """There is no such refund, or it was paid or withdrawn before."""

    code: ClassVar[str] = "matching.no_such_refund"


class RefundBeingPaid(DomainError):
    """A payment file pays this refund, or may: discard that file first, or wait for the bank."""

    code: ClassVar[str] = "matching.refund_being_paid"


@dataclass(frozen=True)
class Asked:
    """The refund that waits to be paid."""

    refund_id: int


@dataclass(frozen=True)
class RefundLinked:
    """The link of the line that paid the refund."""

    link_id: int


@command
def ask_refund(ctx: Ctx, *, link_id: int, amount_minor: int, reason: str) -> Asked:
    """Ask that so much of what a payment left to its customer goes back to who sent it; somebody pays it.

    The money stays the customer's advance until the bank says that it went out (`link_refund`). Refuses
    `NotRefundable`.
    """
    link = queries.made_link(link_id)
    if link is None or link.state != "live" or link.kind != LinkKind.PAYMENT.value:
        raise NotRefundable(f"link {link_id} is no payment that is linked")
    items = [i for i in ledger_queries.items_of_entries([link.entry_id]) if i.side == "credit"]
    item = max(items, key=lambda i: i.open_minor)
    if not 0 < amount_minor <= item.open_minor:
        raise NotRefundable(f"{item.open_minor} minor units of the payment are left to its customer")
    refund_id = _insert(ctx, link_id, item, amount_minor, reason)
    work.open_item(
        ctx,
        item=NewItem(
            kind=REFUNDS,
            subject_kind=SUBJECT,
            subject_id=refund_id,
            reason_code="matching.refund_asked",
            reason=f"pay {amount_minor} minor units of {item.currency} back to who sent line {link.line_id}",
            reason_params={"amount_minor": amount_minor, "line": link.line_id},
        ),
    )
    ctx.emit(RefundAsked(refund_id))
    return Asked(refund_id)


def _insert(ctx: Ctx, link_id: int, item: ledger_queries.Item, amount_minor: int, reason: str) -> int:
    try:
        ((refund_id,),) = rows.insert(
            "matching_refund",
            {
                "tenant_id": ("int", [ctx.tenant_id]),
                "link_id": ("bigint", [link_id]),
                "party_id": ("bigint", [item.party_id]),
                "credit_item_id": ("bigint", [item.id]),
                "amount_minor": ("bigint", [amount_minor]),
                "currency": ("text", [item.currency]),
                "reason": ("text", [reason.strip()[:300]]),
                "asked_at": ("timestamptz", [ctx.now]),
                "state": ("text", [RefundState.ASKED.value]),
                "command_id": ("bigint", [ctx.command_id]),
            },
            tail="RETURNING id",
        )
    except IntegrityError as error:
        if rows.violated(error) == "matching_refund_one_asked":
            raise NotRefundable("a refund of this payment is asked for already") from error
        raise
    return int(refund_id)


@command
def withdraw_refund(ctx: Ctx, *, refund_id: int, reason: str) -> Asked:
    """The money does not go back after all; it stays the customer's advance.

    Refuses `NoSuchRefund`, and `RefundBeingPaid` while a payment file holds it.
    """
    rows.select("SELECT id FROM matching_refund WHERE id = %s FOR NO KEY UPDATE", [refund_id])
    _asked(refund_id)
    _require_not_being_paid([refund_id])
    lifecycle.move(ctx, REFUND, [refund_id], to=RefundState.WITHDRAWN)
    work.close_items(ctx, kind=REFUNDS, subject_kind=SUBJECT, subject_ids=[refund_id], outcome="withdrawn")
    return Asked(refund_id)


@command
def link_refund(ctx: Ctx, *, line_id: int, refund_id: int) -> RefundLinked:
    """A line that went out paid this refund: the customer's advance is used up by it.

    Refuses `NoSuchRefund`, `AlreadyLinked`, `NotLinkable` where amount or currency differ, and `OverAllocated` where
    the advance has been used otherwise since.
    """
    return RefundLinked(pay_by_line(ctx, line_id, refund_id, Evidence("refund", "the money went back")))


def pay_by_line(ctx: Ctx, line_id: int, refund_id: int, evidence: Evidence, sure: Sureness | None = None) -> int:
    """Link a line that went out to the refund that it paid; the link's id. Refuses what `link_refund` does."""
    refund = _asked(refund_id)
    line = free_line(line_id)
    if line.amount_minor != -refund.amount_minor or line.currency != refund.currency:
        raise NotLinkable(f"line {line_id} is {line.amount_minor} {line.currency}, the refund {refund.amount_minor}")
    (link_id,) = write_links(
        ctx,
        [
            NewLink(
                line_id=line_id,
                amount_minor=line.amount_minor,
                currency=line.currency,
                booking_date=line.booking_date,
                shares=(Share(refund.party_id, line.amount_minor, ((refund.credit_item_id, refund.amount_minor),)),),
                evidence=replace(evidence, about={"refund": refund_id}),
                kind=LinkKind.REFUND,
                sure=sure,
            )
        ],
    )
    lifecycle.move(ctx, REFUND, [refund_id], to=RefundState.PAID)
    rows.run("UPDATE matching_refund SET paid_link_id = %s WHERE id = %s", [link_id, refund_id])
    work.close_items(ctx, kind=REFUNDS, subject_kind=SUBJECT, subject_ids=[refund_id], outcome="paid")
    return link_id


def undo_refunds(ctx: Ctx, link_id: int, undone_as: UndoneAs) -> None:
    """A link is being undone: what it paid back is asked for again, what was asked back of it is withdrawn.

    Refuses `RefundBeingPaid`; but what the bank has taken back is undone all the same, and somebody is told.
    """
    paid = [r[0] for r in rows.select("SELECT id FROM matching_refund WHERE paid_link_id = %s", [link_id])]
    if paid:
        rows.run("UPDATE matching_refund SET paid_link_id = NULL WHERE id IN (SELECT unnest(%s::bigint[]))", [paid])
        lifecycle.move(ctx, REFUND, paid, to=RefundState.ASKED)
        for refund_id in paid:
            item = NewItem(REFUNDS, SUBJECT, refund_id, "matching.refund_asked_again", "its payment's link was undone")
            work.open_item(ctx, item=item)
    asked = [
        r[0]
        for r in rows.select(
            "SELECT id FROM matching_refund WHERE link_id = %s AND state = 'asked' ORDER BY id FOR NO KEY UPDATE",
            [link_id],
        )
    ]
    if asked and undone_as is not UndoneAs.RETURNED:
        _require_not_being_paid(asked)
    if asked:
        lifecycle.move(ctx, REFUND, asked, to=RefundState.WITHDRAWN)
        work.close_items(ctx, kind=REFUNDS, subject_kind=SUBJECT, subject_ids=asked, outcome="undone")
        _tell_of_returned(ctx, asked)


def _being_paid(refund_ids: Sequence[int]) -> dict[int, int]:
    """Refunds that a payment file pays or may pay, with that file."""
    return {
        one.subject_id: one.payment_file_id
        for one in banking.payments_about(SUBJECT, refund_ids)
        if one.state.value in LIVE_PAYMENTS
    }


def _require_not_being_paid(refund_ids: Sequence[int]) -> None:
    if held := _being_paid(refund_ids):
        refund_id, file_id = next(iter(held.items()))
        raise RefundBeingPaid(f"refund {refund_id} is in payment file {file_id}; discard that first")


def _tell_of_returned(ctx: Ctx, refund_ids: Sequence[int]) -> None:
    """The bank took back what is about to be paid back: the file must not be sent, or the bank be asked to stop it."""
    items = tuple(
        NewItem(
            REFUNDS,
            SUBJECT,
            refund_id,
            "matching.refund_of_returned",
            f"the bank took the payment back, but payment file {file_id} pays it back: stop that file",
            {"file": file_id},
        )
        for refund_id, file_id in _being_paid(refund_ids).items()
    )
    if items:
        work.open_items(ctx, items=items)


def _asked(refund_id: int) -> queries.AskedRefund:
    found = queries.refund(refund_id)
    if found is None or found.state != RefundState.ASKED.value:
        raise NoSuchRefund(f"there is no refund {refund_id} that waits to be paid")
    return found
