"""Put hypotheses down with their features: single items, sets, and that a payment pays nothing known."""

import math
from typing import Final, NamedTuple

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine import hashing
from kvit.matching.domain.engine.candidates import checked_but_unknown, names_another, relation
from kvit.matching.domain.engine.codes import (
    ACCOUNT,
    BY_NOTHING,
    BY_SLIP,
    CANDIDATES,
    CLOSED,
    CORRECTED,
    EQUAL,
    EXACT,
    EXACT_EQUAL,
    NAME,
    NEIGHBOURS,
    NUMBER,
    OF_ACCOUNT,
    OF_ALIAS,
    OF_AMOUNT,
    OF_BLOCK,
    OF_NAME,
    OF_NUMBER,
    OF_VIRTUAL,
    PARTIAL,
    PAYERS,
    TOKENS,
    VIRTUAL,
)
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.features import MOST_HYPOTHESES, MOST_SET_ITEMS, Hypotheses, feature
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.incoming import Incoming, Scratch
from kvit.matching.domain.engine.ledger import Ledger
from kvit.matching.domain.engine.payer import likeness, signs_of
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.tokens import CHECKED, STRUCTURED

_WHOLE_HUNDREDS: Final = 100
_LEAST_CHANCE: Final = 1e-5


class Case(NamedTuple):
    """One payment being worked out: the ledger, the payments, its row, the scratch, the rule."""

    ledger: Ledger
    incoming: Incoming
    row: int
    scratch: Scratch
    rule: Longs


@compiled
def start(mine: Hypotheses) -> None:
    """Begin with no hypothesis."""
    mine.size[0], mine.size[1] = 0, 0


@compiled
def put(mine: Hypotheses, items: Ints, many: int) -> int:
    """Put a set of items down as a new hypothesis; its row, or -1 when it is there already or there is no room."""
    row, begin = mine.size[0], mine.size[1]
    if row >= MOST_HYPOTHESES or begin + many > MOST_SET_ITEMS:
        return -1
    mark = 0
    for at in range(many):
        mark += hashing.mix(items[at] + 1)
    for known in range(row):
        if mine.mark[known] == mark:
            return -1
    for at in range(many):
        mine.items[begin + at] = items[at]
    mine.span[row, 0], mine.span[row, 1] = begin, begin + many
    mine.mark[row] = mark
    mine.cells[row] = 0
    mine.facts[row, :] = 0
    mine.size[0] += 1
    mine.size[1] += many
    return row


@compiled
def weigh_nothing(case: Case) -> None:
    """Hypothesis 0: the payment pays nothing that is open here, and what speaks for that."""
    mine, counts = case.scratch.mine, case.scratch.bench.counts
    row = put(mine, case.scratch.bench.bucket, 0)
    known = counts[OF_VIRTUAL] + counts[OF_ACCOUNT]
    at = f.AT_NOTHING
    feature(mine, row, at, 1)
    feature(mine, row, at + 1, 1 if counts[OF_VIRTUAL] > 0 else 0)
    feature(mine, row, at + 2, 1 if counts[OF_ACCOUNT] > 0 else 0)
    feature(mine, row, at + 3, 1 if known == 0 and counts[OF_NAME] + counts[OF_ALIAS] > 0 else 0)
    feature(mine, row, at + 4, math.log1p(counts[OF_NAME]))
    feature(mine, row, at + 5, 1 if counts[EXACT] > 0 else 0)
    feature(mine, row, at + 6, 1 if counts[EXACT_EQUAL] > 0 else 0)
    feature(mine, row, at + 7, 1 if checked_but_unknown(case.scratch, case.ledger) else 0)
    feature(mine, row, at + 8, 1 if counts[TOKENS] == 0 else 0)
    feature(mine, row, at + 9, math.log1p(counts[OF_AMOUNT]))
    feature(mine, row, at + 10, math.log1p(counts[CORRECTED]))
    feature(mine, row, at + 11, 1 if counts[CLOSED] >= 0 else 0)
    feature(mine, row, at + 12, 1 if counts[OF_NUMBER] > 0 else 0)
    feature(mine, row, at + 13, 1 if counts[OF_AMOUNT] == 0 else 0)
    feature(mine, row, at + 14, 1 if counts[PAYERS] == 0 else 0)
    feature(mine, row, at + 15, math.log(_LEAST_CHANCE + expected(case, f.NONE)) - math.log(_LEAST_CHANCE))
    feature(mine, row, at + 16, math.log(_LEAST_CHANCE + expected(case, f.SLIP)) - math.log(_LEAST_CHANCE))
    feature(mine, row, at + 17, 1 if counts[TOKENS] == 0 and known > 0 else 0)
    feature(mine, row, at + 18, min(counts[TOKENS], 6))


@compiled
def weigh_payer(case: Case, row: int, group: int, customer: int) -> None:
    """The features of whose items these are."""
    bench, mine = case.scratch.bench, case.scratch.mine
    counts, signs = bench.counts, signs_of(case.scratch, customer)
    near = likeness(case.ledger, bench, customer)
    named = counts[OF_NAME] + counts[OF_ALIAS]
    kind = f.payer_class(signs, near, (counts[OF_ACCOUNT], counts[OF_VIRTUAL], named))
    crowd = f.crowd_of(signs, (counts[OF_ACCOUNT], counts[OF_VIRTUAL], named))
    feature(mine, row, f.AT_PAYER + group * f.PAYER_CLASSES + kind, 1)
    feature(mine, row, f.AT_CROWD + group, math.log(crowd))
    feature(mine, row, f.AT_NUMBER + group, 1 if signs & NUMBER else 0)
    feature(mine, row, f.AT_BOTH + group, near / 100 if signs & (VIRTUAL | ACCOUNT) else 0)
    if not signs & (VIRTUAL | ACCOUNT):
        _weigh_account(case, row, group, customer)
    facts = mine.facts[row]
    facts[f.F_OF_AMOUNT] = counts[OF_AMOUNT]
    said = signs | NAME if near == 100 else signs  # the name of a payer known by account is not looked up
    facts[f.F_PAYER], facts[f.F_SIGNS], facts[f.F_NEAR], facts[f.F_CUSTOMER] = kind, said, near, customer
    # Whatever the class, which a name only a little alike is enough for: here speaks only who is known elsewhere.
    facts[f.F_ELSEWHERE] = 1 if counts[OF_ACCOUNT] + counts[OF_VIRTUAL] + named > 0 else 0


@compiled
def _weigh_account(case: Case, row: int, group: int, customer: int) -> None:
    """What an account says that is not known as the customer's: another of theirs is known, or it is others'."""
    mine, counts = case.scratch.mine, case.scratch.bench.counts
    given = case.incoming.rows[case.row].payer_account != 0
    known = case.ledger.customers[customer].known != 0
    feature(mine, row, f.AT_STRANGE + group, 1 if given and known else 0)
    feature(mine, row, f.AT_FEW_SIGNS + group, 0 if given else 1)
    feature(mine, row, f.AT_OTHERS + group, 1 if counts[OF_ACCOUNT] > 0 else 0)


@compiled
def expected(case: Case, group: int) -> float:
    """How many items of exactly this amount chance would put among those that the search looked at."""
    counts = case.scratch.bench.counts
    share = counts[OF_AMOUNT] / max(1, case.ledger.items.size)
    if group == f.SLIP:
        return share * counts[NEIGHBOURS]
    return share * counts[OF_BLOCK]


@compiled
def weigh_rarity(case: Case, row: int, group: int) -> None:
    """The features of the amount paid: how many open items have it, whether it is round."""
    counts = case.scratch.bench.counts
    feature(case.scratch.mine, row, f.AT_RARITY + group, math.log1p(counts[OF_AMOUNT]))
    chance = expected(case, group)
    feature(case.scratch.mine, row, f.AT_CHANCE + group, math.log(_LEAST_CHANCE + chance) - math.log(_LEAST_CHANCE))
    is_round = case.incoming.rows[case.row].amount % _WHOLE_HUNDREDS == 0
    feature(case.scratch.mine, row, f.AT_ROUND + group, 1 if is_round else 0)


@compiled
def _weigh_reference(case: Case, row: int, candidate: int, group: int) -> None:
    bench, tokens, mine = case.scratch.bench, case.scratch.tokens, case.scratch.mine
    token, how = bench.token[candidate], bench.how[candidate]
    feature(mine, row, f.AT_HOW + how, 1)
    if token >= 0:
        mark = tokens.mark[token]
        feature(mine, row, f.AT_CHECKED + group, 1 if mark & CHECKED else 0)
        mine.facts[row, f.F_CHECKED] = 1 if mark & CHECKED else 0
        feature(mine, row, f.AT_STRUCTURED + group, 1 if mark & STRUCTURED else 0)
        feature(mine, row, f.AT_LENGTH + group, (min(tokens.length[token], 14) - 9) / 4)
    facts = mine.facts[row]
    facts[f.F_HOW], facts[f.F_PLACE], facts[f.F_TOKEN] = how, bench.place[candidate], token


@compiled
def _weigh_age(case: Case, row: int, item: int) -> None:
    day = case.incoming.rows[case.row].day
    late = day - case.ledger.items[item].due
    feature(case.scratch.mine, row, f.AT_AGE, 1 if day < case.ledger.items[item].issued else 0)
    feature(case.scratch.mine, row, f.AT_AGE + 1, max(-1, min(1, late / 30)))
    feature(case.scratch.mine, row, f.AT_AGE + 2, 1 if late < -15 else 0)
    feature(case.scratch.mine, row, f.AT_AGE + 3, 1 if late > 45 else 0)


@compiled
def _equals(case: Case, item: int) -> int:
    """How many open items of the same customer have the same amount left, itself included."""
    ledger = case.ledger
    many, at = 0, ledger.customers[ledger.items[item].customer].first
    left = ledger.items[item].left
    while at >= 0:
        many += ledger.items[at].left == left
        at = ledger.items[at].next
    return many


@compiled
def _weigh_twins(case: Case, row: int, group: int, equals: int) -> None:
    """The oldest of equal debts is a rule of allocation: how sure it is depends on what else the payment says."""
    bench, mine = case.scratch.bench, case.scratch.mine
    feature(mine, row, f.AT_TWINS + (0 if group == f.NONE else 1), 1)
    if group != f.NONE:
        return
    feature(mine, row, f.AT_TWINS + 2, 1 if equals > 2 else 0)
    feature(mine, row, f.AT_TWINS + 3, 1 if bench.counts[TOKENS] > 0 else 0)
    feature(mine, row, f.AT_TWINS + 4, 1 if bench.counts[OF_NUMBER] > 0 else 0)
    structured = bench.counts[TOKENS] > 0 and case.scratch.tokens.mark[0] & STRUCTURED
    feature(mine, row, f.AT_TWINS + 5, 1 if structured else 0)
    bare = bench.counts[OF_NUMBER] > 0 and not _has_letters(case)
    feature(mine, row, f.AT_TWINS + 6, 1 if bare else 0)


@compiled
def _has_letters(case: Case) -> bool:
    """Whether the payment's text has words beside numbers."""
    text, letters = case.incoming.text, 0
    for place in range(text.at[case.row], text.at[case.row + 1]):
        letters += 65 <= text.buffer[place] <= 90
    return letters > 0


@compiled
def _left_out(case: Case, customer: int, within: tuple[int, int]) -> tuple[int, int]:
    """How many items quoted exactly are not in the set: of the customer, of others; `within` is (hypothesis, -1)."""
    bench, mine = case.scratch.bench, case.scratch.mine
    same, others = 0, 0
    for at in range(bench.counts[CANDIDATES]):
        if bench.how[at] > BY_SLIP:
            continue
        inside = False
        for place in range(mine.span[within[0], 0], mine.span[within[0], 1]):
            inside = inside or mine.items[place] == bench.item[at]
        if not inside:
            if case.ledger.items[bench.item[at]].customer == customer:
                same += 1
            else:
                others += 1
    return same, others


@compiled
def weigh_rest(case: Case, row: int, group: int, customer: int) -> None:
    """What every hypothesis has: its payer, the rarity of the amount, and the quoted items it leaves out."""
    weigh_payer(case, row, group, customer)
    weigh_rarity(case, row, group)
    same, others = _left_out(case, customer, (row, -1))
    feature(case.scratch.mine, row, f.AT_LEFT_OUT + group, min(same, 3))
    feature(case.scratch.mine, row, f.AT_STRANGERS + group, min(others, 3))
    first = case.scratch.mine.items[case.scratch.mine.span[row, 0]]
    feature(case.scratch.mine, row, f.AT_ANOTHER + group, 1 if names_another(case.scratch, case.ledger, first) else 0)


@compiled
def weigh_single(case: Case, candidate: int) -> None:
    """Put a candidate down as a hypothesis of its own, unless nothing is open of it or it is a credit note."""
    bench, mine, ledger = case.scratch.bench, case.scratch.mine, case.ledger
    item = bench.item[candidate]
    if ledger.items[item].left <= 0:
        return
    row = put(mine, bench.item[candidate : candidate + 1], 1)
    if row < 0:
        return
    group = f.group_of(bench.how[candidate])
    fit = relation(case.incoming.rows[case.row].amount, ledger.items[item].left, case.rule)
    _weigh_reference(case, row, candidate, group)
    feature(mine, row, f.AT_RELATION + group * f.RELATIONS + fit, 1)
    weigh_rest(case, row, group, ledger.items[item].customer)
    _weigh_age(case, row, item)
    equals = _equals(case, item) if fit == EQUAL else 1
    feature(mine, row, f.AT_EQUALS + group, math.log(max(1, equals)))
    if equals > 1:
        _weigh_twins(case, row, group, equals)
    difference = case.incoming.rows[case.row].amount - ledger.items[item].left
    mine.facts[row, f.F_DIFFERENCE] = max(-2147483647, min(2147483647, difference))
    mine.facts[row, f.F_RELATION], mine.facts[row, f.F_EQUALS] = fit, equals
    mine.facts[row, f.F_QUOTED] = 1 if bench.how[candidate] <= BY_SLIP else 0
    if fit == PARTIAL and bench.how[candidate] == BY_NOTHING:
        feature(mine, row, f.AT_AGE + 4, 1)
