"""The stable codes of evidence, and how the facts of a decision become codes with parameters."""

from enum import IntEnum
from typing import Final

from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.codes import (
    ACCOUNT,
    ALIAS,
    BY_CUT,
    BY_NOTHING,
    BY_SLIP,
    EQUAL,
    MORE,
    NAME,
    NUMBER,
    VIRTUAL,
)
from kvit.matching.domain.engine.compile import compiled
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.tables import Shorts
from kvit.matching.domain.engine.texts import Longs


class Code(IntEnum):
    """A reason; the comment says what its parameter is. Codes are never given another meaning."""

    REFERENCE_EQUAL = 1  # 1: its check digits fit
    REFERENCE_WITHOUT_CHECK_DIGITS = 2
    INVOICE_NUMBER_EQUAL = 3
    DIGIT_WRONG = 4  # which digit of the number as typed, from 1
    DIGITS_SWAPPED = 5  # which digit
    DIGIT_MISSING = 6  # which digit of the right reference
    DIGIT_TOO_MANY = 7  # which digit
    TWIN_DIGITS_WRONG = 8  # which digit
    DIGITS_JUMPED = 9  # which digit
    DIGIT_MISHEARD = 10  # which digit
    REFERENCE_CUT = 11
    TWO_SLIPS = 12
    THREE_SLIPS = 13
    ALL_QUOTED = 16  # how many items
    QUOTED_AND_REST = 17  # how many are quoted
    ALL_OPEN = 18  # how many items
    ALL_DEBTS = 19  # how many items
    OLDEST_ITEMS = 20  # how many items
    SUM_OF_ITEMS = 21  # how many sets add up
    ALL_BUT_FEW = 22  # how many ways
    AMOUNT_EQUAL = 30
    AMOUNT_SHORT = 31  # minor units too little
    AMOUNT_OVER = 32  # minor units too much
    AMOUNT_PARTIAL = 33  # minor units left open
    AMOUNT_MORE = 34  # minor units too much
    SUM_EQUAL = 35  # how many items
    CREDIT_NOTES_NETTED = 36  # how many
    AMOUNT_RARE = 37  # how many open items have it
    OLDEST_OF_EQUALS = 38  # how many equal debts
    VIRTUAL_ACCOUNT = 40
    ACCOUNT_KNOWN = 41
    NAME_EQUAL = 42
    NAME_LEARNT = 43
    NAME_NEAR = 44  # hundredths
    CUSTOMER_NUMBER_QUOTED = 45
    PAYER_UNKNOWN = 46
    PAYER_KNOWN_AS_OTHER = 47
    PAID_IN_THIS_BATCH = 50  # row of the payment that paid it
    ITEM_CLOSED = 51


class RivalReason(IntEnum):
    """Why the runner-up lost."""

    NO_RIVAL = 0
    AMOUNT_DIFFERS = 1
    WEAKER_REFERENCE = 2
    WEAKER_PAYER = 3
    YOUNGER_DEBT = 4
    LESS_LIKELY = 5


MOST_CODES: Final = 12
_RARE: Final = 3
_NEAR: Final = 50


@compiled
def say(codes: Shorts, parameters: Ints, size: Longs, code: int, parameter: int) -> None:
    """Write one code; parameters beyond 32 bits are cut to the largest that fit."""
    at = size[0]
    codes[at] = code
    parameters[at] = max(-2147483647, min(2147483647, parameter))
    size[0] += 1


@compiled
def say_payer(out: tuple[Shorts, Ints, Longs], signs: int, near: int, elsewhere: int) -> None:
    """Write who the payer is taken for; `elsewhere`: account or name are known as other customers'."""
    codes, parameters, size = out
    before = size[0]
    for sign, code in ((VIRTUAL, 40), (ACCOUNT, 41), (NAME, 42), (ALIAS, 43), (NUMBER, 45)):
        if signs & sign:
            say(codes, parameters, size, code, 0)
    if not signs & (NAME | ALIAS) and near >= _NEAR:
        say(codes, parameters, size, 44, near)
    if size[0] == before:
        say(codes, parameters, size, 47 if elsewhere else 46, 0)


@compiled
def say_single(out: tuple[Shorts, Ints, Longs], facts: Ints) -> None:
    """Write how a single item was met and how the amount stands."""
    codes, parameters, size = out
    how, fit = facts[f.F_HOW], facts[f.F_RELATION]
    if how == 1:
        say(codes, parameters, size, 1, facts[f.F_CHECKED])
    elif how <= BY_SLIP or how >= BY_CUT:
        if how != BY_NOTHING:
            say(codes, parameters, size, how, 0)
    else:
        say(codes, parameters, size, how, facts[f.F_PLACE])
    say(codes, parameters, size, 30 + fit, abs(facts[f.F_DIFFERENCE]) if EQUAL < fit <= MORE else 0)
    if facts[f.F_EQUALS] > 1:
        say(codes, parameters, size, 38, facts[f.F_EQUALS])


@compiled
def say_set(out: tuple[Shorts, Ints, Longs], facts: Ints, many: int) -> None:
    """Write how a set was found and that its sum was paid."""
    codes, parameters, size = out
    how = facts[f.F_HOW]
    parameter = many
    if how == f.LISTED_AND_REST:
        parameter = facts[f.F_QUOTED]
    elif how == f.SUM or how == f.ALL_BUT:
        parameter = facts[f.F_SOLUTIONS]
    say(codes, parameters, size, how, parameter)
    say(codes, parameters, size, 35, many)
    if facts[f.F_CREDITS] > 0:
        say(codes, parameters, size, 36, facts[f.F_CREDITS])
    if facts[f.F_EQUALS] > 1:
        say(codes, parameters, size, 38, facts[f.F_EQUALS])


@compiled
def say_all(out: tuple[Shorts, Ints, Longs], facts: Ints, many: int) -> None:
    """Write all codes of one decision of the slow path."""
    if facts[f.F_HOW] >= f.LISTED:
        say_set(out, facts, many)
    else:
        say_single(out, facts)
    if 0 < facts[f.F_OF_AMOUNT] <= _RARE and many == 1 and facts[f.F_RELATION] == EQUAL:
        say(out[0], out[1], out[2], 37, facts[f.F_OF_AMOUNT])
    say_payer(out, facts[f.F_SIGNS], facts[f.F_NEAR], facts[f.F_ELSEWHERE])


@compiled
def say_plain(out: tuple[Shorts, Ints, Longs], grade: int) -> None:
    """Write the codes of a decision of the fast path, from its class."""
    codes, parameters, size = out
    agreement, checked, kind = grade % 4, grade // 4 % 2, grade // 8
    say(codes, parameters, size, 1 + kind, checked if kind == 0 else 0)
    say(codes, parameters, size, 30, 0)
    say(codes, parameters, size, (47, 46, 44, 41)[agreement], 80 if agreement == 2 else 0)


@compiled
def rival_reason(best: Ints, rival: Ints) -> int:
    """Why a hypothesis lost against a better one."""
    sets = best[f.F_HOW] >= f.LISTED, rival[f.F_HOW] >= f.LISTED
    if rival[f.F_RELATION] != EQUAL and best[f.F_RELATION] == EQUAL and not sets[1]:
        return 1
    if not sets[0] and not sets[1] and rival[f.F_HOW] > best[f.F_HOW]:
        return 2
    if rival[f.F_QUOTED] < best[f.F_QUOTED]:
        return 2
    if rival[f.F_PAYER] > best[f.F_PAYER]:
        return 3
    same = rival[f.F_CUSTOMER] == best[f.F_CUSTOMER] and rival[f.F_RELATION] == best[f.F_RELATION]
    return 4 if same and not sets[0] and not sets[1] else 5
