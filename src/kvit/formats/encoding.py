"""Guesses from its content which code page a foreign text is in: UTF-8, else the one whose letters make sense."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

# What the three countries' banks and book-keeping programs use, the likelier first: a tie keeps the first.
BANK: Final = ("cp1250", "cp852", "iso8859-2", "cp1252")
NORDIC: Final = ("cp437", "cp1252")

_FAMILIAR: Final = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻăâîșțşţĂÂÎȘȚŞŢåäöÅÄÖüßÜéèáÉÁíúőűÍÚŐŰčďěňřšťůýžČĎĚŇŘŠŤŮÝŽæøÆØ")
_QUITE_USUAL: Final = frozenset("§°–—„”’“«»€´`êëïôçñàùÈÊ·…")
_HIGH: Final = re.compile(rb"[A-Za-z]?[\x80-\xff]+[A-Za-z]?")
_SAMPLE: Final = 20_000
# In a text of cases (A, a: ASCII; F, f: foreign; -: neither), foreign letters whose neighbours have the other case.
_UPPER_AMONG_LOWER: Final = re.compile(rb"(?<=[af])F(?=[af-])|(?<=-)F(?=[af])")
_LOWER_AMONG_UPPER: Final = re.compile(rb"(?<=[AF])f(?=[AF-])|(?<=-)f(?=[AF])")


class _Page(NamedTuple):
    """A code page: what each byte is worth as a letter, and its case."""

    worths: tuple[int, ...]
    cases: bytes


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
    runs = b"\n".join((b"", *_HIGH.findall(data)[:_SAMPLE], b""))
    return max(candidates, key=lambda name: _worth(_page(name), runs))


def is_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8, but for a character cut off at its end and for few that were garbled."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        garbled = text.count("\ufffd")
        return garbled * 10 < len(text.encode()) - len(text) - 2 * garbled
    return True


@lru_cache(maxsize=16)
def _page(name: str) -> _Page:
    letters = [bytes((byte,)).decode(name, errors="replace") for byte in range(256)]
    return _Page(tuple(map(_worth_alone, letters)), "".join(map(_case, letters)).encode())


def _worth_alone(c: str) -> int:
    if c.isascii():
        return 0
    if c in _FAMILIAR:
        return 4
    if c in _QUITE_USUAL:
        return 1
    if c.isalpha():
        return -1
    return -4 if c.isprintable() and c != "\ufffd" else -8


def _case(c: str) -> str:
    if c.isupper():
        return "A" if c.isascii() else "F"
    if c.islower():
        return "a" if c.isascii() else "f"
    return "-"


def _worth(page: _Page, runs: bytes) -> int:
    """What runs of foreign bytes, each with an ASCII letter around it and on its own line, are worth on this page."""
    cases = runs.translate(page.cases)
    garbled = 2 * len(_UPPER_AMONG_LOWER.findall(cases)) + len(_LOWER_AMONG_UPPER.findall(cases))
    return sum(page.worths[byte] * times for byte, times in Counter(runs).items()) - garbled
