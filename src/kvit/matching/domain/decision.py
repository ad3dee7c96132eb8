"""Decide about payments one after the other, in order of booking; values in, decisions and reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kvit.kernel.money import Money
from kvit.matching.domain.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Payment:
    """A bank line: minor units, positive when money came in; `keys` are the references it may quote."""

    line_id: int
    amount_minor: int
    currency: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An issued invoice under its reference, with what is open of it."""

    reference: str
    invoice_id: int
    number: str
    item_id: int
    party_id: int
    currency: str
    open_minor: int


@dataclass(frozen=True, slots=True)
class Decision:
    """`pays` is the invoice that is paid in full, or None when the payment waits for a person."""

    payment: Payment
    evidence: Evidence
    pays: Candidate | None = None


def decide(payments: Sequence[Payment], candidates: Mapping[str, Candidate]) -> tuple[Decision, ...]:
    """One decision per payment, in the order given. An invoice paid by one is closed to those after it."""
    closed: set[int] = set()
    decisions = []
    for payment in payments:
        decision = _decide(payment, candidates, closed)
        if decision.pays is not None:
            closed.add(decision.pays.item_id)
        decisions.append(decision)
    return tuple(decisions)


def _decide(payment: Payment, candidates: Mapping[str, Candidate], closed: set[int]) -> Decision:
    if payment.amount_minor <= 0:
        return _waits(payment, "outgoing", "money went out; say what for")
    if not payment.keys:
        return _waits(payment, "no_reference", "no reference is given")
    named = {candidates[key].item_id: candidates[key] for key in payment.keys if key in candidates}
    if not named:
        return _waits(payment, "unknown_reference", f"no invoice carries the reference {payment.keys[0]}")
    if len(named) > 1:
        numbers = ", ".join(sorted(c.number for c in named.values()))
        return _waits(payment, "several_invoices", f"several invoices are named: {numbers}")
    return _judge(payment, next(iter(named.values())), closed)


def _judge(payment: Payment, named: Candidate, closed: set[int]) -> Decision:
    about: dict[str, str | int] = {"invoice": named.number, "open_minor": named.open_minor}
    if named.currency != payment.currency:
        words = f"paid in {payment.currency}, but {named.number} is in {named.currency}"
        return _waits(payment, "currency_differs", words, about)
    if named.item_id in closed or named.open_minor == 0:
        return _waits(payment, "already_paid", f"{named.number} is paid already", about)
    if named.open_minor != payment.amount_minor:
        paid, is_open = (_money(minor, payment.currency) for minor in (payment.amount_minor, named.open_minor))
        words = f"{paid} paid, {is_open} open of {named.number}"
        return _waits(payment, "amount_differs", words, about)
    words = f"reference {named.reference} and the open amount of {named.number} agree"
    return Decision(payment, Evidence("reference_and_amount", words, about), named)


def _money(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).to_decimal():f} {currency}"


def _waits(payment: Payment, code: str, words: str, about: Mapping[str, str | int] | None = None) -> Decision:
    return Decision(payment, Evidence(code, words, about or {}))
