"""The fast path: one reference that names one open item, with its whole amount in its currency."""

from typing import Final, NamedTuple

from kvit.matching.domain.engine import hashing
from kvit.matching.domain.engine.codes import TOKENS
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.hashing import EMPTY, Ints
from kvit.matching.domain.engine.incoming import Incoming, Scratch
from kvit.matching.domain.engine.keys import FULL, KINDS
from kvit.matching.domain.engine.ledger import Journal, Ledger, use
from kvit.matching.domain.engine.payer import agreement
from kvit.matching.domain.engine.tables import Chances, Marks
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.tokens import CHECKED, STRUCTURED, Tokens, read_tokens

CLASSES: Final = 32
SUREST: Final = 0.999  # what the fast path asks of a class at the least; the slow path looks closer
OPEN: Final = 0
PAID: Final = 1
TAKEN: Final = 2
REPEATED: Final = 3


class Plain(NamedTuple):
    """What the fast path found per payment: `state`, the item and its class (-1: none)."""

    state: Marks
    item: Ints
    grade: Ints


@compiled
def payment_tokens(incoming: Incoming, row: int, tokens: Tokens) -> int:
    """Read the numbers of one payment, the structured field first; how many."""
    field, text = incoming.structured, incoming.text
    found = read_tokens(field.buffer, field.at[row], field.at[row + 1], tokens, (0, STRUCTURED))
    return read_tokens(text.buffer, text.at[row], text.at[row + 1], tokens, (found, 0))


@compiled
def plain_hit(ledger: Ledger, tokens: Tokens, many: int, wanted: tuple[int, int]) -> tuple[int, int]:
    """The only item with the wanted (amount, currency) under a token, and 2 * kind + checked; (-1, 0) if none.

    None also when a whole reference of another item of the same customer is quoted, or a key stands for several items.
    """
    amount, currency = wanted
    best, grade, other = -1, 0, -1
    for token in range(many):
        head = hashing.find(ledger.references, tokens.value[token])
        if head == EMPTY:
            continue
        if head < EMPTY:
            return -1, 0
        item, kind = head // KINDS, head % KINDS
        if ledger.items[item].amount == amount and ledger.items[item].currency == currency:
            if best >= 0 and best != item:
                return -1, 0
            own = 2 * kind + (1 if tokens.mark[token] & CHECKED else 0)
            grade = own if best < 0 else min(grade, own)
            best = item
        elif kind == FULL:
            other = item
    if best >= 0 and other >= 0 and ledger.items[other].customer == ledger.items[best].customer:
        return -1, 0
    return best, grade


@compiled
def take_plain(
    ledger: Ledger, incoming: Incoming, order: Longs, scratch: Scratch, trust: tuple[Plain, Chances, float, Journal]
) -> None:
    """Decide what the fast path can, in order of booking; `trust` is
    (result, confidence of each class, least of them, journal).

    An item paid is closed at once in the ledger, so that a repeat finds it closed.
    """
    plain, confidence, least, journal = trust
    mine = scratch.tokens
    for at in range(order.size):
        row = order[at]
        amount = incoming.rows[row].amount
        scratch.bench.counts[TOKENS] = payment_tokens(incoming, row, mine)
        wanted = (amount, incoming.rows[row].currency)
        item, grade = plain_hit(ledger, mine, scratch.bench.counts[TOKENS], wanted)
        plain.item[row], plain.state[row] = item, OPEN
        if item < 0 or amount <= 0:
            continue
        grade = grade * 4 + agreement(ledger, incoming, row, ledger.items[item].customer, scratch.bench)
        plain.grade[row] = grade
        if confidence[grade] < least:
            continue
        if ledger.items[item].left == amount:
            plain.state[row] = PAID
            use(ledger, journal, item, amount)
        elif ledger.items[item].left == 0:
            plain.state[row] = REPEATED
