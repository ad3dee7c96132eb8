"""The index of open items: built from columns, kept up to date item by item."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from kvit.kernel.refusals import DomainError
from kvit.matching.domain.engine import hashing, keys
from kvit.matching.domain.engine.hashing import Ints, Parted
from kvit.matching.domain.engine.incoming import Scratch, scratch
from kvit.matching.domain.engine.laying import Columns, by_customer, main_numbers, write_items
from kvit.matching.domain.engine.ledger import (
    ACCOUNTS,
    ALIAS,
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
    leave,
    name_keys,
    note_lengths,
    salt_all,
    text_keys,
    turns,
)
from kvit.matching.domain.engine.tables import CreditorRule, Customers, Items, PayerHistory, positions
from kvit.matching.domain.engine.texts import Longs

_STRETCH: Final = 65_536  # lines of payer history whose keys are made at once: all at once weigh as much as a table


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
    _scratch: Scratch | None = field(default=None, repr=False)

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
        columns = _columns(items, owner)
        rows, order = _item_rows(columns, customers.rows)
        ledger = Ledger(
            items=rows,
            customers=_everyone(customers, customer_order),
            names=customers.name.column,
            references=hashing.empty(0),
            others=hashing.empty(0),
            lengths=np.zeros(keys.MOST_DIGITS + 2, np.int8),
        )
        chain(ledger)
        ledger = ledger._replace(references=hashing.built(_references(ledger, columns, order)))
        known = own[customer_order], rank, payer
        ledger = ledger._replace(others=hashing.built(_others(ledger, customers, history, known)))
        return cls(ledger, rule or CreditorRule(), order, items.item_id, customers.customer, customer_order)

    def add(self, items: Items) -> None:
        """Put further items in; their customers are known already. Refuses `ColumnsDiffer`."""
        rank = np.empty(len(self.customer_order), np.int32)
        rank[self.customer_order] = np.arange(len(rank))
        owner = rank[positions(self.customer_ids, items.customer, what="an item")]
        begin, columns = len(self.ledger.items), _columns(items, owner)
        rows, order = _item_rows(columns, len(rank))
        ledger = self.ledger._replace(items=np.concatenate((self.ledger.items, rows)))
        keyed = _references(ledger, columns, order, begin)
        priced = _amounts(ledger, begin)
        self.ledger = ledger._replace(
            references=hashing.filled(ledger.references, keyed.keys, keyed.values),
            others=hashing.filled(ledger.others, *priced),
        )
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

    def scratch(self) -> Scratch:
        """Room to work on one payment after the other; made once: a single payment takes hardly longer than that."""
        if self._scratch is None:
            self._scratch = scratch(len(self.ledger.customers))
        return self._scratch

    def bytes_held(self) -> int:
        """The memory of the index beside the texts of the input, in bytes."""
        total = self.order.nbytes
        for name, part in self.ledger._asdict().items():
            if name != "names":
                total += sum(a.nbytes for a in part) if isinstance(part, tuple) else part.nbytes
        return int(total)

    def _leave(self, item_id: int, left_minor: int) -> None:
        leave(self.ledger, self._place(item_id), left_minor)

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


def _columns(items: Items, owner: Ints) -> Columns:
    """The items' columns as compiled code reads them."""
    return Columns(
        owner,
        items.amount_minor.astype(np.int64, copy=False),
        items.currency.astype(np.int16, copy=False),
        items.issue_day.astype(np.int32, copy=False),
        items.due_day.astype(np.int32, copy=False),
        written_of(items),
    )


def _item_rows(columns: Columns, customers: int) -> tuple[npt.NDArray[Any], Ints]:
    """Records by customer, so that those of one name lie side by side, then oldest first; and which rows they are."""
    many = len(columns.owner)
    numbers, digits = np.empty(many, np.int64), np.empty(many, np.int8)
    main_numbers(columns.written, numbers, digits)
    order = by_customer(columns, turns(numbers, digits, columns.written.kinds), customers)
    rows = np.empty(many, ITEM)
    write_items(columns, numbers, digits, order, rows)
    return rows, order


def _everyone(customers: Customers, customer_order: Ints) -> npt.NDArray[Any]:
    everyone = np.zeros(customers.rows, CUSTOMER)
    everyone["first"] = NOBODY
    everyone["row"] = customer_order
    return everyone


def _references(ledger: Ledger, columns: Columns, order: Ints, begin: int = 0) -> Parted:
    """The keys of the items from place `begin` on; the lengths of their numbers are noted in the ledger."""
    room = len(order) * keys.MOST_KEYS
    found, values = hashing.pages(room, np.int64), hashing.pages(room, np.int32)
    places = np.empty(len(order), np.int32)
    places[order] = np.arange(begin, begin + len(order))
    total = keys.all_keys(columns.written, places, found, values)
    note_lengths(found[:total], ledger.lengths)
    return hashing.parted(found[:total], values[:total])


def _amounts(ledger: Ledger, begin: int = 0) -> tuple[Longs, Ints]:
    """The amounts of the items from place `begin` on, as keys of `Ledger.others`, and the places."""
    found, values = np.empty(len(ledger.items) - begin, np.int64), np.empty(len(ledger.items) - begin, np.int32)
    return _cut(found, values, amount_keys(ledger.items, begin, found, values))


def _others(ledger: Ledger, customers: Customers, history: PayerHistory, known: tuple[Longs, Ints, Ints]) -> Parted:
    """All but references: items by amount, customers by name, names learnt, account, virtual account and number.

    `known` is the key of each customer's name by place, the places of the customers, and of the payers in the history.
    """
    own, rank, _ = known
    room = len(ledger.items) + 3 * customers.rows + 2 * history.rows
    into = hashing.pages(room, np.int64), hashing.pages(room, np.int32)
    size = amount_keys(ledger.items, 0, *into)
    size = salt_all((own, np.arange(len(own), dtype=np.int32) * NAME_KINDS + OWN_NAME), NAMES, into, size)
    for begin in range(0, history.rows, _STRETCH):
        size = _learnt(ledger, history, known, slice(begin, begin + _STRETCH), (into, size))
    virtual, number = customers.virtual_account, customers.number
    size = salt_all((text_keys(virtual.buffer, virtual.offsets), rank), VIRTUALS, into, size)
    size = salt_all((digit_keys(number.buffer, number.offsets), rank), NUMBERS, into, size)
    return hashing.parted(*_cut(*into, size))


def _learnt(
    ledger: Ledger,
    history: PayerHistory,
    known: tuple[Longs, Ints, Ints],
    part: slice,
    out: tuple[tuple[Longs, Ints], int],
) -> int:
    """The keys of a stretch of the history: names that are not the customer's own, and accounts; how many now."""
    own, _, payers = known
    into, size = out
    payer, bounds = payers[part], slice(part.start, part.stop + 1)
    learnt = name_keys(history.name.buffer, history.name.offsets[bounds])
    account = text_keys(history.account.buffer, history.account.offsets[bounds])
    ledger.customers["known"][payer[(learnt == own[payer]) & (account != 0)]] = 1
    learnt[learnt == own[payer]] = 0
    size = salt_all((learnt, payer * NAME_KINDS + ALIAS), NAMES, into, size)
    return int(salt_all((account, payer), ACCOUNTS, into, size))


def _cut(found: Longs, values: Ints, size: int) -> tuple[Longs, Ints]:
    return found[:size], values[:size]
