"""Amounts, numbers, days and words in the language of one document."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from kvit.documents.domain.wording import Words
from kvit.kernel import figures

_LONGEST_RUN: Final = 28
_RUN: Final = re.compile(rf"[^\s\u200b/-]{{{_LONGEST_RUN + 1},}}")
_PIECE: Final = re.compile(rf".{{1,{_LONGEST_RUN // 2}}}")
BREAK: Final = "\u200b"

# Widths in hundredths of an em, at least what any letter of the group has in the text face's two weights.
_NARROW, _SLIM, _DIGIT, _LOWER, _UPPER, _WIDE, _WIDEST = 33, 38, 52, 57, 68, 88, 104
_WIDTHS: Final = {
    **dict.fromkeys(".,:;'|!iljf\u00a0 ()-\u202f", _NARROW),
    **dict.fromkeys("rt/", _SLIM),
    **dict.fromkeys("0123456789\u2212+–", _DIGIT),
    **dict.fromkeys("mwMW%@&µ¶ßďŉĦŴŵÆæŒœ©¼½¾", _WIDE),
    **dict.fromkeys("—…", _WIDEST),
}
KNOWN: Final = " -~\u00a0-\u00ac\u00ae-\u017e\u0218-\u021b\u202f\u2212–—’”„…€"
"""The letters whose width is known, as a class of a regular expression has them."""
_OF_KNOWN: Final = re.compile(f"[{KNOWN}]*")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one reader."""

    words: Words
    language: str
    currency: str

    def said(self, message: str) -> str:
        """A text of the catalogues; nothing for nothing."""
        return self.words.gettext(message) if message else ""

    def money(self, minor: int, *, bare: bool = False) -> str:
        """An amount of the document's currency."""
        return figures.money_text(minor, self.currency, self.language, bare=bare)

    def number(self, value: Decimal) -> str:
        """A quantity or a rate of exchange."""
        return figures.decimal_text(value, self.language)

    def price(self, value: Decimal) -> str:
        """A price per unit, bare."""
        return figures.price_text(value, self.currency, self.language)

    def percent(self, value: Decimal) -> str:
        """A rate."""
        return figures.percent_text(value, self.language)

    def day(self, day: date) -> str:
        """A day in text, with its month by name."""
        return figures.day_text(day, self.language)

    def short_day(self, day: date) -> str:
        """A day in digits, for tables."""
        return figures.day_text(day, self.language, "short")


@lru_cache(1024)
def breakable(text: str) -> str:
    """The text, with places to break inside of words that no line would hold."""
    if len(text) <= _LONGEST_RUN:
        return text
    return _RUN.sub(lambda run: BREAK.join(_PIECE.findall(run[0])), text)


@lru_cache(4096)
def width_of(text: str) -> int:
    """What a text needs at most, in hundredths of an em."""
    return sum(map(_width, text))


@lru_cache(1024)
def _width(letter: str) -> int:
    return _WIDTHS.get(letter) or (_UPPER if letter.isupper() else _LOWER)


@lru_cache(4096)
def surely_fits(text: str, width: int) -> bool:
    """Whether a text is sure to stand on one line of so many hundredths of an em; if in doubt, it is not."""
    return _OF_KNOWN.fullmatch(text) is not None and width_of(text) <= width
