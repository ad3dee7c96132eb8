"""Who paid: customers by virtual account, known account, quoted customer number and name, each with its signs."""

from typing import Final

from kvit.matching.domain.engine import hashing, names
from kvit.matching.domain.engine.codes import (
    ACCOUNT,
    ALIAS,
    NAME,
    NUMBER,
    OF_ACCOUNT,
    OF_ALIAS,
    OF_NAME,
    OF_NUMBER,
    OF_VIRTUAL,
    PAYERS,
    TOKENS,
    VIRTUAL,
    WORDS,
)
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.hashing import Table
from kvit.matching.domain.engine.incoming import MOST_PAYERS, Bench, Incoming, Scratch
from kvit.matching.domain.engine.ledger import ACCOUNTS, NAME_KINDS, NAMES, NUMBERS, OWN_NAME, VIRTUALS, Ledger, salted
from kvit.matching.domain.engine.tokens import JOINED

MOST_OF_ACCOUNT: Final = 1024
MOST_OF_NAME: Final = 512


@compiled
def note_payer(scratch: Scratch, customer: int, sign: int) -> None:
    """Give a customer one more sign of being the payer."""
    bench = scratch.bench
    at = scratch.seen[customer] - bench.stamp[0]
    if at < 0:
        at = bench.counts[PAYERS]
        if at >= MOST_PAYERS:
            return
        scratch.seen[customer] = bench.stamp[0] + at
        bench.payer[at] = customer
        bench.signs[at] = 0
        bench.counts[PAYERS] += 1
    bench.signs[at] |= sign


@compiled
def signs_of(scratch: Scratch, customer: int) -> int:
    """The signs that a customer is the payer; 0 for none."""
    at = scratch.seen[customer] - scratch.bench.stamp[0]
    return scratch.bench.signs[at] if at >= 0 else 0


@compiled
def _all_under(table: Table, key: int, scratch: Scratch, rule: tuple[int, int]) -> int:
    """Note every customer under a key; `rule` is (sign, most): of more than that none is noted. How many there are."""
    sign, most = rule
    head = hashing.find(table, key)
    many = hashing.count(table, head)
    if many == 0 or many > most:
        return many
    customer, at = hashing.first(table, head)
    note_payer(scratch, customer, sign)
    while at >= 0:
        note_payer(scratch, table.nodes[at, 0], sign)
        at = table.nodes[at, 1]
    return many


@compiled
def _all_named(table: Table, key: int, scratch: Scratch) -> None:
    counts = scratch.bench.counts
    head = hashing.find(table, key)
    many = hashing.count(table, head)
    if many == 0 or many > MOST_OF_NAME:
        counts[OF_NAME] = many
        return
    value, at = hashing.first(table, head)
    while True:
        own = value % NAME_KINDS == OWN_NAME
        note_payer(scratch, value // NAME_KINDS, NAME if own else ALIAS)
        counts[OF_NAME if own else OF_ALIAS] += 1
        if at < 0:
            break
        value, at = table.nodes[at, 0], table.nodes[at, 1]


@compiled
def _read_name(incoming: Incoming, row: int, bench: Bench) -> None:
    name = incoming.names
    bench.counts[WORDS] = names.words(name.buffer, name.at[row], name.at[row + 1], bench.word)


@compiled
def gather_payers(ledger: Ledger, incoming: Incoming, row: int, scratch: Scratch) -> None:
    """Note all customers that the payment's accounts and numbers point to, and read the payer's name."""
    bench, tokens, payment = scratch.bench, scratch.tokens, incoming.rows[row]
    bench.stamp[0] += 2 * MOST_PAYERS
    counts = bench.counts
    counts[PAYERS], counts[OF_NAME], counts[OF_ALIAS], counts[OF_NUMBER] = 0, 0, 0, 0
    counts[OF_VIRTUAL], counts[OF_ACCOUNT] = 0, 0
    if payment.to_account != 0:
        key = salted(payment.to_account, VIRTUALS)
        counts[OF_VIRTUAL] = _all_under(ledger.others, key, scratch, (VIRTUAL, 8))
    if payment.payer_account != 0:
        key = salted(payment.payer_account, ACCOUNTS)
        counts[OF_ACCOUNT] = _all_under(ledger.others, key, scratch, (ACCOUNT, MOST_OF_ACCOUNT))
    _read_name(incoming, row, bench)
    for token in range(counts[TOKENS]):
        if not tokens.mark[token] & JOINED and tokens.length[token] <= 12:
            key = salted(tokens.value[token], NUMBERS)
            counts[OF_NUMBER] += _all_under(ledger.others, key, scratch, (NUMBER, 4))


@compiled
def _words_of(ledger: Ledger, bench: Bench, customer: int) -> int:
    """Write the words of a customer's name; how many."""
    row = ledger.customers[customer].row
    return names.words(ledger.names.buffer, ledger.names.at[row], ledger.names.at[row + 1], bench.theirs)


@compiled
def note_name(ledger: Ledger, scratch: Scratch, customer: int) -> None:
    """Give a customer the sign of the name, if it is the payer's, without looking at others of the name."""
    bench = scratch.bench
    theirs = _words_of(ledger, bench, customer)
    mine = names.words_key(bench.word, bench.counts[WORDS])
    if theirs > 0 and names.words_key(bench.theirs, theirs) == mine:
        note_payer(scratch, customer, NAME)


@compiled
def count_named(ledger: Ledger, scratch: Scratch) -> None:
    """Count the customers of the payer's name, without noting them."""
    bench = scratch.bench
    key = salted(names.words_key(bench.word, bench.counts[WORDS]), NAMES)
    bench.counts[OF_NAME] = hashing.count(ledger.others, hashing.find(ledger.others, key))


@compiled
def gather_named(ledger: Ledger, scratch: Scratch) -> None:
    """Note all customers whose name, or a name learnt for them, is the payer's."""
    bench = scratch.bench
    if bench.counts[WORDS] > 0:
        key = salted(names.words_key(bench.word, bench.counts[WORDS]), NAMES)
        _all_named(ledger.others, key, scratch)


@compiled
def likeness(ledger: Ledger, bench: Bench, customer: int) -> int:
    """How near the payer's name is to a customer's, in hundredths."""
    theirs = _words_of(ledger, bench, customer)
    return names.nearness(bench.word, bench.theirs, bench.counts[WORDS], theirs)


@compiled
def agreement(ledger: Ledger, incoming: Incoming, row: int, customer: int, bench: Bench) -> int:
    """Whether the payer is the customer: 3 by account, 2 by name, 1 not known, 0 the account is known as others'."""
    others = False
    payment = incoming.rows[row]
    for which in (VIRTUALS, ACCOUNTS):
        key = payment.to_account if which == VIRTUALS else payment.payer_account
        head = hashing.find(ledger.others, salted(key, which)) if key != 0 else hashing.EMPTY
        if head != hashing.EMPTY:
            if _is_under(ledger.others, head, customer):
                return 3
            others = True
    _read_name(incoming, row, bench)
    if likeness(ledger, bench, customer) >= 80:
        return 2
    return 0 if others else 1


@compiled
def _is_under(table: Table, head: int, customer: int) -> bool:
    value, at = hashing.first(table, head)
    while value != customer and at >= 0:
        value, at = table.nodes[at, 0], table.nodes[at, 1]
    return bool(value == customer)
