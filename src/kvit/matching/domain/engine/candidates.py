"""Single open items that a payment may pay: by reference, corrected reference, payer, or amount."""

from typing import Final

from kvit.matching.domain.engine import correction, hashing
from kvit.matching.domain.engine.codes import (
    ACCOUNT,
    BY_CUT,
    BY_FAR,
    BY_NOTHING,
    BY_REFERENCE,
    BY_SLIP,
    CANDIDATES,
    CLOSED,
    CORRECTED,
    EQUAL,
    EXACT,
    EXACT_EQUAL,
    FEE,
    FOCUS,
    MORE,
    NEIGHBOURS,
    NUMBER,
    OF_AMOUNT,
    OF_BLOCK,
    OVER,
    PARTIAL,
    PAYERS,
    QUOTED,
    ROUNDS,
    SHORT,
    SHORT_MINOR,
    SHORT_PERMILLE,
    TOKENS,
    VIRTUAL,
    WHO_PAID,
)
from kvit.matching.domain.engine.compile import compiled, inlined
from kvit.matching.domain.engine.hashing import EMPTY
from kvit.matching.domain.engine.incoming import MOST_CANDIDATES, Bench, Incoming, Scratch
from kvit.matching.domain.engine.keys import FULL, KINDS, POWERS
from kvit.matching.domain.engine.ledger import AMOUNTS, Ledger, amount_key, salted
from kvit.matching.domain.engine.payer import count_named, gather_named, likeness, note_name, note_payer, signs_of
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.tokens import CHECKED, UNKNOWN, significant

_MOST_UNDER_KEY: Final = 8
_MOST_OF_AMOUNT: Final = 48
_FEW: Final = 4
_SMALL_BLOCK: Final = 24


@compiled
def relation(paid: int, due: int, rule: Longs) -> int:
    """How an amount paid stands to an amount due, both positive, under the creditor's rule."""
    if paid == due:
        return EQUAL
    if paid < due:
        kept = max(rule[SHORT_MINOR], due * rule[SHORT_PERMILLE] // 1000 + 1)
        return SHORT if due - paid <= kept else PARTIAL
    if paid - due == rule[FEE]:
        return OVER
    rounds = rule[ROUNDS]
    return OVER if rounds > 0 and paid % rounds == 0 and paid - due < rounds else MORE


@compiled
def reach(paid: int, rule: Longs) -> tuple[int, int]:
    """The least and the most due for which an amount paid may be equal, short or over; asked before `relation`."""
    low = min(paid, min(paid - rule[FEE], paid - rule[ROUNDS]))
    if rule[SHORT_PERMILLE] >= 1000:
        return low, 0x7FFF_FFFF_FFFF_FFFF
    return low, max(paid + rule[SHORT_MINOR], (paid + 1) * 1000 // (1000 - rule[SHORT_PERMILLE]) + 1)


@compiled
def meet(bench: Bench, item: int, how: int, place: int, token: int) -> None:
    """Note a candidate, or a surer way of having met it."""
    many = bench.counts[CANDIDATES]
    for at in range(many):
        if bench.item[at] == item:
            if how < bench.how[at]:
                bench.how[at], bench.place[at], bench.token[at] = how, place, token
            return
    if many < MOST_CANDIDATES:
        bench.item[many], bench.how[many], bench.place[many], bench.token[many] = item, how, place, token
        bench.counts[CANDIDATES] += 1


@compiled
def _meet_head(ledger: Ledger, head: int, token: int, scratch: Scratch, wanted: tuple[int, int]) -> None:
    """Note the items under a head of the references that are open in the currency; `wanted` is (amount, currency)."""
    if hashing.count(ledger.references, head) > _MOST_UNDER_KEY:
        return
    value, at = hashing.first(ledger.references, head)
    bench = scratch.bench
    while True:
        item, kind = value // KINDS, value % KINDS
        if ledger.items[item].left == 0:
            if bench.counts[CLOSED] < 0 and kind == FULL:
                bench.counts[CLOSED] = item
        elif ledger.items[item].currency == wanted[1]:
            meet(bench, item, BY_REFERENCE + kind, 0, token)
            bench.counts[EXACT] += 1
            if ledger.items[item].left == wanted[0]:
                bench.counts[EXACT_EQUAL] += 1
        if at < 0:
            break
        value, at = ledger.references.nodes[at, 0], ledger.references.nodes[at, 1]


@compiled
def by_reference(ledger: Ledger, scratch: Scratch, wanted: tuple[int, int]) -> None:
    """Meet every open item whose key is quoted."""
    counts = scratch.bench.counts
    counts[CANDIDATES], counts[EXACT], counts[EXACT_EQUAL], counts[CLOSED] = 0, 0, 0, -1
    counts[CORRECTED], counts[NEIGHBOURS] = 0, 0
    for token in range(counts[TOKENS]):
        head = hashing.find(ledger.references, scratch.tokens.value[token])
        if head == EMPTY:
            scratch.tokens.mark[token] |= UNKNOWN
        else:
            _meet_head(ledger, head, token, scratch, wanted)


@compiled
def by_correction(ledger: Ledger, scratch: Scratch, wanted: tuple[int, int], rule: Longs) -> None:
    """Meet open items one slip away from a quoted number, if the amount fits or the payer is known for them."""
    tokens, bench = scratch.tokens, scratch.bench
    for token in range(bench.counts[TOKENS]):
        length = significant(tokens.value[token])
        if length < 5 or tokens.value[token] < 0:
            continue
        typed = correction.Typed(tokens.value[token], length, ledger.lengths)
        found = correction.neighbours(ledger.references, typed, scratch.found)
        bench.counts[NEIGHBOURS] += found
        for at in range(found):
            head = scratch.found.head[at]
            if hashing.count(ledger.references, head) > 2:
                continue
            value, _ = hashing.first(ledger.references, head)
            item = value // KINDS
            if value % KINDS == FULL and _worth(ledger, scratch, item, wanted, rule):
                meet(bench, item, BY_SLIP + scratch.found.slip[at], scratch.found.place[at], token)
                bench.counts[CORRECTED] += 1


@compiled
def _worth(ledger: Ledger, scratch: Scratch, item: int, wanted: tuple[int, int], rule: Longs) -> bool:
    if ledger.items[item].left <= 0 or ledger.items[item].currency != wanted[1]:
        return False
    return (
        relation(wanted[0], ledger.items[item].left, rule) <= OVER
        or signs_of(scratch, ledger.items[item].customer) != 0
    )


@compiled
def far_from(ledger: Ledger, scratch: Scratch, item: int) -> tuple[int, int]:
    """How an item's reference may have become one of the quoted numbers by two, three slips or by cutting its end.

    Gives (how, token), (BY_NOTHING, -1) for none. Three slips only where nine digits or more are left to agree.
    """
    tokens, bench = scratch.tokens, scratch.bench
    mine = ledger.items[item].digits
    best, best_token = BY_NOTHING, -1
    if mine < 5:
        return best, best_token
    correction.spell(ledger.items[item].number, mine, bench.digits[0])
    for token in range(bench.counts[TOKENS]):
        length = min(tokens.length[token], 19)
        value = tokens.value[token]
        if value < 0 or length < 4 or length > mine + 3 or length < mine - 5:
            continue
        how = BY_NOTHING
        if length < mine and value == ledger.items[item].number // POWERS[mine - length]:
            how = BY_CUT
        else:
            correction.spell(value, length, bench.digits[1])
            most = 3 if mine >= 9 else 2
            apart = correction.distance(bench.digits[0], bench.digits[1], (mine, length), most)
            if apart <= most:
                how = BY_FAR + max(apart, 2)
        if how < best:
            best, best_token = how, token
    return best, best_token


@compiled
def focus(ledger: Ledger, scratch: Scratch, wanted: tuple[int, int], rule: Longs) -> None:
    """Mark the customers known as the payer whose item is quoted, exactly, or with a slip and a fitting amount.

    Where there is one, others are not looked at: this spares the search among all customers of a common name.
    """
    bench = scratch.bench
    bench.counts[FOCUS] = 0
    for at in range(bench.counts[CANDIDATES]):
        item = bench.item[at]
        customer = ledger.items[item].customer
        fits = bench.how[at] <= BY_SLIP or relation(wanted[0], ledger.items[item].left, rule) <= OVER
        if fits and not signs_of(scratch, customer) & WHO_PAID:
            note_name(ledger, scratch, customer)
        if fits and signs_of(scratch, customer) & WHO_PAID:
            note_payer(scratch, customer, QUOTED)
            bench.counts[FOCUS] += 1


@compiled
def amount_head(wanted: tuple[int, int]) -> int:
    """The key of an (amount, currency) among the other things of a ledger."""
    return salted(amount_key(wanted[0], wanted[1]), AMOUNTS)


@compiled
def by_payer(ledger: Ledger, scratch: Scratch, wanted: tuple[int, int], rule: Longs) -> None:
    """Meet open items of the noted payers whose amount fits; of one customer's equal debts the oldest only.

    Few items in all: those with another amount too, if their reference is not far from a quoted number.
    """
    bench = scratch.bench
    payers = bench.counts[PAYERS]
    total = 0
    for at in range(payers):
        total += ledger.customers[bench.payer[at]].open
    bench.counts[OF_BLOCK] = total
    for at in range(payers):
        customer = bench.payer[at]
        if bench.counts[FOCUS] > 0 and not bench.signs[at] & QUOTED:
            continue
        strong = bench.signs[at] & (VIRTUAL | ACCOUNT | NUMBER) != 0
        all_of_them = total <= _SMALL_BLOCK or (strong and ledger.customers[customer].open <= _SMALL_BLOCK)
        _items_of(ledger, scratch, (customer, all_of_them), wanted, rule)


@compiled
def _items_of(ledger: Ledger, scratch: Scratch, who: tuple[int, bool], wanted: tuple[int, int], rule: Longs) -> None:
    item, oldest_met = ledger.customers[who[0]].first, False
    low, high = reach(wanted[0], rule)
    while item >= 0:
        left = ledger.items[item].left
        if left > 0 and ledger.items[item].currency == wanted[1]:
            fits = low <= left <= high and relation(wanted[0], left, rule) <= OVER
            if fits or who[1]:
                how, token = far_from(ledger, scratch, item)
                if how != BY_NOTHING:
                    meet(scratch.bench, item, how, 0, token)
                elif fits and not (oldest_met and left == wanted[0]):
                    meet(scratch.bench, item, BY_NOTHING, 0, -1)
                    oldest_met = oldest_met or left == wanted[0]
        item = ledger.items[item].next


@compiled
def by_amount(ledger: Ledger, scratch: Scratch, wanted: tuple[int, int]) -> None:
    """Meet the items of exactly this amount, if there are few, with a name or a reference that is not far."""
    bench = scratch.bench
    head = hashing.find(ledger.others, amount_head(wanted))
    many = hashing.count(ledger.others, head)
    bench.counts[OF_AMOUNT] = many
    if many == 0 or many > _MOST_OF_AMOUNT:
        return
    item, at = hashing.first(ledger.others, head)
    while True:
        if ledger.items[item].left == wanted[0] and ledger.items[item].currency == wanted[1]:
            _meet_by_amount(ledger, scratch, item, many)
        if at < 0:
            break
        item, at = ledger.others.nodes[at, 0], ledger.others.nodes[at, 1]


@compiled
def _meet_by_amount(ledger: Ledger, scratch: Scratch, item: int, many: int) -> None:
    bench = scratch.bench
    if signs_of(scratch, ledger.items[item].customer) != 0:
        return
    how, token = far_from(ledger, scratch, item)
    if how != BY_NOTHING or many <= _FEW or likeness(ledger, bench, ledger.items[item].customer) >= 50:
        meet(bench, item, how, 0, token)


@compiled
def checked_but_unknown(scratch: Scratch, ledger: Ledger) -> bool:
    """Whether a quoted number has right check digits, is as long as whole references are, and yet is nobody's."""
    tokens = scratch.tokens
    for token in range(scratch.bench.counts[TOKENS]):
        length = tokens.length[token]
        fits_check = tokens.mark[token] & CHECKED and 6 <= length <= 18 and ledger.lengths[length] & 2
        if fits_check and tokens.mark[token] & UNKNOWN:
            return True
    return False


@compiled
def names_another(scratch: Scratch, ledger: Ledger, item: int) -> bool:
    """Whether a number is quoted that is as long as the item's reference, and yet is of no item that is known."""
    tokens = scratch.tokens
    for token in range(scratch.bench.counts[TOKENS]):
        if tokens.mark[token] & UNKNOWN and tokens.length[token] == ledger.items[item].digits:
            return True
    return False


@compiled
def pays_closed(ledger: Ledger, scratch: Scratch) -> bool:
    """Whether the payer is known as the customer of the closed item that is quoted, or as nobody."""
    counts = scratch.bench.counts
    return bool(counts[PAYERS] == 0 or signs_of(scratch, ledger.items[counts[CLOSED]].customer) != 0)


@inlined
def find_candidates(ledger: Ledger, incoming: Incoming, row: int, scratch: Scratch, rule: Longs) -> None:
    """Meet all candidates of a payment whose tokens are read and whose payers by account are noted."""
    wanted = (incoming.rows[row].amount, incoming.rows[row].currency)
    by_reference(ledger, scratch, wanted)
    counts = scratch.bench.counts
    focus(ledger, scratch, wanted, rule)
    if counts[FOCUS] > 0:
        count_named(ledger, scratch)
    else:
        gather_named(ledger, scratch)
        if counts[CLOSED] >= 0 and counts[EXACT] == 0 and pays_closed(ledger, scratch):
            counts[PAYERS] = 0
            return
        if counts[EXACT_EQUAL] == 0 and counts[CLOSED] < 0:
            by_correction(ledger, scratch, wanted, rule)
        focus(ledger, scratch, wanted, rule)
    by_payer(ledger, scratch, wanted, rule)
    if counts[FOCUS] == 0:
        by_amount(ledger, scratch, wanted)
    else:
        counts[OF_AMOUNT] = hashing.count(ledger.others, hashing.find(ledger.others, amount_head(wanted)))
