"""Who paid: customers by virtual account, known account, quoted customer number and name, each with its signs."""

from typing import Final

from kvit.matching.domain.engine import hashing, names
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.hashing import Table
from kvit.matching.domain.engine.incoming import MOST_PAYERS, Bench, Incoming
from kvit.matching.domain.engine.ledger import NAME_KINDS, OWN_NAME, Ledger
from kvit.matching.domain.engine.tokens import JOINED, Tokens

VIRTUAL: Final = 1
ACCOUNT: Final = 2
NAME: Final = 4
ALIAS: Final = 8
NUMBER: Final = 16

# Places in Bench.counts.
PAYERS: Final = 0
CANDIDATES: Final = 1
TOKENS: Final = 2
OF_VIRTUAL: Final = 3
OF_ACCOUNT: Final = 4
OF_NAME: Final = 5
OF_ALIAS: Final = 6
OF_NUMBER: Final = 7
WORDS: Final = 8
OF_AMOUNT: Final = 9
EXACT: Final = 10
EXACT_EQUAL: Final = 11
CLOSED: Final = 12
CORRECTED: Final = 13

MOST_OF_ACCOUNT: Final = 1024
MOST_OF_NAME: Final = 512


@compiled
def note_payer(bench: Bench, customer: int, sign: int) -> None:
    """Give a customer one more sign of being the payer."""
    at = bench.seen[customer] - bench.stamp[0]
    if at < 0:
        at = bench.counts[PAYERS]
        if at >= MOST_PAYERS:
            return
        bench.seen[customer] = bench.stamp[0] + at
        bench.payer[at] = customer
        bench.signs[at] = 0
        bench.counts[PAYERS] += 1
    bench.signs[at] |= sign


@compiled
def signs_of(bench: Bench, customer: int) -> int:
    """The signs that a customer is the payer; 0 for none."""
    at = bench.seen[customer] - bench.stamp[0]
    return bench.signs[at] if at >= 0 else 0


@compiled
def _all_under(table: Table, key: int, bench: Bench, rule: tuple[int, int]) -> int:
    """Note every customer under a key; `rule` is (sign, most): under more than that nobody is noted. How many there are."""
    sign, most = rule
    head = hashing.find(table, key)
    many = hashing.count(table, head)
    if many == 0 or many > most:
        return many
    customer, at = hashing.first(table, head)
    note_payer(bench, customer, sign)
    while at >= 0:
        note_payer(bench, table.nodes[at, 0], sign)
        at = table.nodes[at, 1]
    return many


@compiled
def _all_named(table: Table, key: int, bench: Bench) -> None:
    head = hashing.find(table, key)
    many = hashing.count(table, head)
    if many == 0 or many > MOST_OF_NAME:
        bench.counts[OF_NAME] = many
        return
    value, at = hashing.first(table, head)
    while True:
        own = value % NAME_KINDS == OWN_NAME
        note_payer(bench, value // NAME_KINDS, NAME if own else ALIAS)
        bench.counts[OF_NAME if own else OF_ALIAS] += 1
        if at < 0:
            break
        value, at = table.nodes[at, 0], table.nodes[at, 1]


@compiled
def gather_payers(ledger: Ledger, incoming: Incoming, row: int, bench: Bench, tokens: Tokens) -> None:
    """Note all customers that the payment's account, name and numbers point to."""
    bench.stamp[0] += 2 * MOST_PAYERS
    counts = bench.counts
    counts[PAYERS], counts[OF_NAME], counts[OF_ALIAS], counts[OF_NUMBER] = 0, 0, 0, 0
    counts[OF_VIRTUAL], counts[OF_ACCOUNT] = 0, 0
    if incoming.to_account[row] != 0:
        counts[OF_VIRTUAL] = _all_under(ledger.virtuals, incoming.to_account[row], bench, (VIRTUAL, 8))
    if incoming.payer_account[row] != 0:
        account = incoming.payer_account[row]
        counts[OF_ACCOUNT] = _all_under(ledger.accounts, account, bench, (ACCOUNT, MOST_OF_ACCOUNT))
    found = names.words(incoming.names, incoming.name_at[row], incoming.name_at[row + 1], bench.word)
    counts[WORDS] = found
    if found:
        _all_named(ledger.names, names.words_key(bench.word, found), bench)
    for token in range(counts[TOKENS]):
        if not tokens.mark[token] & JOINED and tokens.length[token] <= 12:
            counts[OF_NUMBER] += _all_under(ledger.numbers, tokens.value[token], bench, (NUMBER, 4))


@compiled
def likeness(ledger: Ledger, bench: Bench, customer: int) -> int:
    """How near the payer's name is to a customer's, in hundredths."""
    start, end = ledger.name_at[customer], ledger.name_at[customer + 1]
    theirs = names.words(ledger.name_buffer, start, end, bench.theirs)
    return names.nearness(bench.word, bench.theirs, bench.counts[WORDS], theirs)


@compiled
def agreement(ledger: Ledger, incoming: Incoming, row: int, customer: int, bench: Bench) -> int:
    """Whether the payer is the customer: 3 by account, 2 by name, 1 not known, 0 the account is known as others'."""
    others = False
    for which in range(2):
        key = incoming.to_account[row] if which == 0 else incoming.payer_account[row]
        head = hashing.find(ledger.virtuals if which == 0 else ledger.accounts, key) if key != 0 else hashing.EMPTY
        if head != hashing.EMPTY:
            if _is_under(ledger.virtuals if which == 0 else ledger.accounts, head, customer):
                return 3
            others = True
    bench.counts[WORDS] = names.words(incoming.names, incoming.name_at[row], incoming.name_at[row + 1], bench.word)
    if likeness(ledger, bench, customer) >= 80:
        return 2
    return 0 if others else 1


@compiled
def _is_under(table: Table, head: int, customer: int) -> bool:
    value, at = hashing.first(table, head)
    while value != customer and at >= 0:
        value, at = table.nodes[at, 0], table.nodes[at, 1]
    return bool(value == customer)
