"""The open items and customers as compiled code sees them: arrays in an order that keeps one payer's items together."""

from typing import Any, Final, NamedTuple

import numpy as np

from kvit.matching.domain.engine.compile import LONG, allocating, compiled
from kvit.matching.domain.engine.hashing import Ints, Table, mix, text_key
from kvit.matching.domain.engine.keys import POWERS, RF, digits_value
from kvit.matching.domain.engine.names import MOST_WORDS, name_key
from kvit.matching.domain.engine.tables import Marks
from kvit.matching.domain.engine.texts import Bytes, Column, Longs

NOBODY: Final = -1
OWN_NAME: Final = 0
ALIAS: Final = 1
NAME_KINDS: Final = 2


ITEM: Final = np.dtype(
    [
        ("amount", np.int64),
        ("left", np.int64),
        ("number", np.int64),
        ("customer", np.int32),
        ("due", np.int32),
        ("issued", np.int32),
        ("next", np.int32),
        ("currency", np.int16),
        ("kind", np.int8),
        ("digits", np.int8),
    ]
)
CUSTOMER: Final = np.dtype(
    [("first", np.int32), ("open", np.int32), ("debts", np.int64), ("row", np.int32), ("known", np.int8)]
)

# Which things are found under a key of `Ledger.others`: the key times 8 and one of these.
AMOUNTS: Final = 0
ACCOUNTS: Final = 1
VIRTUALS: Final = 2
NUMBERS: Final = 3
NAMES: Final = 4


class Ledger(NamedTuple):
    """Items and customers by place, with the tables that find them.

    Of `items`, `amount` is what an item was put in with and `left` what is open of it (0: closed); `next` chains a
    customer's items from `first`, oldest due first; `number` and `digits` are the reference as a number and its length.
    Customers lie in the order of their names' keys, so that those of one name are neighbours; `row` is where a name
    stands in `names`, `known` tells whether the history holds an account in the customer's own name, `open` counts the
    items that are, and `debts` is what is open of them, credit notes left out, whatever the currency. `references`
    gives item * 4 + kind of key; `others` gives items by amount, customers by account, virtual account and number, and
    customer * 2 + alias by name. `lengths[n]` tells whether keys of n digits exist, with bit 1 for those without Luhn's
    digit and bit 2 for those with it.
    """

    items: Any
    customers: Any
    names: Column
    references: Table
    others: Table
    lengths: Marks


@compiled
def salted(key: int, which: int) -> int:
    """The key under which one kind of thing is found in `Ledger.others`."""
    return LONG(key) * LONG(8) + LONG(which)


@compiled
def amount_key(amount: int, currency: int) -> int:
    """The key of an amount in a currency."""
    return mix(amount * 1021 + currency)


@compiled
def amount_keys(items: Any, begin: int, found: Longs, values: Ints) -> int:
    """Write the keys of the items' amounts from place `begin` on, as in `Ledger.others`, and their places; how many."""
    size = 0
    for item in range(begin, items.size):
        key = salted(amount_key(items[item].amount, items[item].currency), AMOUNTS)
        if key != 0:
            found[size], values[size] = key, item
            size += 1
    return size


@compiled
def salt_all(keyed: tuple[Longs, Ints], which: int, out: tuple[Longs, Ints], size: int) -> int:
    """Write keys of one kind of thing, as in `Ledger.others`, with their values, but not empty keys; how many now."""
    keys, values = keyed
    for row in range(keys.size):
        if keys[row] != 0:
            out[0][size], out[1][size] = salted(keys[row], which), values[row]
            size += 1
    return size


@allocating
def text_keys(buffer: Bytes, offsets: Longs) -> Longs:
    """The keys of accounts and the like: letters and digits count, blanks and other signs do not."""
    keys = np.empty(offsets.size - 1, np.int64)
    for row in range(keys.size):
        keys[row] = text_key(buffer, offsets[row], offsets[row + 1])
    return keys


@allocating
def digit_keys(buffer: Bytes, offsets: Longs) -> Longs:
    """The digits of each text as a number; 0 for none."""
    keys = np.empty(offsets.size - 1, np.int64)
    for row in range(keys.size):
        keys[row] = digits_value(buffer, offsets[row], offsets[row + 1])[0]
    return keys


@allocating
def name_keys(buffer: Bytes, offsets: Longs) -> Longs:
    """The keys of names, whatever the order of their words."""
    out = np.empty(MOST_WORDS, np.int64)
    keys = np.empty(offsets.size - 1, np.int64)
    for row in range(keys.size):
        keys[row] = name_key(buffer, offsets[row], offsets[row + 1], out)
    return keys


@compiled
def chain(ledger: Ledger) -> None:
    """Chain items that are sorted by customer and age; first items and counts of the customers are written."""
    items, customers = ledger.items, ledger.customers
    for item in range(items.size - 1, -1, -1):
        owner = items[item].customer
        items[item].next = customers[owner].first
        customers[owner].first = item
        customers[owner].open += 1
        customers[owner].debts += max(0, items[item].left)


@compiled
def turn(number: int, digits: int, kind: int) -> int:
    """A reference as a number that grows from invoice to invoice: of RF without the check digits in front."""
    if kind != RF or digits < 3:
        return number
    return int(number % POWERS[digits - 2])


@allocating
def turns(numbers: Longs, digits: Marks, kinds: Marks) -> Longs:
    """The turns of all references."""
    found = np.empty(numbers.size, np.int64)
    for row in range(numbers.size):
        found[row] = turn(numbers[row], digits[row], kinds[row])
    return found


@compiled
def older(ledger: Ledger, one: int, other: int) -> bool:
    """Whether one item is to be paid before the other: due first, then the smaller reference, then issued first."""
    mine, theirs = ledger.items[one], ledger.items[other]
    if mine.due != theirs.due:
        return bool(mine.due < theirs.due)
    one_turn, other_turn = turn(mine.number, mine.digits, mine.kind), turn(theirs.number, theirs.digits, theirs.kind)
    if one_turn != other_turn:
        return bool(one_turn < other_turn)
    return bool(mine.issued < theirs.issued)


@compiled
def chain_one(ledger: Ledger, item: int) -> None:
    """Put an item that was added into its customer's chain, in order of age."""
    items = ledger.items
    owner = items[item].customer
    before, at = NOBODY, ledger.customers[owner].first
    while at >= 0 and not older(ledger, item, at):
        before, at = at, items[at].next
    items[item].next = at
    if before < 0:
        ledger.customers[owner].first = item
    else:
        items[before].next = item
    ledger.customers[owner].open += 1
    ledger.customers[owner].debts += max(0, items[item].left)


@compiled
def leave(ledger: Ledger, item: int, left: int) -> None:
    """Write what is open of an item, and with it what its customer owes."""
    before, owner = ledger.items[item].left, ledger.items[item].customer
    ledger.items[item].left = left
    ledger.customers[owner].debts += max(0, left) - max(0, before)
    if (before == 0) != (left == 0):
        ledger.customers[owner].open += 1 if before == 0 else -1


@compiled
def leave_each(ledger: Ledger, places: Ints, left: Longs) -> None:
    """The same for many items, by their places."""
    for row in range(places.size):
        leave(ledger, places[row], left[row])


class Journal(NamedTuple):
    """What a batch has used of which items, so that it can be given back; `size[0]` entries."""

    item: Ints
    used: Longs
    size: Longs


@compiled
def use(ledger: Ledger, journal: Journal, item: int, used: int) -> bool:
    """Take an amount from what is open of an item; whether that closes it."""
    left = ledger.items[item].left - used
    leave(ledger, item, left)
    journal.item[journal.size[0]] = item
    journal.used[journal.size[0]] = used
    journal.size[0] += 1
    return bool(left == 0)


@compiled
def give_back(ledger: Ledger, journal: Journal) -> None:
    """Leave the ledger as it was before anything in the journal was used."""
    for at in range(journal.size[0] - 1, -1, -1):
        item = journal.item[at]
        leave(ledger, item, ledger.items[item].left + journal.used[at])
    journal.size[0] = 0


@compiled
def note_lengths(keys: Longs, lengths: Marks) -> None:
    """Note of which lengths there are keys, and whether all of a length carry Luhn's digit."""
    for row in range(keys.size):
        value, length, total, doubled = keys[row], 1, 0, False
        while length < POWERS.size and value >= POWERS[length]:
            length += 1
        if value < 0 or lengths[length] == 3:
            continue
        while value > 0:
            digit = value % 10
            value //= 10
            if doubled:
                digit = digit * 2 - 9 if digit > 4 else digit * 2
            total += digit
            doubled = not doubled
        lengths[length] |= 2 if total % 10 == 0 else 1
