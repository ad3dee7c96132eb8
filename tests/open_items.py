"""A small ledger for tests of the matching engine: customers, open items, payers' history and payments as columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kvit.kernel.identifiers import rf, se_ocr
from kvit.matching.domain.engine import (
    CreditorRule,
    Customers,
    Index,
    Items,
    PayerHistory,
    Payments,
    ReferenceKind,
    Texts,
)

TODAY = 20_000  # a day counted from 1970


@dataclass(frozen=True)
class Item:
    """An open item of a test; `reference` as printed, amounts in minor units."""

    item_id: int
    customer: int
    reference: str
    amount_minor: int
    due_day: int = TODAY
    kind: ReferenceKind = ReferenceKind.OCR
    currency: int = 0


@dataclass(frozen=True)
class Customer:
    """A customer of a test, with the accounts known for it."""

    customer: int
    name: str
    accounts: tuple[str, ...] = ()
    virtual_account: str = ""


@dataclass(frozen=True)
class Payment:
    """A payment of a test."""

    payment_id: int
    amount_minor: int
    structured: str = ""
    text: str = ""
    name: str = ""
    account: str = ""
    to_account: str = "MAIN"
    day: int = TODAY
    currency: int = 0


def ocr(serial: int) -> str:
    """An OCR reference with a length digit."""
    return se_ocr.make(f"{serial:07d}", length_digit=True)


def creditor_reference(serial: int) -> str:
    """An RF reference."""
    return rf.make(f"{serial:07d}")


def items_of(items: Sequence[Item]) -> Items:
    """The items as columns."""
    return Items(
        item_id=np.array([i.item_id for i in items], np.int64),
        customer=np.array([i.customer for i in items], np.int64),
        invoice_no=Texts.of([str(i.item_id + 700_000) for i in items]),
        reference=Texts.of([i.reference for i in items]),
        reference_kind=np.array([i.kind for i in items], np.int8),
        amount_minor=np.array([i.amount_minor for i in items], np.int64),
        currency=np.array([i.currency for i in items], np.int16),
        issue_day=np.array([i.due_day - 20 for i in items], np.int32),
        due_day=np.array([i.due_day for i in items], np.int32),
    )


def customers_of(customers: Sequence[Customer]) -> Customers:
    """The customers as columns."""
    return Customers(
        customer=np.array([c.customer for c in customers], np.int64),
        number=Texts.of([str(c.customer + 880_000) for c in customers]),
        name=Texts.of([c.name for c in customers]),
        virtual_account=Texts.of([c.virtual_account for c in customers]),
    )


def history_of(customers: Sequence[Customer]) -> PayerHistory:
    """What is known of the customers' accounts as columns."""
    known = [(c, account) for c in customers for account in c.accounts]
    return PayerHistory(
        customer=np.array([c.customer for c, _ in known], np.int64),
        account=Texts.of([account for _, account in known]),
        name=Texts.of([c.name for c, _ in known]),
        times=np.ones(len(known), np.int32),
    )


def payments_of(payments: Sequence[Payment]) -> Payments:
    """The payments as columns."""
    return Payments(
        payment_id=np.array([p.payment_id for p in payments], np.int64),
        booking_day=np.array([p.day for p in payments], np.int32),
        amount_minor=np.array([p.amount_minor for p in payments], np.int64),
        currency=np.array([p.currency for p in payments], np.int16),
        to_account=Texts.of([p.to_account for p in payments]),
        payer_name=Texts.of([p.name for p in payments]),
        payer_account=Texts.of([p.account for p in payments]),
        structured=Texts.of([p.structured for p in payments]),
        text=Texts.of([p.text for p in payments]),
    )


def index_of(items: Sequence[Item], customers: Sequence[Customer], rule: CreditorRule | None = None) -> Index:
    """The index of a small ledger."""
    return Index.build(items_of(items), customers_of(customers), history_of(customers), rule=rule)


def town(size: int = 400) -> tuple[list[Item], list[Customer]]:
    """Customers of one town with one to four items each, of amounts that seldom agree; deterministic."""
    streets = ("ALM", "BJORK", "EK", "GRAN", "HASSEL", "LIND", "LONN", "TALL", "ASP", "RONN")
    customers = [
        Customer(
            c,
            f"{streets[c % 10]}{streets[c // 10 % 10]} {streets[c // 3 % 10]}BERG",
            (f"SE{45 + c:02d}5000{c:012d}",),
        )
        for c in range(size)
    ]
    items, serial = [], 3_100_000
    for c in range(size):
        for n in range(1 + c % 4):
            serial += 1 + (c * 7 + n * 3) % 5
            amount = 10_000 + (c * 7919 + n * 104_729) % 900_000
            items.append(Item(len(items), c, ocr(serial), amount, TODAY - 30 + n * 10))
    return items, customers
