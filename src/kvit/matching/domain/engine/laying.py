"""Lays the items of a ledger out: by customer and age without a general sort, as records, and their keys."""

from typing import Any, Final, NamedTuple

import numpy as np

from kvit.matching.domain.engine.compile import allocating, compiled
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.keys import Written, main_number
from kvit.matching.domain.engine.tables import Marks, Shorts
from kvit.matching.domain.engine.texts import Longs

# Gaps of M. Ciura, Best Increments for the Average Case of Shellsort, 2001, and on by 2.25.
_GAPS: Final = np.array((1577, 701, 301, 132, 57, 23, 10, 4, 1), np.int64)


class Columns(NamedTuple):
    """The columns of items from which records are made, in the rows of the input; `owner` by place of the customer."""

    owner: Ints
    amount: Longs
    currency: Shorts
    issued: Ints
    due: Ints
    written: Written


@compiled
def main_numbers(written: Written, numbers: Longs, digits: Marks) -> None:
    """Write the number and the length of every row's reference."""
    for row in range(numbers.size):
        value, length = main_number(written, row)
        numbers[row] = value
        digits[row] = length


@compiled
def _before(columns: Columns, numbers: Longs, one: int, other: int) -> bool:
    """Whether an item is to be paid before another of its customer; of items alike in all the earlier row."""
    if columns.due[one] != columns.due[other]:
        return bool(columns.due[one] < columns.due[other])
    if numbers[one] != numbers[other]:
        return bool(numbers[one] < numbers[other])
    if columns.issued[one] != columns.issued[other]:
        return bool(columns.issued[one] < columns.issued[other])
    return one < other


@compiled
def _sort_by_age(columns: Columns, numbers: Longs, rows: Ints) -> None:
    for gap in _GAPS:
        for end in range(gap, rows.size):
            row, at = rows[end], end
            while at >= gap and _before(columns, numbers, row, rows[at - gap]):
                rows[at] = rows[at - gap]
                at -= gap
            rows[at] = row


@allocating
def by_customer(columns: Columns, numbers: Longs, customers: int) -> Ints:
    """The rows of the items, those of one customer together and the oldest first."""
    begin = np.zeros(customers + 2, np.int64)
    for row in range(columns.owner.size):
        begin[columns.owner[row] + 2] += 1
    for customer in range(customers):
        begin[customer + 2] += begin[customer + 1]
    order = np.empty(columns.owner.size, np.int32)
    for row in range(columns.owner.size):
        owner = columns.owner[row] + 1
        order[begin[owner]] = row
        begin[owner] += 1
    for customer in range(customers):
        if begin[customer + 1] - begin[customer] > 1:
            _sort_by_age(columns, numbers, order[begin[customer] : begin[customer + 1]])
    return order


@compiled
def write_items(columns: Columns, numbers: Longs, digits: Marks, order: Ints, items: Any) -> None:
    """Write a record for each place in the order given."""
    for place in range(order.size):
        row = order[place]
        item = items[place]
        item.amount = item.left = columns.amount[row]
        item.number, item.digits, item.kind = numbers[row], digits[row], columns.written.kinds[row]
        item.customer, item.next = columns.owner[row], -1
        item.due, item.issued, item.currency = columns.due[row], columns.issued[row], columns.currency[row]
