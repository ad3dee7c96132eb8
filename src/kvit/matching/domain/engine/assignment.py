"""Give items to payments: never more than is open, the surest first, exactly where few want the same."""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.candidates import relation
from kvit.matching.domain.engine.codes import BY_CUT, BY_NOTHING, EQUAL
from kvit.matching.domain.engine.compile import allocating, compiled
from kvit.matching.domain.engine.fast import PAID, REPEATED, Plain
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.ledger import Journal, Ledger, use
from kvit.matching.domain.engine.ponder import WORTH_SAYING, Proposals, propose_all
from kvit.matching.domain.engine.score import Weights
from kvit.matching.domain.engine.tables import Marks
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.weighing import Case

NONE: Final = 0
SUGGEST: Final = 1
AUTO: Final = 2
DUPLICATE: Final = 3
TO_ACCOUNT: Final = 4

MOST_EXACT: Final = 12
_SURE: Final = 1e-6
_QUOTED: Final = 6.0  # log-odds of any payment that quotes its item, so that of two the first booking wins


class Outcome(NamedTuple):
    """Per payment: the decision, and the closed item that a duplicate or money for the account speaks of (-1: none).

    `paid_by[item]` is the row of the payment that closed it, plus one; 0 for none. `journal` is what was used of items.
    """

    decision: Marks
    about: Ints
    paid_by: Ints
    journal: Journal


def begun(payments: int, items: int, journal: Journal) -> Outcome:
    """An outcome before anything is decided."""
    nobody = np.full(payments, -1, np.int32)
    return Outcome(np.zeros(payments, np.int8), nobody, np.zeros(items, np.int32), journal)


@compiled
def fits(ledger: Ledger, amount: int, rule: Longs, items: Ints, facts: Ints) -> bool:
    """Whether the items are still open as they were when the payment was worked out."""
    if items.size == 1:
        left = ledger.items[items[0]].left
        return bool(left > 0 and (amount <= left or relation(amount, left, rule) == facts[f.F_RELATION]))
    total = 0
    for item in items:
        total += ledger.items[item].left
        if ledger.items[item].left == 0:
            return False
    return bool(total == amount)


@compiled
def take(case: Case, row: int, found: Proposals, outcome: Outcome) -> None:
    """Take the payment's amount from what is open of its items, and note the amounts taken."""
    begin, end = found.span[row, 0], found.span[row, 1]
    for at in range(begin, end):
        item = found.items[at]
        left = case.ledger.items[item].left
        found.amounts[at] = min(left, case.incoming.rows[row].amount) if end - begin == 1 else left
        if use(case.ledger, outcome.journal, item, found.amounts[at]):
            outcome.paid_by[item] = row + 1
    outcome.decision[row] = AUTO


@compiled
def note_plain(plain: Plain, order: Longs, outcome: Outcome) -> None:
    """Write down what the fast path decided, in the order of booking."""
    for row in order:
        item = plain.item[row]
        if plain.state[row] == PAID:
            outcome.decision[row] = AUTO
            outcome.paid_by[item] = row + 1
        elif plain.state[row] == REPEATED:
            outcome.decision[row] = DUPLICATE if outcome.paid_by[item] > 0 else TO_ACCOUNT
            outcome.about[row] = item


@compiled
def _quotes_closed(item: int, row: int, outcome: Outcome) -> None:
    """The money goes to the account of the closed item's customer; what this batch has paid already is a duplicate."""
    outcome.about[row] = item
    outcome.decision[row] = DUPLICATE if outcome.paid_by[item] > 0 else TO_ACCOUNT


@allocating
def commit(case: Case, rows: Longs, found: Proposals, least: float, outcome: Outcome) -> Longs:
    """Take the items of the surest first; the rows whose items had gone by then."""
    ledger = case.ledger
    contested = np.empty(rows.size, np.int64)
    size = 0
    for row in rows:
        items = found.items[found.span[row, 0] : found.span[row, 1]]
        amount = case.incoming.rows[row].amount
        if found.closed[row] >= 0 and found.chance[row, 0] < least:
            _quotes_closed(found.closed[row], row, outcome)
        elif items.size == 0 or found.chance[row, 0] < WORTH_SAYING:
            continue
        elif found.chance[row, 0] < least:
            outcome.decision[row] = SUGGEST
        elif fits(ledger, amount, case.rule, items, found.facts[row]):
            take(case, row, found, outcome)
        else:
            contested[size] = row
            size += 1
    return contested[:size]


@compiled
def gone(case: Case, row: int, found: Proposals, outcome: Outcome) -> bool:
    """Whether the one item that the payment quotes was paid in full by a surer one: then it is a duplicate."""
    item = found.items[found.span[row, 0]]
    single = found.span[row, 1] - found.span[row, 0] == 1
    if single and found.facts[row, f.F_HOW] < BY_CUT and case.ledger.items[item].left == 0:
        outcome.decision[row], outcome.about[row] = DUPLICATE, item
        return True
    return False


@compiled
def take_again(case: Case, row: int, old: Ints, found: Proposals, end: tuple[float, Outcome]) -> None:
    """Decide about a payment that was worked out again; `old` are the facts of what it wanted first.

    The next of equal debts may be paid by itself; anything else asks.
    """
    least, outcome = end
    items = found.items[found.span[row, 0] : found.span[row, 1]]
    if items.size == 0 or found.chance[row, 0] < WORTH_SAYING:
        return
    now = found.facts[row]
    next_twin = items.size == 1 and now[f.F_HOW] == BY_NOTHING and now[f.F_RELATION] == EQUAL
    if next_twin and now[f.F_CUSTOMER] == old[f.F_CUSTOMER] and found.chance[row, 0] >= least:
        take(case, row, found, outcome)
    else:
        outcome.decision[row] = SUGGEST


def rework(case: Case, rows: Longs, weights: Weights, found: Proposals, end: tuple[float, Outcome]) -> None:
    """Work payments out again whose items went to surer ones, in the order given; they are few."""
    for row in rows:
        if not gone(case, row, found, end[1]):
            old = found.facts[row].copy()
            propose_all(case, np.array([row]), 0, weights, found)
            take_again(case, row, old, found, end)


def ranked(rows: Longs, found: Proposals) -> Longs:
    """The rows that quote their one item, as booked: the first booking wins. Then the others, the surest first."""
    steps = np.floor(found.chance[rows, 0] * 1000).astype(np.int64)
    steps[quotes(rows, found)] = 1001
    return rows[np.argsort(-steps, kind="stable")]


def quotes(rows: Longs, found: Proposals) -> npt.NDArray[np.bool_]:
    """Whether the payments quote the one item that they are to pay, if with a slip."""
    how = found.facts[rows, f.F_HOW]
    return (how > 0) & (how < BY_CUT)


def settle(rows: Longs, found: Proposals, left: Longs, amounts: Longs, least: float) -> set[int]:
    """The rows that had better give way, where few sure payments want more of an item than is open; `rows` as booked.

    Of each knot of at most twelve payments those are kept that together are likeliest; larger knots go by confidence.
    """
    sure = rows[found.chance[rows, 0] >= least]
    if len(sure) < 2:
        return set()
    begins, lengths = found.span[sure, 0], found.span[sure, 1] - found.span[sure, 0]
    before = np.cumsum(lengths) - lengths
    claims = found.items[np.arange(lengths.sum()) + np.repeat(begins - before, lengths)]
    claimants = np.repeat(sure, lengths)
    wanted, places, counts = np.unique(claims, return_inverse=True, return_counts=True)
    single = np.repeat(lengths == 1, lengths)
    used = np.where(single, np.minimum(amounts[claimants], left[claims]), left[claims])
    total = np.zeros(len(wanted), np.int64)
    np.add.at(total, places, used)
    crowded = ((counts > 1) & (np.abs(total) > np.abs(left[wanted])))[places]
    groups: dict[int, list[int]] = {}
    for place, row in zip(places[crowded].tolist(), claimants[crowded].tolist(), strict=True):
        groups.setdefault(place, []).append(row)
    return _losers(list(groups.values()), sure[np.isin(sure, claimants[crowded])].tolist(), found)


def _losers(groups: list[list[int]], booked: list[int], found: Proposals) -> set[int]:
    """Rows to give way, when of each group of rows only one can have the item."""
    knots: list[tuple[set[int], list[set[int]]]] = []
    for group in groups:
        rows, sets = set(group), [set(group)]
        for knot in [k for k in knots if k[0] & rows]:
            knots.remove(knot)
            rows, sets = rows | knot[0], sets + knot[1]
        knots.append((rows, sets))
    losers: set[int] = set()
    for rows, sets in knots:
        if len(rows) <= MOST_EXACT:
            losers |= rows - _likeliest([row for row in booked if row in rows], sets, found)
    return losers


def _likeliest(rows: list[int], sets: list[set[int]], found: Proposals) -> set[int]:
    """The rows, at most one of each set, whose confidences multiply to the most against their opposites."""
    quoting = quotes(np.array(rows), found).tolist()
    odds = {
        r: _QUOTED if quoted else _log_odds(float(found.chance[r, 0])) for r, quoted in zip(rows, quoting, strict=True)
    }
    best: tuple[float, list[int]] = (0.0, [])
    for choice in range(1 << len(rows)):
        kept = [row for at, row in enumerate(rows) if choice >> at & 1]
        if all(len(one & set(kept)) <= 1 for one in sets):
            worth = sum(odds[row] for row in kept)
            if worth > best[0]:
                best = (worth, kept)
    return set(best[1])


def _log_odds(chance: float) -> float:
    chance = min(max(chance, _SURE), 1 - _SURE)
    return math.log(chance / (1 - chance))
