"""Signs that the text face has not: the archive's PDF takes none without a shape (ISO 19005-3, 6.2.11.8)."""

import re
import unicodedata
from functools import cache
from typing import Any, Final

import font_source_sans_pro

from kvit.documents.domain.pieces import BREAK

MARK: Final = "•"
_VARIATION: Final = "VARIATION SELECTOR"
_WEIGHTS: Final = ("Regular", "Semibold")
_NOT_SEEN: Final = frozenset({"Sk", "Cf", "Cn", "Co", "Me"})
"""What changes the picture before it, joins two, or means nothing to anybody else; `BREAK` is for the compiler."""
_SEVERAL: Final = re.compile(rf"{MARK}(?:\s*{MARK})+")


def replaced(value: Any) -> Any:
    """The same texts, lists and mappings with what the face has in place of the pictures it has not.

    A Roman numeral of one letter becomes letters, a degree Celsius a degree and a C: what Unicode calls compatible. A
    picture becomes a bullet, several beside each other one. Letters, figures and amounts of money that the face has
    not stay: what they say would be lost.
    """
    if isinstance(value, str):
        return value if value.isascii() else _spelled(value)
    if isinstance(value, dict):
        return {name: replaced(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(each) for each in value]
    return value


def _spelled(text: str) -> str:
    known = _known()
    if all(ord(letter) in known for letter in text):
        return text
    return _SEVERAL.sub(MARK, "".join(letter if ord(letter) in known else _like(letter, known) for letter in text))


def _like(letter: str, known: frozenset[int]) -> str:
    compatible = unicodedata.normalize("NFKC", letter)
    if compatible != letter and all(ord(each) in known for each in compatible):
        return compatible
    kind = unicodedata.category(letter)
    if kind == "So":
        return MARK
    is_left_out = (kind in _NOT_SEEN and letter != BREAK) or unicodedata.name(letter, "").startswith(_VARIATION)
    return "" if is_left_out else letter


@cache
def _known() -> frozenset[int]:
    """The letters that both weights have a shape for."""
    from fontTools.ttLib import TTFont  # by who needs it: few documents do

    found = []
    for weight in _WEIGHTS:
        with TTFont(f"{font_source_sans_pro.font_directory}/SourceSansPro-{weight}.ttf", lazy=True) as face:
            found.append(frozenset(face.getBestCmap()))
    return frozenset.intersection(*found)
