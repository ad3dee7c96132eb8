"""Sets of one customer's open items whose sum was paid: the quoted ones, all, the oldest, or those that add up."""

import math
from typing import Final

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.codes import (
    BY_SLIP,
    CANDIDATES,
    EXACT_EQUAL,
    FOCUS,
    LISTED_ITEMS,
    MOST_ITEMS,
    PAYERS,
    QUOTED,
)
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.features import feature
from kvit.matching.domain.engine.incoming import MOST_BUCKET, Bench
from kvit.matching.domain.engine.subsets import MOST_AMOUNTS, subsets
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.weighing import Case, put, weigh_rest

_MOST_SEARCHED: Final = 6
_SMALL: Final = 10
_USUAL: Final = 12  # the logarithm of a usual amount in minor units
_SHOWN: Final = 3


@compiled
def fill_bucket(case: Case, customer: int) -> tuple[int, int]:
    """Lay the customer's open items in the payment's currency out, oldest first; how many, how many credit notes."""
    ledger, bench = case.ledger, case.scratch.bench
    currency = case.incoming.rows[case.row].currency
    many, credits, item = 0, 0, ledger.customers[customer].first
    while item >= 0 and many < MOST_BUCKET:
        if ledger.items[item].left != 0 and ledger.items[item].currency == currency:
            bench.bucket[many] = item
            bench.sums[many] = ledger.items[item].left
            credits += ledger.items[item].left < 0
            many += 1
        item = ledger.items[item].next
    return many, credits


@compiled
def note_quoted(bench: Bench) -> None:
    """List the items that are quoted exactly: few, so that asking for one is quick."""
    bench.counts[LISTED_ITEMS] = 0
    for at in range(bench.counts[CANDIDATES]):
        if bench.how[at] <= BY_SLIP:
            bench.quoted[bench.counts[LISTED_ITEMS]] = bench.item[at]
            bench.counts[LISTED_ITEMS] += 1


@compiled
def _is_quoted(case: Case, item: int) -> bool:
    bench = case.scratch.bench
    is_quoted = False
    for at in range(bench.counts[LISTED_ITEMS]):
        is_quoted = is_quoted or bench.quoted[at] == item
    return is_quoted


@compiled
def _twins_outside(case: Case, row: int, many: int) -> int:
    """How many unquoted items of the set have an equal among the customer's open items outside it."""
    bench, mine, ledger = case.scratch.bench, case.scratch.mine, case.ledger
    twins, begin, end = 0, mine.span[row, 0], mine.span[row, 1]
    for other in range(many):
        outside = True
        for at in range(begin, end):
            outside = outside and mine.items[at] != bench.bucket[other]
        for at in range(begin, end if outside else begin):
            item = mine.items[at]
            if ledger.items[item].left == ledger.items[bench.bucket[other]].left and not _is_quoted(case, item):
                twins += 1
                break
    return twins


@compiled
def _weigh_set(case: Case, row: int, kind: tuple[int, int, int], customer: int) -> None:
    """The features of a set; `kind` is (kind, solutions, open items of the customer)."""
    mine, ledger = case.scratch.mine, case.ledger
    how, solutions, is_open = kind
    size, quoted, credits = mine.span[row, 1] - mine.span[row, 0], 0, 0
    for at in range(mine.span[row, 0], mine.span[row, 1]):
        quoted += _is_quoted(case, mine.items[at])
        credits += ledger.items[mine.items[at]].left < 0
    group = f.SET_QUOTED if quoted else f.SET_SILENT
    feature(mine, row, f.AT_HOW + how, 1)
    feature(mine, row, f.AT_RELATION + group * f.RELATIONS + (1 if quoted == size else 0), 1)
    feature(mine, row, f.AT_SOLUTIONS + how, math.log(max(1, solutions)))
    feature(mine, row, f.AT_SIZE + how, math.log(size))
    feature(mine, row, f.AT_OPEN + how, math.log(is_open))
    feature(mine, row, f.AT_MANY + how, min(is_open, 30) / 10)
    twins = _twins_outside(case, row, is_open)
    feature(mine, row, f.AT_SET_TWINS + how, min(twins, 2))
    feature(mine, row, f.AT_SCALE + how, math.log(case.incoming.rows[case.row].amount) - _USUAL)
    mine.facts[row, f.F_EQUALS] = twins + 1
    feature(mine, row, f.AT_CREDITS, min(credits, 1))
    feature(mine, row, f.AT_CREDITS + 1, max(0, min(credits - 1, 3)))
    weigh_rest(case, row, group, customer)
    facts = mine.facts[row]
    facts[f.F_HOW], facts[f.F_SOLUTIONS], facts[f.F_QUOTED], facts[f.F_CREDITS] = how, solutions, quoted, credits


@compiled
def _set_of(case: Case, mask: int, many: int, quoted: int) -> int:
    """Put the quoted items at the front of the bucket and those after them that a mask names down as a hypothesis."""
    bench = case.scratch.bench
    chosen = bench.chosen
    size = quoted
    for at in range(quoted):
        chosen[at] = bench.bucket[at]
    for at in range(min(many - quoted, MOST_AMOUNTS)):
        if (mask >> at) & 1:
            chosen[size] = bench.bucket[quoted + at]
            size += 1
    return put(case.scratch.mine, chosen, size) if size > 1 else -1


@compiled
def whole_sums(case: Case, customer: int, many: int, credits: int) -> None:
    """All open, all debts, all debts and one credit note, the oldest: whichever has the sum paid."""
    bench, amount = case.scratch.bench, case.incoming.rows[case.row].amount
    debts, total, prefix = 0, 0, 0
    for at in range(many):
        total += bench.sums[at]
        if bench.sums[at] > 0:
            debts += bench.sums[at]
            if debts == amount:
                prefix = at + 1
    if total == amount:
        row = put(case.scratch.mine, bench.bucket, many)
        if row >= 0:
            _weigh_set(case, row, (f.ALL_OPEN, 1, many), customer)
    if prefix > 1:
        _debts_only(case, customer, (many, prefix, debts == amount))
    if credits > 1 and total < amount < debts:
        _with_one_credit(case, customer, many, debts - amount)


@compiled
def _debts_only(case: Case, customer: int, what: tuple[int, int, bool]) -> None:
    many, prefix, all_debts = what
    bench, size = case.scratch.bench, 0
    items = bench.chosen
    for at in range(prefix):
        if bench.sums[at] > 0:
            items[size] = bench.bucket[at]
            size += 1
    row = put(case.scratch.mine, items, size) if size > 1 else -1
    if row >= 0:
        _weigh_set(case, row, (f.ALL_DEBTS if all_debts else f.OLDEST, 1, many), customer)


@compiled
def _with_one_credit(case: Case, customer: int, many: int, credit: int) -> None:
    """All debts less the oldest credit note of the right amount."""
    bench = case.scratch.bench
    items, size, taken = bench.chosen, 0, False
    for at in range(many):
        is_it = bench.sums[at] == -credit and not taken
        if bench.sums[at] > 0 or is_it:
            items[size] = bench.bucket[at]
            size += 1
            taken = taken or is_it
    row = put(case.scratch.mine, items, size) if taken and size > 1 else -1
    if row >= 0:
        _weigh_set(case, row, (f.ALL_OPEN, 1, many), customer)


@compiled
def _count_equal(amounts: Longs, many: int, wanted: int) -> int:
    found = 0
    for at in range(many):
        found += 1 if amounts[at] == wanted else 0
    return found


@compiled
def _last_equal(amounts: Longs, many: int, wanted: int) -> int:
    for at in range(many - 1, -1, -1):
        if amounts[at] == wanted:
            return at
    return -1


@compiled
def all_but_few(case: Case, customer: int, many: int) -> None:
    """All open items but one or two, with the number of ways to leave them out."""
    bench, amount = case.scratch.bench, case.incoming.rows[case.row].amount
    spare, ways, one, other = -amount, 0, -1, -1
    for at in range(many):
        spare += bench.sums[at]
    for at in range(many - 1, -1, -1):
        rest = spare - bench.sums[at]
        if rest == 0:
            ways += 1
            one, other = at, at
        here = _count_equal(bench.sums, at, rest)
        ways += here
        if here > 0 and one < 0:
            one, other = at, _last_equal(bench.sums, at, rest)
    size = 0
    for at in range(many):
        if at != one and at != other:
            bench.chosen[size] = bench.bucket[at]
            size += 1
    if ways == 0:
        return
    row = put(case.scratch.mine, bench.chosen, size)
    if row >= 0:
        _weigh_set(case, row, (f.ALL_BUT, ways, many), customer)


@compiled
def _quoted_first(case: Case, many: int) -> tuple[int, int]:
    """Move the quoted items of the bucket to its front, the others keep their order; how many, and their sum."""
    bench = case.scratch.bench
    front, total = 0, 0
    for at in range(many):
        item, amount = bench.bucket[at], bench.sums[at]
        if _is_quoted(case, item):
            for back in range(at, front, -1):
                bench.bucket[back], bench.sums[back] = bench.bucket[back - 1], bench.sums[back - 1]
            bench.bucket[front], bench.sums[front] = item, amount
            front += 1
            total += amount
    return front, total


@compiled
def quoted_sums(case: Case, customer: int, many: int) -> bool:
    """The quoted items alone, or with others that make up the rest. Whether the quoted alone have the sum."""
    bench, amount = case.scratch.bench, case.incoming.rows[case.row].amount
    quoted, total = _quoted_first(case, many)
    if quoted > 1 and total == amount:
        row = put(case.scratch.mine, bench.bucket, quoted)
        if row >= 0:
            _weigh_set(case, row, (f.LISTED, 1, many), customer)
        return True
    rest = min(many - quoted, min(case.rule[MOST_ITEMS], MOST_AMOUNTS))
    if quoted == 0 or rest < 1:
        return False
    solutions = subsets(bench.sums[quoted:], rest, amount - total, case.scratch.halves, bench.masks)
    for at in range(min(solutions, _SHOWN)):
        row = _set_of(case, bench.masks[at], many, quoted)
        if row >= 0:
            _weigh_set(case, row, (f.LISTED_AND_REST, solutions, many), customer)
    return False


@compiled
def any_sums(case: Case, customer: int, many: int) -> None:
    """Whichever items add up to the sum paid, with the number of ways."""
    bench = case.scratch.bench
    amount = case.incoming.rows[case.row].amount
    solutions = subsets(bench.sums, many, amount, case.scratch.halves, bench.masks)
    for at in range(min(solutions, _SHOWN)):
        row = _set_of(case, bench.masks[at], many, 0)
        if row >= 0:
            _weigh_set(case, row, (f.SUM, solutions, many), customer)


@compiled
def sets_of(case: Case, customer: int, search: bool) -> None:
    """All sets of one customer; sums are searched for only if wished and there are few enough items."""
    many, credits = fill_bucket(case, customer)
    if many < 2:
        return
    debts = 0
    for at in range(many):
        debts += max(0, case.scratch.bench.sums[at])
    if debts < case.incoming.rows[case.row].amount:
        return
    whole_sums(case, customer, many, credits)
    if many > 3:
        all_but_few(case, customer, many)
    listed = quoted_sums(case, customer, many)
    if search and not listed and many <= min(case.rule[MOST_ITEMS], MOST_AMOUNTS):
        fill_bucket(case, customer)
        any_sums(case, customer, many)


@compiled
def find_sets(case: Case) -> None:
    """The sets of all payers noted, and of customers whose reference is quoted (these are noted as payers before)."""
    bench, customers = case.scratch.bench, case.ledger.customers
    amount = case.incoming.rows[case.row].amount
    note_quoted(bench)
    payers = bench.counts[PAYERS]
    large = bench.counts[EXACT_EQUAL] == 0
    for at in range(payers):
        customer = bench.payer[at]
        if bench.counts[FOCUS] > 0 and not bench.signs[at] & QUOTED:
            continue
        if customers[customer].open > 1 and customers[customer].debts >= amount:
            few = payers <= _MOST_SEARCHED or customers[customer].open <= _SMALL
            sets_of(case, customer, large and few)
