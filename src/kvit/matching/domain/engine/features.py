"""What speaks for and against a hypothesis, as cells of a table of weights, a few of which each hypothesis has."""

from typing import Final, Protocol

import numpy as np

from kvit.matching.domain.engine.codes import (
    ACCOUNT,
    ALIAS,
    BY_CUT,
    BY_NOTHING,
    BY_REFERENCE,
    BY_SLIP,
    NAME,
    NUMBER,
    VIRTUAL,
)
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.tables import Chances
from kvit.matching.domain.engine.texts import Longs

MOST_HYPOTHESES: Final = 192
MOST_SET_ITEMS: Final = 8192

# Kinds of sets; singles have how they were met, 1 to 15.
LISTED: Final = 16
LISTED_AND_REST: Final = 17
ALL_OPEN: Final = 18
ALL_DEBTS: Final = 19
OLDEST: Final = 20
SUM: Final = 21
ALL_BUT: Final = 22
HOWS: Final = 23

# Groups of ways of having met.
NONE: Final = 0
WHOLE: Final = 1
PART: Final = 2
SLIP: Final = 3
FAR: Final = 4
SET_QUOTED: Final = 5
SET_SILENT: Final = 6
GROUPS: Final = 7

RELATIONS: Final = 5
NEAR_STEPS: Final = 6

# Classes of payers.
BY_VIRTUAL: Final = 0
BY_ACCOUNT: Final = 1
BY_SHARED_ACCOUNT: Final = 2
BY_NAME: Final = 3
BY_ALIAS: Final = 4
NEAR_NAME: Final = 5  # to 8: nearness from 85, 70, 50, 25
UNKNOWN: Final = 9
OTHER_ACCOUNT: Final = 10
OTHER_NAME: Final = 11
PAYER_CLASSES: Final = 12

# Where blocks of cells begin.
AT_HOW: Final = 0
AT_RELATION: Final = AT_HOW + HOWS
AT_PAYER: Final = AT_RELATION + GROUPS * RELATIONS
AT_RARITY: Final = AT_PAYER + GROUPS * PAYER_CLASSES
AT_CROWD: Final = AT_RARITY + GROUPS
AT_NUMBER: Final = AT_CROWD + GROUPS
AT_BOTH: Final = AT_NUMBER + GROUPS
AT_CHECKED: Final = AT_BOTH + GROUPS
AT_STRUCTURED: Final = AT_CHECKED + GROUPS
AT_LENGTH: Final = AT_STRUCTURED + GROUPS
AT_AGE: Final = AT_LENGTH + GROUPS
AT_EQUALS: Final = AT_AGE + 5
AT_LEFT_OUT: Final = AT_EQUALS + GROUPS
AT_SOLUTIONS: Final = AT_LEFT_OUT + GROUPS
AT_SIZE: Final = AT_SOLUTIONS + HOWS
AT_OPEN: Final = AT_SIZE + HOWS
AT_CREDITS: Final = AT_OPEN + HOWS
AT_ROUND: Final = AT_CREDITS + 2
AT_STRANGERS: Final = AT_ROUND + GROUPS
AT_CHANCE: Final = AT_STRANGERS + GROUPS
AT_MANY: Final = AT_CHANCE + GROUPS
AT_TWINS: Final = AT_MANY + HOWS
AT_SET_TWINS: Final = AT_TWINS + 7
AT_SCALE: Final = AT_SET_TWINS + HOWS
AT_STRANGE: Final = AT_SCALE + HOWS
AT_FEW_SIGNS: Final = AT_STRANGE + GROUPS
AT_OTHERS: Final = AT_FEW_SIGNS + GROUPS
AT_ANOTHER: Final = AT_OTHERS + GROUPS
AT_NOTHING: Final = AT_ANOTHER + GROUPS
NOTHINGS: Final = 20
CELLS: Final = AT_NOTHING + NOTHINGS
MOST_CELLS: Final = 36


# Kinds of hypotheses, each of which is calibrated by itself.
KINDS: Final = 16
QUOTING: Final = 0  # a single item quoted, as it is or in part
ONE_SLIP: Final = 1
SLIPS: Final = 2
OF_ACCOUNT: Final = 3  # one silent item of a payer known by account, and with the payer's name only
OF_NAME: Final = 4
TWIN: Final = 5  # one of equal debts; and with the customer's number quoted
TWIN_NUMBERED: Final = 6
ALL_LISTED: Final = 7
LISTED_MORE: Final = 8
WHOLE_ACCOUNT: Final = 9
FIRST_DUE: Final = 10
ADDED_UP: Final = 11
LISTED_TWINS: Final = 12  # sets of which an item has an equal outside
FIRST_TWINS: Final = 13
ADDED_TWINS: Final = 14
OTHER_AMOUNT: Final = 15  # a single silent item whose amount is not paid exactly


class Hypotheses(Protocol):
    """Scratch: what a payment may mean. Row 0 is that it pays nothing known.

    `span[h]` are the start and end of hypothesis h in `items`; `cell` and `value` its features, `cells` how many.
    `facts` are those of `FACTS`. `size` is (hypotheses, items so far).
    """

    span: Longs
    items: Ints
    mark: Longs
    cell: Ints
    value: Chances
    cells: Longs
    facts: Ints
    score: Chances
    size: Longs


# Places in Hypotheses.facts.
F_HOW: Final = 0
F_PLACE: Final = 1
F_TOKEN: Final = 2
F_RELATION: Final = 3
F_PAYER: Final = 4
F_SIGNS: Final = 5
F_NEAR: Final = 6
F_SOLUTIONS: Final = 7
F_QUOTED: Final = 8
F_CREDITS: Final = 9
F_EQUALS: Final = 10
F_CUSTOMER: Final = 11
F_CHECKED: Final = 12
F_OF_AMOUNT: Final = 13
F_DIFFERENCE: Final = 14
F_ELSEWHERE: Final = 15
FACTS: Final = 16


HYPOTHESES: Final = np.dtype(
    [
        ("span", np.int64, (MOST_HYPOTHESES, 2)),
        ("items", np.int32, (MOST_SET_ITEMS,)),
        ("mark", np.int64, (MOST_HYPOTHESES,)),
        ("cell", np.int32, (MOST_HYPOTHESES, MOST_CELLS)),
        ("value", np.float32, (MOST_HYPOTHESES, MOST_CELLS)),
        ("cells", np.int64, (MOST_HYPOTHESES,)),
        ("facts", np.int32, (MOST_HYPOTHESES, FACTS)),
        ("score", np.float32, (MOST_HYPOTHESES,)),
        ("size", np.int64, (2,)),
    ]
)


@compiled
def feature(mine: Hypotheses, row: int, cell: int, value: float) -> None:
    """Give a hypothesis a feature."""
    at = mine.cells[row]
    if at < MOST_CELLS and value != 0:
        mine.cell[row, at] = cell
        mine.value[row, at] = value
        mine.cells[row] += 1


@compiled
def group_of(how: int) -> int:
    """The group of a way of having met a single item."""
    if how == BY_NOTHING:
        return NONE
    if how == BY_REFERENCE:
        return WHOLE
    if how <= BY_SLIP:
        return PART
    return SLIP if how < BY_CUT else FAR


@compiled
def kind_of(facts: Ints) -> int:
    """The kind of a hypothesis, from its facts."""
    how = facts[F_HOW]
    if how >= LISTED:
        return _kind_of_set(how, facts[F_EQUALS] > 1)
    if how != BY_NOTHING:
        return (OTHER_AMOUNT, QUOTING, QUOTING, ONE_SLIP, SLIPS)[group_of(how)]
    if facts[F_EQUALS] > 1:
        return TWIN_NUMBERED if facts[F_SIGNS] & NUMBER else TWIN
    if facts[F_RELATION] != 0:
        return OTHER_AMOUNT
    return OF_ACCOUNT if facts[F_PAYER] <= BY_SHARED_ACCOUNT else OF_NAME


@compiled
def _kind_of_set(how: int, twins: bool) -> int:
    if how == LISTED:
        return ALL_LISTED
    if how == LISTED_AND_REST:
        return LISTED_TWINS if twins else LISTED_MORE
    if how <= ALL_DEBTS:
        return WHOLE_ACCOUNT
    if how == OLDEST:
        return FIRST_TWINS if twins else FIRST_DUE
    return ADDED_TWINS if twins else ADDED_UP


@compiled
def payer_class(signs: int, near: int, others: tuple[int, int, int]) -> int:
    """The class of a customer as payer; `others`: how many customers account, virtual account and name have."""
    if signs & VIRTUAL:
        return BY_VIRTUAL
    if signs & ACCOUNT:
        return BY_ACCOUNT if others[0] == 1 else BY_SHARED_ACCOUNT
    if signs & (NAME | ALIAS):
        return BY_NAME if signs & NAME else BY_ALIAS
    for step in range(4):
        if near >= (85, 70, 50, 25)[step]:
            return NEAR_NAME + step
    if others[0] + others[1] > 0:
        return OTHER_ACCOUNT
    return OTHER_NAME if others[2] > 0 else UNKNOWN


@compiled
def crowd_of(signs: int, counts: tuple[int, int, int]) -> int:
    """Among how many customers the surest sign of the payer leaves it open which one it is."""
    if signs & (VIRTUAL | NUMBER):
        return 1
    if signs & ACCOUNT:
        return max(1, counts[0])
    return max(1, counts[2]) if signs & (NAME | ALIAS) else 1
