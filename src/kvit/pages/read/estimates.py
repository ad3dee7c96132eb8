"""The board of estimates: orders that wait for one, drafts, what was sent, paid in part, past its day, invoiced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kvit.invoicing import queries as invoicing
from kvit.invoicing.queries import EstimateRow, InvoiceRow, OrderRow
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.ledger.queries import Item
from kvit.parties import queries as parties

SHOWN: Final = 300
ORDERS: Final = 100
OF_EACH: Final = 30


class Stage(StrEnum):
    """Where an estimate stands."""

    DRAFT = "draft"
    SENT = "sent"
    PART = "part"
    PAST = "past"
    INVOICED = "invoiced"


@dataclass(frozen=True, slots=True)
class Card:
    """An estimate with its customer's name."""

    row: EstimateRow
    customer: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order that stands on no document yet."""

    row: OrderRow
    customer: str


@dataclass(frozen=True, slots=True)
class Board:
    """Every stage with its newest estimates, and the orders that wait; `waiting` are customers with such orders."""

    cards: Mapping[Stage, tuple[Card, ...]]
    orders: tuple[Ordered, ...]
    waiting: Mapping[int, str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it."""
        return not self.orders and not any(self.cards.values())


def stage_of(row: EstimateRow, *, today: date) -> Stage:
    """Where an estimate stands on a day."""
    if row.number is None:
        return Stage.DRAFT
    if row.invoice_id is not None:
        return Stage.INVOICED
    if row.paid_minor:
        return Stage.PART
    return Stage.PAST if row.due_date is not None and row.due_date < today else Stage.SENT


def board(*, today: date) -> Board:
    """The board on a day. Needs the tenant's scope."""
    found = invoicing.estimates(limit=SHOWN)
    open_orders = invoicing.orders(is_open=True)[-ORDERS:]
    customers = invoicing.customers_by_id([one.customer_id for one in open_orders])
    names = parties.names([row.party_id for row in found] + [one.party_id for one in customers.values()])
    cards: dict[Stage, list[Card]] = {stage: [] for stage in Stage}
    for row in found:
        stage = stage_of(row, today=today)
        cards[stage].append(Card(row, names.get(row.party_id, ""), stage))
    called = {one.id: names.get(one.party_id, "") for one in customers.values()}
    return Board(
        {stage: tuple(those[:OF_EACH]) for stage, those in cards.items()},
        tuple(Ordered(one, called.get(one.customer_id, "")) for one in reversed(open_orders)),
        dict(sorted(called.items(), key=lambda pair: pair[1])),
    )


@dataclass(frozen=True, slots=True)
class Billing:
    """What an estimate became, and the customer's money that could be its advance."""

    row: EstimateRow
    stage: Stage
    documents: tuple[InvoiceRow, ...]
    credits: tuple[Item, ...]


def billing(estimate_id: int, *, today: date) -> Billing | None:
    """How far an issued estimate is invoiced; None for what is none. Needs the tenant's scope."""
    row = invoicing.estimate(estimate_id)
    if row is None or row.number is None:
        return None
    stage = stage_of(row, today=today)
    credits = (
        ()
        if stage is Stage.INVOICED
        else tuple(
            item
            for item in ledger.open_items(row.party_id)
            if (item.side, item.account, item.currency) == ("credit", Accounts.RECEIVABLE, row.currency)
        )
    )
    return Billing(row, stage, invoicing.documents_of_estimate(estimate_id), credits)
