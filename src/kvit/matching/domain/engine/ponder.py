"""The slow path: work one payment out, and write what was found to growing columns."""

from typing import Final, NamedTuple

import numpy as np

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.candidates import find_candidates
from kvit.matching.domain.engine.codes import BY_SLIP, CANDIDATES, CLOSED, EXACT, TOKENS
from kvit.matching.domain.engine.compile import compiled, inlined
from kvit.matching.domain.engine.evidence import rival_reason
from kvit.matching.domain.engine.fast import payment_tokens
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.payer import gather_payers, note_payer
from kvit.matching.domain.engine.score import Weights, calibrated, choose
from kvit.matching.domain.engine.sets import find_sets
from kvit.matching.domain.engine.tables import Chances, Shorts
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.weighing import Case, start, weigh_nothing, weigh_single

ROOM: Final = 1100  # items that one payment may need in `Proposals.items`
WORTH_SAYING: Final = 0.02
_MOST_QUOTED: Final = 8


class Proposals(NamedTuple):
    """What the slow path found per payment (by row): two spans of `items`, the better and the runner-up, with what
    was open of each in `amounts`, the facts of the better, and why the other lost (a `RivalReason`).

    `closed` is a closed item whose whole reference is quoted, while no open one is (-1: none).
    `size[0]` is how many items are written.
    """

    span: Ints
    items: Ints
    amounts: Longs
    facts: Ints
    lost: Shorts
    chance: Chances
    closed: Ints
    size: Longs


def proposals(payments: int, items: int) -> Proposals:
    """Room for so many payments and items."""
    return Proposals(
        np.zeros((payments, 4), np.int32),
        np.zeros(items, np.int32),
        np.zeros(items, np.int64),
        np.zeros((payments, f.FACTS), np.int32),
        np.zeros(payments, np.int16),
        np.zeros((payments, 2), np.float32),
        np.full(payments, -1, np.int32),
        np.zeros(1, np.int64),
    )


@compiled
def find_hypotheses(case: Case) -> None:
    """All hypotheses of one payment with their features."""
    bench = case.scratch.bench
    bench.counts[TOKENS] = payment_tokens(case.incoming, case.row, case.scratch.tokens)
    gather_payers(case.ledger, case.incoming, case.row, case.scratch)
    find_candidates(case.ledger, case.incoming, case.row, case.scratch, case.rule)
    start(case.scratch.mine)
    weigh_nothing(case)
    for candidate in range(bench.counts[CANDIDATES]):
        weigh_single(case, candidate)
    quoted = 0
    for candidate in range(bench.counts[CANDIDATES]):
        if bench.how[candidate] < f.LISTED and bench.token[candidate] >= 0 and quoted < _MOST_QUOTED:
            sure = bench.how[candidate] <= BY_SLIP
            note_payer(case.scratch, case.ledger.items[bench.item[candidate]].customer, 0)
            quoted += 1 if sure else 0
    find_sets(case)


@inlined
def propose(case: Case, weights: Weights, out: Proposals) -> None:
    """Find, score and write down the two likeliest hypotheses of one payment."""
    find_hypotheses(case)
    best, second = choose(case.ledger, case.scratch.mine, weights.cells)
    row = case.row
    out.chance[row, 0], out.chance[row, 1] = 0, 0
    out.span[row, :] = out.size[0]
    counts = case.scratch.bench.counts
    out.closed[row] = counts[CLOSED] if counts[EXACT] == 0 else -1
    if best < 0:
        return
    mine = case.scratch.mine
    _write(case, best, out, (0, calibrated(weights, f.kind_of(mine.facts[best]), mine.score[best])))
    for fact in range(f.FACTS):
        out.facts[row, fact] = mine.facts[best, fact]
    if second > 0:
        _write(case, second, out, (1, min(mine.score[second], 1 - mine.score[best])))
        out.lost[row] = rival_reason(mine.facts[best], mine.facts[second])


@compiled
def _write(case: Case, hypothesis: int, out: Proposals, which: tuple[int, float]) -> None:
    mine, row = case.scratch.mine, case.row
    rank, chance = which
    at = out.size[0]
    out.span[row, 2 * rank] = at
    for place in range(mine.span[hypothesis, 0], mine.span[hypothesis, 1]):
        out.items[at] = mine.items[place]
        out.amounts[at] = case.ledger.items[mine.items[place]].left
        at += 1
    out.span[row, 2 * rank + 1] = at
    out.size[0] = at
    out.chance[row, rank] = chance


def with_room(found: Proposals, items: int) -> Proposals:
    """The same proposals with room for so many items more."""
    more = np.zeros(items, np.int32)
    return found._replace(
        items=np.concatenate((found.items, more)), amounts=np.concatenate((found.amounts, more.astype(np.int64)))
    )


@compiled
def propose_all(case: Case, rows: Longs, begin: int, weights: Weights, out: Proposals) -> int:
    """Propose for the payments of `rows` from place `begin` on, while there is room; the place to go on with."""
    for at in range(begin, rows.size):
        if out.size[0] + 2 * ROOM > out.items.size:
            return at
        one = Case(case.ledger, case.incoming, rows[at], case.scratch, case.rule)
        propose(one, weights, out)
    return rows.size
