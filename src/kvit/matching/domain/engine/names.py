"""Names of payers and customers: a key that order and legal form do not change, and how near two names are."""

from typing import Final

import numpy as np

from kvit.matching.domain.engine.compile import LONG, compiled
from kvit.matching.domain.engine.hashing import mix
from kvit.matching.domain.engine.texts import Bytes, Longs

COMMA: Final = 44
DOT: Final = 46
MOST_WORDS: Final = 12


def _word_key(word: str) -> int:
    key = 0
    for sign in word:
        key = key << 6 | (ord(sign) & 63)
    return key & 0x7FFF_FFFF_FFFF_FFFF


# Legal forms in Sweden, Poland, Romania, Germany and the commonest elsewhere, as they stand without dots.
_FORMS: Final = """
AB HB KB EF EK EKONOMISK FORENING SP SPZOO SPZ ZOO Z O OO SA SPJ SPK SPOLKA PHU PUH PPHU FHU SRL PFA II IF SC SNC
GMBH AG KG OHG UG EV MBH CO LTD LIMITED LLC INC PLC OY OYJ AS ASA APS BV NV SAS SARL SPA
"""
FORMS: Final = np.array(sorted(_word_key(word) for word in _FORMS.split()), np.int64)


@compiled
def words(buffer: Bytes, start: int, end: int, out: Longs) -> int:
    """Write the words of a name as numbers (6 bits a sign, the last ten count) and give how many there are.

    Dots inside are left out (S.A. is SA), what follows a comma is an address, and legal forms do not count.
    """
    found = 0
    word = LONG(0)
    for place in range(start, end + 1):
        sign = buffer[place] if place < end else COMMA
        if (48 <= sign <= 57) or (65 <= sign <= 90):
            word = ((word << 6) | LONG(sign & 63)) & LONG(0x7FFFFFFFFFFFFFFF)
        elif sign != DOT:
            if word != 0 and found < MOST_WORDS and not _is_form(word):
                out[found] = word
                found += 1
            word = LONG(0)
            if sign == COMMA and place > start:
                break
    return found


@compiled
def _is_form(word: int) -> bool:
    low, high = 0, FORMS.size
    while low < high:
        middle = (low + high) >> 1
        if FORMS[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low < FORMS.size and FORMS[low] == word


@compiled
def words_key(out: Longs, found: int) -> int:
    """One key for the words in any order; 0 for none."""
    key = LONG(0)
    for word in range(found):
        key += mix(out[word])
    return key


@compiled
def name_key(buffer: Bytes, start: int, end: int, out: Longs) -> int:
    """The key of the name between two places; 0 when there is no word in it."""
    return words_key(out, words(buffer, start, end, out))


@compiled
def _signs(word: int) -> int:
    length = 0
    while word:
        word >>= 6
        length += 1
    return length


@compiled
def word_nearness(one: int, other: int) -> int:
    """How near two words are in hundredths: equal 100, one sign lost or changed 85, a beginning 80, else 0."""
    if one == other:
        return 100
    longer, shorter = _signs(one), _signs(other)
    if longer < shorter:
        one, other = other, one
        longer, shorter = shorter, longer
    if shorter >= 1 and (one >> (6 * (longer - shorter))) == other:
        return 80 if shorter >= 3 else 60
    if shorter < 4 or longer - shorter > 1:
        return 0
    return 85 if _one_sign_apart(one, other, longer, shorter) else 0


@compiled
def _one_sign_apart(one: int, other: int, longer: int, shorter: int) -> bool:
    """Whether taking one sign away (or changing one, with equal lengths) makes the words equal; `one` is the longer."""
    for place in range(longer):
        shift = 6 * place
        below = (LONG(1) << shift) - 1
        if longer == shorter:
            hole = ~(LONG(63) << shift)
            if (one & hole) == (other & hole):
                return True
        elif (((one >> (shift + 6)) << shift) | (one & below)) == other:
            return True
    return False


@compiled
def nearness(mine: Longs, theirs: Longs, many: int, few: int) -> int:
    """How near two names are in hundredths: the best partner of each word, over the words of the longer name."""
    if many == 0 or few == 0:
        return 0
    total = 0
    used = 0
    for i in range(many):
        best = 0
        best_at = -1
        for j in range(few):
            if not (used >> j) & 1:
                near = word_nearness(mine[i], theirs[j])
                if near > best:
                    best = near
                    best_at = j
        if best_at >= 0:
            used |= 1 << best_at
            total += best
    return total // max(many, few)
