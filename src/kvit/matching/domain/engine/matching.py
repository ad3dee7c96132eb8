"""Match a batch: the fast path, the slow path, assignment, and the decisions with their evidence as columns."""

from typing import Final, NamedTuple

import numpy as np

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.assignment import DUPLICATE, NONE, Outcome, begun, note_plain
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.evidence import MOST_CODES, say, say_all, say_plain
from kvit.matching.domain.engine.fast import OPEN, PAID, SUREST, Plain, take_plain
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.incoming import incoming
from kvit.matching.domain.engine.index import Index
from kvit.matching.domain.engine.ledger import Journal, give_back
from kvit.matching.domain.engine.ponder import Proposals
from kvit.matching.domain.engine.prior import Prior
from kvit.matching.domain.engine.rounds import work_out
from kvit.matching.domain.engine.tables import Chances, Decisions, Payments, Shorts
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.engine.weighing import Case

DEFAULT_PRECISION: Final = 0.9998


class Columns(NamedTuple):
    """The columns of `Decisions` while they are written; `said[0]` is how many codes are written."""

    confidence: Chances
    customer: Ints
    links: Longs
    item: Ints
    amount: Longs
    evidence: Longs
    code: Shorts
    parameter: Ints
    rivals: Longs
    rival: Ints
    rival_confidence: Chances
    rival_reason: Shorts
    said: Longs


def match(
    index: Index,
    payments: Payments,
    *,
    prior: Prior,
    threshold: float | None = None,
    target_precision: float = DEFAULT_PRECISION,
) -> Decisions:
    """Decide about payments, in the order of booking day and row. The index is left as it was.

    Automatic are decisions at least as sure as `threshold`, or as the prior says for the target precision (0 to 1).
    """
    least = prior.threshold(target_precision) if threshold is None else threshold
    rows = incoming(payments)
    order = np.argsort(rows.rows["day"], kind="stable")
    ledger = index.ledger
    case = Case(ledger, rows, 0, index.scratch(), index.rule.numbers())
    many = payments.rows
    plain = Plain(np.zeros(many, np.int8), np.full(many, -1, np.int32), np.zeros(many, np.int32))
    journal = Journal(
        np.empty(many + len(ledger.items), np.int32),
        np.empty(many + len(ledger.items), np.int64),
        np.zeros(1, np.int64),
    )
    outcome = begun(many, len(ledger.items), journal)
    try:
        take_plain(ledger, rows, order, case.scratch, (plain, prior.plain, max(least, SUREST), journal))
        note_plain(plain, order, outcome)
        found = work_out(case, order[plain.state[order] == OPEN], prior.weights, least, outcome)
        columns = _columns(many, len(found.items))
        _write_all(case, plain, found, outcome, (prior.plain, columns))
        del found  # as large as what is copied below
    finally:
        give_back(ledger, journal)
    return _decisions(index, payments, outcome, columns)


def _columns(many: int, items: int) -> Columns:
    return Columns(
        np.zeros(many, np.float32),
        np.full(many, -1, np.int32),
        np.zeros(many + 1, np.int64),
        np.zeros(many + items, np.int32),
        np.zeros(many + items, np.int64),
        np.zeros(many + 1, np.int64),
        np.zeros(many * MOST_CODES, np.int16),
        np.zeros(many * MOST_CODES, np.int32),
        np.zeros(many + 1, np.int64),
        np.zeros(items, np.int32),
        np.zeros(many, np.float32),
        np.zeros(many, np.int16),
        np.zeros(1, np.int64),
    )


@compiled
def _write_all(case: Case, plain: Plain, found: Proposals, outcome: Outcome, into: tuple[Chances, Columns]) -> None:
    """Write the decisions of all payments, row by row."""
    sure, columns = into
    for row in range(outcome.decision.size):
        columns.links[row + 1] = columns.links[row]
        columns.rivals[row + 1] = columns.rivals[row]
        decision = outcome.decision[row]
        if outcome.about[row] >= 0:
            _write_closed(case, outcome, row, columns)
        elif plain.state[row] == PAID:
            _write_plain(case, plain, row, (sure[plain.grade[row]], columns))
        elif decision != NONE:
            _write_found(case, found, row, columns)
        columns.evidence[row + 1] = columns.said[0]


@compiled
def _link(columns: Columns, row: int, item: int, amount: int) -> None:
    at = columns.links[row + 1]
    columns.item[at] = item
    columns.amount[at] = amount
    columns.links[row + 1] += 1


@compiled
def _write_closed(case: Case, outcome: Outcome, row: int, columns: Columns) -> None:
    item = outcome.about[row]
    columns.customer[row] = case.ledger.items[item].customer
    duplicate = outcome.decision[row] == DUPLICATE
    parameter = outcome.paid_by[item] - 1 if duplicate else item
    say(columns.code, columns.parameter, columns.said, 50 if duplicate else 51, parameter)


@compiled
def _write_plain(case: Case, plain: Plain, row: int, into: tuple[float, Columns]) -> None:
    confidence, columns = into
    item = plain.item[row]
    columns.confidence[row] = confidence
    columns.customer[row] = case.ledger.items[item].customer
    _link(columns, row, item, case.incoming.rows[row].amount)
    say_plain((columns.code, columns.parameter, columns.said), plain.grade[row])


@compiled
def _write_found(case: Case, found: Proposals, row: int, columns: Columns) -> None:
    begin, end = found.span[row, 0], found.span[row, 1]
    amount = case.incoming.rows[row].amount
    columns.confidence[row] = found.chance[row, 0]
    facts = found.facts[row]
    columns.customer[row] = facts[f.F_CUSTOMER]
    single = end - begin == 1
    for at in range(begin, end):
        item = found.items[at]
        _link(columns, row, item, min(amount, found.amounts[at]) if single else found.amounts[at])
    say_all((columns.code, columns.parameter, columns.said), facts, end - begin)
    for at in range(found.span[row, 2], found.span[row, 3]):
        columns.rival[columns.rivals[row + 1]] = found.items[at]
        columns.rivals[row + 1] += 1
    if found.span[row, 3] > found.span[row, 2]:
        columns.rival_confidence[row] = found.chance[row, 1]
        columns.rival_reason[row] = found.lost[row]


def _decisions(index: Index, payments: Payments, outcome: Outcome, columns: Columns) -> Decisions:
    """The columns cut to what is written, items as rows of the index's items."""
    links, rivals, said = int(columns.links[-1]), int(columns.rivals[-1]), int(columns.said[0])
    return Decisions(
        payment_id=payments.payment_id,
        decision=outcome.decision,
        confidence=columns.confidence,
        customer=np.where(columns.customer >= 0, index.customer_order[columns.customer], -1).astype(np.int32),
        links=columns.links,
        item=index.order[columns.item[:links]],
        amount_minor=columns.amount[:links].copy(),
        evidence=columns.evidence,
        code=columns.code[:said].copy(),
        parameter=columns.parameter[:said].copy(),
        rivals=columns.rivals,
        rival=index.order[columns.rival[:rivals]],
        rival_confidence=columns.rival_confidence,
        rival_reason=columns.rival_reason,
    )
