"""Columns of texts as one buffer of capitals and digits with offsets, the form in which the engine reads them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Longs = npt.NDArray[np.int64]

# Letters that Unicode does not take apart into a base letter and a mark.
_WHOLE: Final = str.maketrans(
    {"ł": "L", "Ł": "L", "ß": "SS", "ø": "O", "Ø": "O", "đ": "D", "Đ": "D", "æ": "AE", "Æ": "AE"}
)


def fold(text: str) -> str:
    """The text in ASCII capitals: marks dropped (Å as A), other signs outside ASCII as a question mark."""
    if text.isascii():
        return text.upper()
    apart = unicodedata.normalize("NFKD", text.translate(_WHOLE))
    bare = apart.translate({ord(c): None for c in set(apart) if unicodedata.combining(c)})
    return bare.upper().encode("ascii", "replace").decode("ascii")


def _all_folded(texts: Sequence[str]) -> list[str]:
    """All at once, by way of a character that none of them holds and that stays as it is."""
    joined = "\0".join(texts)
    if joined.count("\0") != len(texts) - 1:
        return [fold(text) for text in texts]
    return fold(joined).split("\0")


class Column(NamedTuple):
    """Texts as compiled code reads them: text n is `buffer[at[n]:at[n + 1]]`."""

    buffer: Bytes
    at: Longs


@dataclass(frozen=True, slots=True)
class Texts:
    """`buffer[offsets[i]:offsets[i + 1]]` are the bytes of text i; `of` makes them from Python's texts."""

    buffer: Bytes
    offsets: Longs

    def __post_init__(self) -> None:
        if self.offsets.ndim != 1 or not len(self.offsets) or int(self.offsets[-1]) > len(self.buffer):
            raise ValueError("offsets are one more than texts and end inside the buffer")
        # Code is compiled once for arrays that may be written to and once more for those that may not: all may not.
        for name in ("buffer", "offsets"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        return self.buffer[self.offsets[row] : self.offsets[row + 1]].tobytes().decode("ascii", "replace")

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """The folded texts in one buffer, in the order given."""
        folded = _all_folded(texts)
        offsets = np.zeros(len(folded) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, folded), np.int64, len(folded)), out=offsets[1:])
        return cls(np.frombuffer("".join(folded).encode("ascii"), np.uint8), offsets)

    @classmethod
    def ended(cls, texts: bytes) -> "Texts":
        """The same of texts in UTF-8 that each have a NUL behind them, without a Python text for each where it can."""
        if not texts.isascii():
            return cls.of(texts.decode().split("\0")[:-1])
        buffer = np.frombuffer(texts.upper(), np.uint8)
        ends = np.flatnonzero(buffer == 0)
        offsets = np.zeros(len(ends) + 1, np.int64)
        offsets[1:] = ends - np.arange(len(ends))
        return cls(buffer[buffer != 0], offsets)

    @property
    def column(self) -> Column:
        """The texts as compiled code reads them."""
        return Column(self.buffer, self.offsets)

    def take(self, rows: Longs) -> "Texts":
        """The texts of the given rows, in their order."""
        starts, lengths = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        places = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
        return Texts(self.buffer[places], offsets)
