"""Guesses from its content which code page a foreign text is in: UTF-8, else the one whose letters make sense."""

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

# What the three countries' banks and book-keeping programs use, the likelier first: a tie keeps the first.
BANK: Final = ("cp1250", "cp852", "iso8859-2", "cp1252")
NORDIC: Final = ("cp437", "cp1252")

_FAMILIAR: Final = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻăâîșțşţĂÂÎȘȚŞŢåäöÅÄÖüßÜéèáÉÁíúőűÍÚŐŰčďěňřšťůýžČĎĚŇŘŠŤŮÝŽæøÆØ")
_QUITE_USUAL: Final = frozenset("§°–—„”’“«»€´`êëïôçñàùÈÊ·…")
_HIGH: Final = re.compile(rb"[A-Za-z]?[\x80-\xff]+[A-Za-z]?")
_SAMPLE: Final = 20_000


def guess(data: bytes, candidates: Iterable[str] = BANK) -> str:
    """The name of the code page `data` is in, as Python's codecs know it.

    ASCII and whatever is valid UTF-8 is "utf-8": no text in a code page of single bytes is valid UTF-8 by
    chance for long. Else the candidate that gives the most letters of the languages met here, in words
    that keep their case; the first of equals. A character cut off at the end of `data` does not count.
    """
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if is_utf8(data):
        return "utf-8"
    runs = _HIGH.findall(data)[:_SAMPLE]
    best, best_score = "", 0
    for name in candidates:
        score = sum(_worth(name, run) for run in runs)
        if not best or score > best_score:
            best, best_score = name, score
    return best


def is_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8, but for a character cut off at its end and for few that were garbled."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        garbled = text.count("\ufffd")
        return garbled * 10 < len(text.encode()) - len(text) - 2 * garbled
    return True


@lru_cache(maxsize=8192)
def _worth(name: str, run: bytes) -> int:
    """What a run of foreign bytes between two ASCII letters is worth when read as `name`."""
    text = run.decode(name, errors="replace")
    worth = 0
    for place, c in enumerate(text):
        if c.isascii():
            continue
        if c in _FAMILIAR:
            worth += 4
        elif c in _QUITE_USUAL:
            worth += 1
        elif c.isalpha():
            worth -= 1
        else:
            worth -= 4 if c.isprintable() and c != "\ufffd" else 8
        neighbours = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
        if c.isupper() and neighbours and neighbours.islower():
            worth -= 2
        elif c.islower() and neighbours and neighbours.isupper():
            worth -= 1
    return worth
