"""The slow path in two rounds: payments that quote what they pay, then the others, from what those have left open."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.assignment import Outcome, commit, quotes, ranked, rework, settle
from kvit.matching.domain.engine.codes import PAYERS, TOKENS
from kvit.matching.domain.engine.compile import allocating, compiled
from kvit.matching.domain.engine.fast import payment_tokens
from kvit.matching.domain.engine.payer import gather_named, gather_payers
from kvit.matching.domain.engine.ponder import ROOM, Proposals, proposals, propose_all, with_room
from kvit.matching.domain.engine.score import Weights
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.weighing import Case

Flags = npt.NDArray[np.bool_]


class Round(NamedTuple):
    """What a round found: proposals, the rows left for the next, and those whose items went to surer ones.

    `begin` is how much of the journal was written before it.
    """

    found: Proposals
    left: Longs
    contested: Longs
    begin: int


def first_round(case: Case, rows: Longs, weights: Weights, least: float, outcome: Outcome) -> Round:
    """Work `rows` (as booked) out, and take the items of those that quote them and are sure."""
    found = proposals(len(outcome.decision), len(rows) * 4 + 4 * ROOM)
    found = _proposed(case, rows, weights, found)
    quoting = quotes(rows, found) | (found.facts[rows, f.F_QUOTED] > 0)
    sure, begin = quoting & (found.chance[rows, 0] >= least), int(outcome.journal.size[0])
    return Round(found, rows[~sure], _committed(case, rows[sure], found, least, outcome), begin)


def second_round(case: Case, before: Round, weights: Weights, least: float, outcome: Outcome) -> Round:
    """Decide about the rows left; those not sure, or whose customer's items were taken, are worked out anew."""
    found, rows = before.found, before.left
    taken = outcome.journal.item[before.begin : outcome.journal.size[0]]
    if len(rows) and len(taken):  # else nothing has changed for anybody
        touched = np.zeros(len(case.ledger.customers), bool)
        touched[case.ledger.items["customer"][taken]] = True
        again = rows[_worth_again(case, rows, found, (touched, least))]
        found = _proposed(case, again, weights, with_room(found, len(again) * 4 + 4 * ROOM))
    contested = _committed(case, rows, found, least, outcome)
    return Round(found, rows[:0], np.concatenate((before.contested, contested)), before.begin)


def work_out(case: Case, rows: Longs, weights: Weights, least: float, outcome: Outcome) -> Proposals:
    """Both rounds; payments whose items went to surer ones are worked out once more at the end."""
    done = second_round(case, first_round(case, rows, weights, least, outcome), weights, least, outcome)
    found, contested = done.found, done.contested
    if len(contested):
        found = with_room(found, 2 * ROOM * (len(contested) + 1))
        contested = np.sort(contested)
        in_order = contested[np.argsort(case.incoming.rows["day"][contested], kind="stable")]
        rework(case, in_order, weights, found, (least, outcome))
    return found


def _proposed(case: Case, rows: Longs, weights: Weights, found: Proposals) -> Proposals:
    done = 0
    while (done := propose_all(case, rows, done, weights, found)) < len(rows):
        found = with_room(found, len(found.items))
    return found


def _committed(case: Case, rows: Longs, found: Proposals, least: float, outcome: Outcome) -> Longs:
    """Commit `rows` (as booked), the surest first; those whose items had gone by then."""
    if not len(rows):
        return rows
    give_way = settle(rows, found, case.ledger.items["left"], case.incoming.rows["amount"], least)
    last = np.isin(rows, np.array(sorted(give_way), np.int64))
    in_turn = np.concatenate((ranked(rows[~last], found), ranked(rows[last], found)))
    return commit(case, in_turn, found, least, outcome)


@allocating
def _worth_again(case: Case, rows: Longs, found: Proposals, what: tuple[Flags, float]) -> Flags:
    """Whether an item was taken of a customer who may be the payer; `what` is (customers touched, least confidence)."""
    touched, least = what
    again = np.zeros(rows.size, np.bool_)
    for at in range(rows.size):
        row = rows[at]
        if found.span[row, 1] > found.span[row, 0] and touched[found.facts[row, f.F_CUSTOMER]]:
            again[at] = True
        elif found.chance[row, 0] < least:
            again[at] = _payer_touched(case, row, touched)
    return again


@compiled
def _payer_touched(case: Case, row: int, touched: Flags) -> bool:
    bench = case.scratch.bench
    bench.counts[TOKENS] = payment_tokens(case.incoming, row, case.scratch.tokens)
    gather_payers(case.ledger, case.incoming, row, case.scratch)
    gather_named(case.ledger, case.scratch)
    any_of_them = False
    for at in range(bench.counts[PAYERS]):
        any_of_them = any_of_them or touched[bench.payer[at]]
    return any_of_them
