"""The index of open items: built from columns, kept up to date item by item."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from kvit.kernel.refusals import DomainError
from kvit.matching.domain.engine import hashing, keys
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.ledger import (
    ACCOUNTS,
    ALIAS,
    AMOUNTS,
    CUSTOMER,
    ITEM,
    NAME_KINDS,
    NAMES,
    NOBODY,
    NUMBERS,
    OWN_NAME,
    VIRTUALS,
    Ledger,
    amount_keys,
    chain,
    chain_one,
    digit_keys,
    main_numbers,
    name_keys,
    note_lengths,
    text_keys,
    turns,
)
from kvit.matching.domain.engine.tables import CreditorRule, Customers, Items, PayerHistory, positions
from kvit.matching.domain.engine.texts import Longs


class UnknownItem(DomainError):
    """No item with this id is in the index."""

    code: ClassVar[str] = "matching.unknown_item"


@dataclass
class Index:
    """Open items ready to be matched. `order[n]` is the row of the item that stands at place n of the ledger.

    `customer_order` is the same for customers.
    """

    ledger: Ledger
    rule: CreditorRule
    order: Ints
    item_ids: Longs
    customer_ids: Longs
    customer_order: Ints
    _places: dict[int, int] | None = field(default=None, repr=False)

    @classmethod
    def build(
        cls, items: Items, customers: Customers, history: PayerHistory, *, rule: CreditorRule | None = None
    ) -> "Index":
        """The index of these items. Refuses `ColumnsDiffer` for a customer that is not among the customers."""
        own = name_keys(customers.name.buffer, customers.name.offsets)
        customer_order = np.argsort(own, kind="stable").astype(np.int32)
        rank = np.empty(customers.rows, np.int32)
        rank[customer_order] = np.arange(customers.rows)
        owner = rank[positions(customers.customer, items.customer, what="an item")]
        payer = rank[positions(customers.customer, history.customer, what="a line of payer history")]
        order = _order(items, owner)
        ledger = _tables(_columns(items, customers, (owner, customer_order), order), items, order)
        ledger = _payers(ledger, customers, history, (own, rank, payer))
        return cls(ledger, rule or CreditorRule(), order, items.item_id, customers.customer, customer_order)

    def add(self, items: Items) -> None:
        """Put further items in; their customers are known already. Refuses `ColumnsDiffer`."""
        rank = np.empty(len(self.customer_order), np.int32)
        rank[self.customer_order] = np.arange(len(rank))
        owner = rank[positions(self.customer_ids, items.customer, what="an item")]
        begin = len(self.ledger.items)
        order = np.arange(items.rows, dtype=np.int32)
        joined = np.concatenate((self.ledger.items, _item_rows(items, owner, order)))
        self.ledger = _tables(self.ledger._replace(items=joined), items, order, begin=begin)
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
        amount = int(self.ledger.items["amount"][self._place(item_id)])
        self._leave(item_id, amount if left_minor is None else left_minor)

    def left_minor(self, item_id: int) -> int:
        """What is open of an item."""
        return int(self.ledger.items["left"][self._place(item_id)])

    def bytes_held(self) -> int:
        """The memory of the index beside the texts of the input, in bytes."""
        total = self.order.nbytes
        for name, part in self.ledger._asdict().items():
            if name != "names":
                total += sum(a.nbytes for a in part) if isinstance(part, tuple) else part.nbytes
        return int(total)

    def _leave(self, item_id: int, left_minor: int) -> None:
        item = self.ledger.items[self._place(item_id)]
        was_open, is_open = item["left"] != 0, left_minor != 0
        item["left"] = left_minor
        self.ledger.customers[item["customer"]]["open"] += int(is_open) - int(was_open)

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


def _order(items: Items, owner: Ints) -> Ints:
    """Items by customer, so that those of one name lie side by side, then oldest first."""
    numbers, digits = np.empty(items.rows, np.int64), np.empty(items.rows, np.int8)
    main_numbers(written_of(items), numbers, digits)
    numbers = turns(numbers, digits, items.reference_kind.astype(np.int8))
    due = items.due_day.astype(np.int64)
    age = due - (int(due.min()) if len(due) else 0)
    together = owner.astype(np.int64) << 24 | np.minimum(age, (1 << 24) - 1)
    return np.lexsort((items.issue_day, numbers, together)).astype(np.int32)


def _item_rows(items: Items, owner: Ints, order: Ints) -> npt.NDArray[Any]:
    numbers, digits = np.empty(items.rows, np.int64), np.empty(items.rows, np.int8)
    main_numbers(written_of(items), numbers, digits)
    rows = np.zeros(items.rows, ITEM)
    rows["amount"] = rows["left"] = items.amount_minor[order]
    rows["number"], rows["digits"] = numbers[order], digits[order]
    rows["customer"], rows["next"] = owner[order], NOBODY
    rows["due"], rows["issued"] = items.due_day[order], items.issue_day[order]
    rows["currency"], rows["kind"] = items.currency[order], items.reference_kind[order]
    return rows


def _columns(items: Items, customers: Customers, owned: tuple[Ints, Ints], order: Ints) -> Ledger:
    owner, customer_order = owned
    everyone = np.zeros(customers.rows, CUSTOMER)
    everyone["first"] = NOBODY
    everyone["name"][:, 0] = customers.name.offsets[:-1][customer_order]
    everyone["name"][:, 1] = customers.name.offsets[1:][customer_order]
    ledger = Ledger(
        items=_item_rows(items, owner, order),
        customers=everyone,
        names=customers.name.buffer,
        references=hashing.empty(items.rows * 2),
        others=hashing.empty(items.rows // 4 + customers.rows * 2),
        lengths=np.zeros(keys.MOST_DIGITS + 2, np.int8),
    )
    chain(ledger)
    return ledger


def _tables(ledger: Ledger, items: Items, order: Ints, begin: int = 0) -> Ledger:
    """The tables of references and amounts with the items from place `begin` on."""
    found, values = np.empty(len(order) * 6, np.int64), np.empty(len(order) * 6, np.int32)
    places = np.empty(len(order), np.int32)
    places[order] = np.arange(begin, begin + len(order))
    total = keys.all_keys(written_of(items), places, found, values)
    note_lengths(found[:total], ledger.lengths)
    by_amount = amount_keys(items.amount_minor, items.currency)
    return ledger._replace(
        references=hashing.filled(ledger.references, found[:total], values[:total]),
        others=_with(ledger.others, by_amount, places, AMOUNTS),
    )


def _payers(ledger: Ledger, customers: Customers, history: PayerHistory, keyed: tuple[Longs, Ints, Ints]) -> Ledger:
    own, rank, payer = keyed
    by_name = np.argsort(rank)
    learnt = name_keys(history.name.buffer, history.name.offsets)
    alias = learnt != own[by_name][payer]
    account = text_keys(history.account.buffer, history.account.offsets)
    ledger.customers["known"][payer[~alias & (account != 0)]] = 1
    virtual = text_keys(customers.virtual_account.buffer, customers.virtual_account.offsets)
    others = _with(ledger.others, own[by_name], rank[by_name] * NAME_KINDS + OWN_NAME, NAMES)
    others = _with(others, learnt[alias], payer[alias] * NAME_KINDS + ALIAS, NAMES)
    others = _with(others, account, payer, ACCOUNTS)
    others = _with(others, virtual, rank, VIRTUALS)
    others = _with(others, digit_keys(customers.number.buffer, customers.number.offsets), rank, NUMBERS)
    return ledger._replace(others=others)


def _with(table: hashing.Table, found: Longs, values: Ints, which: int) -> hashing.Table:
    """The table with the keys that are not empty, as one kind of thing."""
    given = found != 0
    return hashing.filled(table, found[given] * 8 + which, values[given].astype(np.int32))
