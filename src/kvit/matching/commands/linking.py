"""A person says what a payment pays."""

from dataclasses import dataclass
from typing import ClassVar

from kvit.banking import queries as banking
from kvit.base.command import Ctx, command
from kvit.invoicing import queries as invoicing
from kvit.kernel.refusals import DomainError
from kvit.matching import queries
from kvit.matching.commands.writing import AlreadyLinked, NewLink, write_links
from kvit.matching.domain import Evidence

__all__ = ["AlreadyLinked", "Linked", "NotLinkable", "Target", "link_payment"]


class NotLinkable(DomainError):
    """The line or an invoice does not fit: unknown, money that went out, other customers, too much."""

    code: ClassVar[str] = "matching.not_linkable"


@dataclass(frozen=True, slots=True)
class Target:
    """So much of a payment settles this invoice; minor units, positive."""

    invoice_id: int
    amount_minor: int


@dataclass(frozen=True)
class Linked:
    """The link, and what is left of the payment as the customer's advance."""

    link_id: int
    advance_minor: int


@command
def link_payment(ctx: Ctx, *, line_id: int, targets: tuple[Target, ...]) -> Linked:
    """Book a payment to the customer of these invoices and settle them, in part where less is given.

    What the targets leave of the payment is the customer's advance. Refuses `NotLinkable`,
    `AlreadyLinked`, and `OverAllocated` where more would be settled than is open.
    """
    line = next(iter(banking.locked_lines([line_id])), None)
    if line is None or line.amount_minor <= 0:
        raise NotLinkable(f"line {line_id} is no payment that came in")
    if banking.settled_by_return([line_id]):
        raise NotLinkable(f"the bank took the payment of line {line_id} back; it pays nothing")
    if queries.linked([line_id]):
        raise AlreadyLinked(f"line {line_id} is linked already; undo the link first")
    if not targets or any(target.amount_minor <= 0 for target in targets):
        raise NotLinkable("name at least one invoice, and an amount above zero for each")
    left = line.amount_minor - sum(target.amount_minor for target in targets)
    if left < 0:
        raise NotLinkable(f"{-left} minor units more than the payment are given to invoices")
    party_id, items = _items(targets, line.currency)
    (link_id,) = write_links(
        ctx,
        [
            NewLink(
                line_id=line.id,
                party_id=party_id,
                amount_minor=line.amount_minor,
                currency=line.currency,
                booking_date=line.booking_date,
                settles=tuple((items[target.invoice_id], target.amount_minor) for target in targets),
                evidence=Evidence("by_hand", "a person said so"),
                by_robot=False,
            )
        ],
    )
    return Linked(link_id, left)


def _items(targets: tuple[Target, ...], currency: str) -> tuple[int, dict[int, int]]:
    """The one customer of these invoices, and each invoice's receivable."""
    wanted = {target.invoice_id for target in targets}
    if len(wanted) < len(targets):
        raise NotLinkable("an invoice is named twice")
    invoices = {invoice.id: invoice for invoice in invoicing.invoices(list(wanted)) if invoice.number}
    items = {i: item.id for i, item in queries.receivables(list(wanted)).items() if i in invoices}
    if missing := wanted - items.keys():
        raise NotLinkable(f"document {min(missing)} is no invoice that can be paid")
    if any(invoice.currency != currency for invoice in invoices.values()):
        raise NotLinkable(f"the payment is in {currency}, an invoice is not")
    parties = {invoice.party_id for invoice in invoices.values()}
    if len(parties) > 1:
        raise NotLinkable("the invoices belong to several customers")
    return parties.pop(), items
