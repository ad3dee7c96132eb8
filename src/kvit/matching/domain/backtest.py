"""What the engine would have done with payments whose links are known, week by week, as it would have seen them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

import numpy as np

from kvit.kernel import currencies
from kvit.matching.domain.columns import currency_code, payments_of, reference_kinds
from kvit.matching.domain.engine import CreditorRule, Customers, Index, Items, PayerHistory, Prior, Texts, match
from kvit.matching.domain.evidence import Evidence, speaks_for_two
from kvit.matching.domain.outcomes import Decided, Outcome, decided
from kvit.matching.domain.past import Past, PastInvoice, PastPayment

_EPOCH: Final = date(1970, 1, 1)


class Verdict(StrEnum):
    """What would have become of a payment: booked rightly, booked wrongly, or asked about."""

    RIGHT = "right"
    WRONG = "wrong"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Trial:
    """One past payment: the verdict, what the engine thought of it, and whether that was right.

    `may_book`: its confidence alone keeps it from being booked, no rule that asks a person.
    """

    payment: PastPayment
    verdict: Verdict
    decided: Decided
    first_is_right: bool
    may_book: bool

    @property
    def evidence(self) -> Evidence:
        """Why."""
        return self.decided.evidence


def trials(past: Past, *, rule: CreditorRule, prior: Prior, least: tuple[int, int]) -> Iterator[Trial]:
    """What the engine would have done with each payment, in the order of days.

    It sees the invoices that were issued by the end of the payment's week, less what was paid in the weeks before. Of
    payers it knows only what people would have taught it until then by deciding what it asked. `least` is the least
    confidence of an automatic decision, as (numerator, denominator).
    """
    replay = _Replay(past, rule, prior, least)
    in_order = sorted(past.payments, key=lambda one: (one.payment_date, one.line))
    for _, week in groupby(in_order, key=lambda one: (one.payment_date - _EPOCH).days // 7):
        yield from replay.week(list(week))


@dataclass
class _Replay:
    past: Past
    rule: CreditorRule
    prior: Prior
    least: tuple[int, int]
    taught: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        invoices = sorted(self.past.invoices, key=lambda one: (one.issue_date, one.item_id))
        self.items = _items(invoices)
        self.left = self.items.amount_minor.copy()
        self.place = {one.item_id: at for at, one in enumerate(invoices)}
        self.invoices = {one.item_id: one for one in invoices}
        everybody = sorted(self.past.customers)
        self.customers = Customers(
            np.array([party for party, _, _ in everybody], np.int64),
            Texts.of([number for _, number, _ in everybody]),
            Texts.of([name for _, _, name in everybody]),
            Texts.of([""] * len(everybody)),
        )

    def week(self, payments: Sequence[PastPayment]) -> Iterator[Trial]:
        index = self.index((payments[-1].payment_date - _EPOCH).days)
        columns = payments_of(
            [(at, one.payment_date, one.amount_minor, one.currency) for at, one in enumerate(payments)],
            [(one.payer_name, one.payer_account, one.reference, one.text) for one in payments],
        )
        decisions = match(index, columns, prior=self.prior, threshold=self.least[0] / self.least[1])
        decimals = [currencies.minor_units(one.currency) for one in payments]
        for payment, found in zip(payments, decided(decisions, index, decimals=decimals), strict=True):
            trial = self.judged(payment, found)
            yield trial
            self.confirm(trial)

    def index(self, until_day: int) -> Index:
        """What is known at the end of a week; closed items stay known, so that money for them is recognised."""
        seen = int(np.searchsorted(self.items.issue_day, until_day, side="right"))
        shown = _first(self.items, seen)
        left = self.left[:seen]
        shown = _with_amounts(shown, np.where(left != 0, left, shown.amount_minor))
        index = Index.build(shown, self.customers, self.history(), rule=self.rule)
        closed = np.flatnonzero(left == 0)
        index.leave(shown.item_id[closed], left[closed])
        return index

    def history(self) -> PayerHistory:
        known = list(self.taught.items())
        return PayerHistory(
            np.array([party for (party, _, _), _ in known], np.int64),
            Texts.of([account for (_, account, _), _ in known]),
            Texts.of([name for (_, _, name), _ in known]),
            np.array([times for _, times in known], np.int32),
        )

    def judged(self, payment: PastPayment, found: Decided) -> Trial:
        is_right = self.is_right(payment, found)
        if found.outcome in (Outcome.TWICE, Outcome.CLOSED):
            is_right = not payment.pays and payment.party_id == found.party_id
            verdict = Verdict.RIGHT if is_right else Verdict.ASKED
            return Trial(payment, verdict, found, is_right, may_book=False)
        verdict = Verdict.ASKED
        if found.outcome is Outcome.BOOKED:
            verdict = Verdict.RIGHT if is_right else Verdict.WRONG
        may_book = bool(found.items) and speaks_for_two(found.evidence.reasons)
        return Trial(payment, verdict, found, is_right, may_book)

    def is_right(self, payment: PastPayment, found: Decided) -> bool:
        """The same invoices; or equal debts of the same customer, which are paid oldest first."""
        if not found.items or not payment.pays:
            return False
        mine, true = {item for item, _ in found.items}, {item for item, _ in payment.pays}
        if mine == true:
            return True
        equal = sorted(amount for _, amount in found.items) == sorted(amount for _, amount in payment.pays)
        return equal and found.party_id == payment.party_id

    def confirm(self, trial: Trial) -> None:
        """What was truly paid is paid; who was asked has taught who pays for whom."""
        payment = trial.payment
        for item_id, amount in payment.pays:
            at = self.place[item_id]
            whole = int(self.items.amount_minor[at])
            left = int(self.left[at]) - amount
            self.left[at] = left if left * whole > 0 else 0
        if not payment.party_id or not (payment.payer_account or payment.payer_name):
            return
        who = (payment.party_id, payment.payer_account, payment.payer_name)
        if trial.verdict is not Verdict.RIGHT or who in self.taught:
            self.taught[who] = self.taught.get(who, 0) + 1


def _items(invoices: Sequence[PastInvoice]) -> Items:
    references = Texts.of([one.reference for one in invoices])
    return Items(
        item_id=np.array([one.item_id for one in invoices], np.int64),
        customer=np.array([one.party_id for one in invoices], np.int64),
        invoice_no=Texts.of([one.number for one in invoices]),
        reference=references,
        reference_kind=reference_kinds(references),
        amount_minor=np.array([one.amount_minor for one in invoices], np.int64),
        currency=np.array([currency_code(one.currency) for one in invoices], np.int16),
        issue_day=np.array([(one.issue_date - _EPOCH).days for one in invoices], np.int32),
        due_day=np.array([(one.due_date - _EPOCH).days for one in invoices], np.int32),
    )


def _first(items: Items, many: int) -> Items:
    rows = np.arange(many)
    return Items(
        items.item_id[:many],
        items.customer[:many],
        items.invoice_no.take(rows),
        items.reference.take(rows),
        items.reference_kind[:many],
        items.amount_minor[:many],
        items.currency[:many],
        items.issue_day[:many],
        items.due_day[:many],
    )


def _with_amounts(items: Items, amounts: Any) -> Items:
    return Items(
        items.item_id,
        items.customer,
        items.invoice_no,
        items.reference,
        items.reference_kind,
        amounts,
        items.currency,
        items.issue_day,
        items.due_day,
    )
