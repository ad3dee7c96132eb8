"""A person says what a payment pays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.base.command import Ctx, command
from kvit.invoicing import queries as invoicing
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts
from kvit.ledger.queries import Item
from kvit.matching import queries
from kvit.matching.commands.learning import learn_from_line
from kvit.matching.commands.lines import NotLinkable, free_payment
from kvit.matching.commands.writing import NewLink, Share, write_links
from kvit.matching.domain import Evidence
from kvit.matching.domain.adjustments import ADJUSTMENT_ACCOUNTS, ShortPay
from kvit.parties import queries as parties
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

SHORT_PAID: Final = "matching.short_paid"
"""Work: less was paid than is due, for a reason that somebody should look at."""
INVOICE: Final = "invoice"
_TO_LOOK_AT: Final = frozenset({ShortPay.DISPUTE, ShortPay.RETURN, ShortPay.OTHER})


class SeveralCustomers(DomainError):
    """The invoices belong to several customers, and nobody said that one pays for the others."""

    code: ClassVar[str] = "matching.several_customers"


class WriteOffTooLarge(DomainError):
    """More would be written off than the company lets people write off by themselves."""

    code: ClassVar[str] = "matching.write_off_too_large"


@dataclass(frozen=True, slots=True)
class Target:
    """So much of a payment settles this invoice (minor units, positive); `short` says why less than is open."""

    invoice_id: int
    amount_minor: int
    short: ShortPay | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount between what came and what customers are credited with, on an account of `ADJUSTMENT_ACCOUNTS`.

    Positive where customers are credited with more than came: a fee that the bank kept, an exchange loss, a rest that
    is written off. Negative where they are credited with less: interest, a reminder fee, an exchange gain.
    """

    account: str
    amount_minor: int


@dataclass(frozen=True)
class Linked:
    """The link, and what is left of the payment as the customer's advance."""

    link_id: int
    advance_minor: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How a payment is linked besides its invoices.

    `adjustments`: fees, exchange differences, a rest written off. `advance_party_id`: whose the money is that no
    invoice takes; needed where no invoice is named or they belong to several customers. `third_party`: one payer pays
    for several customers. `learn`: keep the payer's account and name for the customers. `evidence`: why, where it is
    not that a person said so.
    """

    adjustments: tuple[Adjustment, ...] = ()
    advance_party_id: int | None = None
    third_party: bool = False
    learn: bool = True
    evidence: Evidence | None = None


PLAIN: Final = Terms()


@command
def link_payment(ctx: Ctx, *, line_id: int, targets: tuple[Target, ...], terms: Terms = PLAIN) -> Linked:
    """Book a payment to the customers of these invoices and settle them, in part where less is given.

    What the targets leave of the payment, adjustments added, is the customer's advance. Refuses `NotLinkable`,
    `AlreadyLinked`, `SeveralCustomers` (see `Terms.third_party`), `WriteOffTooLarge`, and `OverAllocated` where more
    would be settled than is open.
    """
    line = free_payment(line_id)
    _require_adjustments(terms)
    credited = line.amount_minor + sum(a.amount_minor for a in terms.adjustments)
    left = credited - sum(target.amount_minor for target in targets)
    if any(target.amount_minor <= 0 for target in targets) or not (targets or terms.advance_party_id):
        raise NotLinkable("name at least one invoice, and an amount above zero for each")
    if left < 0:
        raise NotLinkable(f"{-left} minor units more than the payment are given to invoices")
    items = _items(targets, line.currency)
    shares = _shares(targets, items, left, terms)
    if len(shares) > 1 and not terms.third_party:
        raise SeveralCustomers("the invoices belong to several customers; say that the payer pays for all of them")
    _open_accounts(ctx, terms)
    (link_id,) = write_links(
        ctx,
        [
            NewLink(
                line_id=line.id,
                amount_minor=line.amount_minor,
                currency=line.currency,
                booking_date=line.booking_date,
                shares=shares,
                evidence=terms.evidence or Evidence("by_hand", "a person said so", _about(targets)),
                adjustments=tuple((a.account, a.amount_minor) for a in terms.adjustments),
            )
        ],
    )
    _tell_shorts(ctx, targets)
    if terms.learn:
        learn_from_line(ctx, line, [share.party_id for share in shares])
    return Linked(link_id, left)


def _require_adjustments(terms: Terms) -> None:
    for adjustment in terms.adjustments:
        if adjustment.account not in ADJUSTMENT_ACCOUNTS or not adjustment.amount_minor:
            raise NotLinkable(f"{adjustment.account} with {adjustment.amount_minor} is no adjustment of a payment")
    gone = sum(a.amount_minor for a in terms.adjustments if a.account == Accounts.WRITE_OFF)
    limit = queries.rule().write_off_up_to_minor
    if gone < 0 or gone > limit:
        raise WriteOffTooLarge(f"{gone} minor units would be written off; the company lets up to {limit} be")


def _items(targets: tuple[Target, ...], currency: str) -> dict[int, Item]:
    """Each invoice's receivable."""
    wanted = {target.invoice_id for target in targets}
    if len(wanted) < len(targets):
        raise NotLinkable("an invoice is named twice")
    invoices = {invoice.id: invoice for invoice in invoicing.invoices(list(wanted)) if invoice.number}
    items = {i: item for i, item in queries.receivables(list(wanted)).items() if i in invoices}
    if missing := wanted - items.keys():
        raise NotLinkable(f"document {min(missing)} is no invoice that can be paid")
    if any(invoice.currency != currency for invoice in invoices.values()):
        raise NotLinkable(f"the payment is in {currency}, an invoice is not")
    return items


def _shares(targets: tuple[Target, ...], items: Mapping[int, Item], left: int, terms: Terms) -> tuple[Share, ...]:
    """Who is credited with how much; what is left goes to whom the terms say, or to the only customer."""
    settles: dict[int, list[tuple[int, int]]] = {}
    for target in targets:
        item = items[target.invoice_id]
        settles.setdefault(item.party_id, []).append((item.id, target.amount_minor))
    owner = terms.advance_party_id
    if owner is not None and owner not in settles:
        if owner not in parties.names([owner]):
            raise NotLinkable(f"there is no customer {owner}")
        settles[owner] = []
    if owner is None:
        if left and len(settles) > 1:
            raise SeveralCustomers("say whose the rest of the payment is; the invoices belong to several customers")
        owner = next(iter(settles))
    shares = [
        Share(party_id, sum(amount for _, amount in pays) + (left if party_id == owner else 0), tuple(pays))
        for party_id, pays in settles.items()
    ]
    return tuple(share for share in shares if share.credit_minor)


def _open_accounts(ctx: Ctx, terms: Terms) -> None:
    for account in sorted({a.account for a in terms.adjustments}):
        ledger.open_account(ctx, code=account, name=ADJUSTMENT_ACCOUNTS[account])


def _about(targets: tuple[Target, ...]) -> dict[str, str | int]:
    return {f"short_{target.invoice_id}": target.short.value for target in targets if target.short is not None}


def _tell_shorts(ctx: Ctx, targets: tuple[Target, ...]) -> None:
    """Let somebody look at what was not paid for a reason that asks for it."""
    items = tuple(
        NewItem(
            kind=SHORT_PAID,
            subject_kind=INVOICE,
            subject_id=target.invoice_id,
            reason_code=f"matching.short_{target.short.value}",
            reason=f"less was paid than is due: {target.short.value}",
        )
        for target in targets
        if target.short in _TO_LOOK_AT and target.short is not None
    )
    if items:
        work.open_items(ctx, items=items)
