"""The index of open items: built from columns, kept up to date item by item."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from kvit.kernel.refusals import DomainError
from kvit.matching.domain.engine import hashing, keys
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.ledger import (
    ALIAS,
    NAME_KINDS,
    NOBODY,
    OWN_NAME,
    Ledger,
    amount_keys,
    chain,
    chain_one,
    digit_keys,
    main_numbers,
    name_keys,
    note_lengths,
    text_keys,
)
from kvit.matching.domain.engine.tables import CreditorRule, Customers, Items, PayerHistory, positions
from kvit.matching.domain.engine.texts import Longs


class UnknownItem(DomainError):
    """No item with this id is in the index."""

    code: ClassVar[str] = "unknown_item"


@dataclass
class Index:
    """Open items ready to be matched. `order[n]` is the row of the items at place n of the ledger, `place` its inverse."""

    ledger: Ledger
    rule: CreditorRule
    order: Ints
    item_ids: Longs
    customer_ids: Longs
    _places: dict[int, int] | None = field(default=None, repr=False)

    @classmethod
    def build(
        cls, items: Items, customers: Customers, history: PayerHistory, *, rule: CreditorRule | None = None
    ) -> "Index":
        """The index of these items. Refuses `ColumnsDiffer` for a customer that is not among the customers."""
        owner = positions(customers.customer, items.customer, what="an item")
        payer = positions(customers.customer, history.customer, what="a line of payer history")
        own = name_keys(customers.name.buffer, customers.name.offsets)
        order = _order(items, owner, own)
        ledger = _tables(_columns(items, customers, owner, order), items, order)
        ledger = _payers(ledger, customers, history, (own, payer))
        return cls(ledger, rule or CreditorRule(), order, items.item_id, customers.customer)

    def add(self, items: Items) -> None:
        """Put further items in; their customers are known already. Refuses `ColumnsDiffer`."""
        owner = positions(self.customer_ids, items.customer, what="an item")
        old, begin = self.ledger, len(self.ledger.left)
        order = np.arange(items.rows, dtype=np.int32)
        new = _item_columns(items, owner, order)
        joined = {name: np.concatenate((getattr(old, name), column)) for name, column in new.items()}
        self.ledger = _tables(old._replace(**joined), items, order, begin=begin)
        for item in range(begin, begin + items.rows):
            chain_one(self.ledger, item)
        self.order = np.concatenate((self.order, (order + begin).astype(np.int32)))
        self.item_ids = np.concatenate((self.item_ids, items.item_id))
        self._places = None

    def close(self, item_id: int) -> None:
        """Nothing is open of the item any more; it stays known, so that its money finds its customer."""
        self._leave(item_id, 0)

    def reopen(self, item_id: int, left_minor: int | None = None) -> None:
        """The item is open again: with the amount left, or as it was put in."""
        amount = int(self.ledger.amount[self._place(item_id)])
        self._leave(item_id, amount if left_minor is None else left_minor)

    def left_minor(self, item_id: int) -> int:
        """What is open of an item."""
        return int(self.ledger.left[self._place(item_id)])

    def bytes_held(self) -> int:
        """The memory of the index beside the texts of the input, in bytes."""
        total = self.order.nbytes
        for name, part in self.ledger._asdict().items():
            if name not in ("name_buffer", "name_at"):
                total += sum(a.nbytes for a in part) if isinstance(part, tuple) else part.nbytes
        return int(total)

    def _leave(self, item_id: int, left_minor: int) -> None:
        place = self._place(item_id)
        was_open, is_open = self.ledger.left[place] != 0, left_minor != 0
        self.ledger.left[place] = left_minor
        self.ledger.open_items[self.ledger.customer[place]] += int(is_open) - int(was_open)

    def _place(self, item_id: int) -> int:
        if self._places is None:
            self._places = dict(zip(self.item_ids[self.order].tolist(), range(len(self.order)), strict=True))
        if item_id not in self._places:
            raise UnknownItem(f"no item has the id {item_id}")
        return self._places[item_id]


def written_of(items: Items) -> keys.Written:
    """The items' references and numbers as compiled code reads them."""
    return keys.Written(
        items.reference.buffer,
        items.reference.offsets,
        items.invoice_no.buffer,
        items.invoice_no.offsets,
        items.reference_kind.astype(np.int8),
    )


def _order(items: Items, owner: Ints, own_names: Longs) -> Ints:
    """Items of customers of one name side by side, then by customer, then oldest first."""
    by_name = np.empty(len(own_names), np.int64)
    by_name[np.argsort(own_names, kind="stable")] = np.arange(len(own_names))
    numbers, digits = np.empty(items.rows, np.int64), np.empty(items.rows, np.int8)
    main_numbers(written_of(items), numbers, digits)
    due = items.due_day.astype(np.int64)
    age = due - (int(due.min()) if len(due) else 0)
    together = by_name[owner] << 24 | np.minimum(age, (1 << 24) - 1)
    return np.lexsort((items.issue_day, numbers, together)).astype(np.int32)


def _item_columns(items: Items, owner: Ints, order: Ints) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    numbers, digits = np.empty(items.rows, np.int64), np.empty(items.rows, np.int8)
    main_numbers(written_of(items), numbers, digits)
    amount = items.amount_minor[order].astype(np.int64)
    return {
        "amount": amount,
        "left": amount.copy(),
        "customer": owner[order],
        "due": items.due_day[order].astype(np.int32),
        "issued": items.issue_day[order].astype(np.int32),
        "currency": items.currency[order].astype(np.int16),
        "kind": items.reference_kind[order].astype(np.int8),
        "number": numbers[order],
        "digits": digits[order],
        "next_item": np.full(items.rows, NOBODY, np.int32),
    }


def _columns(items: Items, customers: Customers, owner: Ints, order: Ints) -> Ledger:
    columns = _item_columns(items, owner, order)
    first_item = np.full(customers.rows, NOBODY, np.int32)
    open_items = np.zeros(customers.rows, np.int32)
    chain(columns["customer"], first_item, columns["next_item"], open_items)
    nothing = hashing.empty(0)
    return Ledger(
        **columns,
        first_item=first_item,
        open_items=open_items,
        name_buffer=customers.name.buffer,
        name_at=customers.name.offsets,
        references=hashing.empty(items.rows * 2),
        amounts=hashing.empty(items.rows // 2),
        accounts=nothing,
        virtuals=nothing,
        numbers=nothing,
        names=nothing,
        lengths=np.zeros(keys.MOST_DIGITS + 2, np.int8),
    )


def _tables(ledger: Ledger, items: Items, order: Ints, begin: int = 0) -> Ledger:
    """The tables of references and amounts with the items from place `begin` on."""
    found, values = np.empty(len(order) * 6, np.int64), np.empty(len(order) * 6, np.int32)
    total = keys.all_keys(written_of(items), order, found, values)
    values[:total] += begin * keys.KINDS
    note_lengths(found[:total], ledger.lengths)
    by_amount = amount_keys(ledger.amount[begin:], ledger.currency[begin:])
    places = np.arange(begin, begin + len(order), dtype=np.int32)
    return ledger._replace(
        references=hashing.filled(ledger.references, found[:total], values[:total]),
        amounts=hashing.filled(ledger.amounts, by_amount, places),
    )


def _payers(ledger: Ledger, customers: Customers, history: PayerHistory, keyed: tuple[Longs, Ints]) -> Ledger:
    own, payer = keyed
    everyone = np.arange(customers.rows, dtype=np.int32)
    learnt = name_keys(history.name.buffer, history.name.offsets)
    alias = learnt != own[payer]
    names = _table(own, everyone * NAME_KINDS + OWN_NAME)
    return ledger._replace(
        names=_table(learnt[alias], payer[alias] * NAME_KINDS + ALIAS, names),
        accounts=_table(text_keys(history.account.buffer, history.account.offsets), payer),
        virtuals=_table(text_keys(customers.virtual_account.buffer, customers.virtual_account.offsets), everyone),
        numbers=_table(digit_keys(customers.number.buffer, customers.number.offsets), everyone),
    )


def _table(found: Longs, values: Ints, table: hashing.Table | None = None) -> hashing.Table:
    """A table of the keys that are not empty."""
    given = found != 0
    into = hashing.empty(int(given.sum()) // 2) if table is None else table
    return hashing.filled(into, found[given], values[given].astype(np.int32))
