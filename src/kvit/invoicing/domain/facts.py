"""Facts about a claim: who says them, how far they hold a claim back, and how the ledger's money decides them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from kvit.invoicing.domain.lifecycle import FactKind, FactState
from kvit.kernel.money import round_half_up
from kvit.kernel.refusals import DomainError

LONGEST_WORDS: Final = 1000
LONGEST_BANK: Final = 80
MOST_A_DAY: Final = 20
"""So many facts and remarks of the customer's side are taken in for one invoice within 24 hours."""
LONGEST_RULE_DAYS: Final = 365

LIVE_DISPUTE: Final = frozenset({FactState.OPEN, FactState.ANSWERED})
DECIDED_BY_MONEY: Final = frozenset({FactKind.REMITTANCE, FactKind.PROMISE})


class BadFact(DomainError):
    """An amount, a day or words that cannot be said about this claim; the text says which and why."""

    code: ClassVar[str] = "invoicing.bad_fact"


class BadClaimRule(DomainError):
    """Days that no rule on claims can have."""

    code: ClassVar[str] = "invoicing.bad_claim_rule"


class Side(StrEnum):
    """Whose word it is."""

    CUSTOMER = "customer"
    COMPANY = "company"


class DisputeReason(StrEnum):
    """Why a customer does not owe what an invoice says."""

    NOT_RECEIVED = "not_received"
    FAULTY = "faulty"
    PRICE = "price"
    QUANTITY = "quantity"
    NOT_ORDERED = "not_ordered"
    TWICE = "twice"
    WRONG_CUSTOMER = "wrong_customer"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LineInDispute:
    """A line by its position on the invoice; `amount_minor` of it, VAT included, or all of it where that is None."""

    position: int
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Remittance:
    """A payment as who made it tells of it: the day, minor units, the bank, the receipt (a file of `base.files`)."""

    paid_date: date
    amount_minor: int
    bank: str = ""
    receipt_file_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """What customers may say and get by themselves.

    "I have paid" is stale `stale_after_days` working days after it was said. A promise reaches `longest_promise_days`
    ahead. A later due date may be asked for up to `longest_extension_days` after the first one; up to
    `free_extension_days` after it is given without a clerk (0: never).
    """

    stale_after_days: int = 5
    longest_promise_days: int = 60
    longest_extension_days: int = 30
    free_extension_days: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """A live allocation to a claim: the day it counts for, and whether it is money from the bank."""

    on_date: date
    amount_minor: int
    is_payment: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What of a fact is measured against the ledger: reached by `last_date` is kept, in whatever words."""

    kind: FactKind
    state: FactState
    amount_minor: int
    target_minor: int
    last_date: date


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute and the order in which it was stated."""

    amount_minor: int
    state: FactState
    order: int


@dataclass(frozen=True, slots=True)
class Credited:
    """A credit note of the claim and the order in which it was issued, counted as that of disputes."""

    amount_minor: int
    order: int


def side_of_actor(actor: str) -> Side:
    """Whose word an actor of the audit log brings: holders of links and who signs in for a customer are the other side.

    The robot, the command line and the company's people are the company's.
    """
    return Side.CUSTOMER if actor.startswith(("link:", "customer:")) else Side.COMPANY


def check_rule(rule: ClaimRule) -> None:
    """Refuses `BadClaimRule`."""
    days = (rule.longest_promise_days, rule.longest_extension_days, rule.free_extension_days)
    if not 1 <= rule.stale_after_days <= LONGEST_RULE_DAYS or not all(0 <= d <= LONGEST_RULE_DAYS for d in days):
        raise BadClaimRule(f"a rule counts 0 to {LONGEST_RULE_DAYS} days, and 1 or more until a payment must be there")
    if rule.free_extension_days > rule.longest_extension_days:
        raise BadClaimRule("what is given without a clerk cannot reach further than what may be asked for")


def tidied_words(words: str, *, required: bool = False) -> str:
    """Words without blanks at their ends. Refuses `BadFact` for too many, or for none where some are `required`."""
    tidy = words.strip()
    if len(tidy) > LONGEST_WORDS or (required and not tidy):
        raise BadFact(f"say it in 1 to {LONGEST_WORDS} characters, not {len(tidy)}")
    return tidy


def measured(fact: Measured, settled: Collection[Settled], *, open_minor: int, today: date) -> FactState:
    """Where the ledger puts a fact on a day.

    A remittance is confirmed once payments reach its target, or once they have closed the claim (the bank's fee was
    written off); a promise is kept once all that was settled by its day reaches the target. What is not reached is
    stale or broken the day after `last_date`. What was withdrawn stays so.
    """
    if fact.kind not in DECIDED_BY_MONEY or fact.state is FactState.WITHDRAWN:
        return fact.state
    # What was late on one day is late for good, whatever day is looked at: only money moves it from there.
    is_late = today > fact.last_date or fact.state in (FactState.STALE, FactState.BROKEN)
    if fact.kind is FactKind.PROMISE:
        by_then = sum(each.amount_minor for each in settled if each.on_date <= fact.last_date)
        if by_then >= fact.target_minor:
            return FactState.KEPT
        return FactState.BROKEN if is_late else FactState.OPEN
    paid = sum(each.amount_minor for each in settled if each.is_payment)
    before = fact.target_minor - fact.amount_minor
    if paid >= fact.target_minor or (open_minor == 0 and paid > before):
        return FactState.CONFIRMED
    return FactState.STALE if is_late else FactState.OPEN


def disputed_minor(open_minor: int, disputes: Sequence[Disputed], credits: Sequence[Credited]) -> int:
    """How much of what is open is disputed: never more than is open, never below zero.

    A dispute counts while it is open or answered. An accepted one counts until credit notes that were issued after it
    was stated have made it good, the oldest first; what was rejected or withdrawn counts no more.
    """
    live = sum(each.amount_minor for each in disputes if each.state in LIVE_DISPUTE)
    left = [
        [each.order, each.amount_minor]
        for each in sorted(disputes, key=lambda each: each.order)
        if each.state is FactState.ACCEPTED
    ]
    for credit in sorted(credits, key=lambda each: each.order):
        rest = credit.amount_minor
        for accepted in left:
            if accepted[0] < credit.order:
                used = min(rest, accepted[1])
                accepted[1] -= used
                rest -= used
    return min(open_minor, live + sum(amount for _, amount in left))


def line_gross(net_minor: int, vat_rate: Decimal) -> int:
    """What a line costs with its VAT (percent), rounded by itself: documents round per rate, so sums may differ."""
    return int(round_half_up(Decimal(net_minor) * (100 + vat_rate) / 100, 0))
