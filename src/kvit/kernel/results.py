"""What a reader of a foreign file gives back: every input line ends in one of the two lists."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a reader could not take in: where it stands, and why, in plain words.

    `place` is for a person looking at the file ("line 12, field 3", "Ntry[4]/Amt").
    """

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The records a file gave, in the order of the file, and the problems beside them."""

    records: tuple[T, ...]
    problems: tuple[Problem, ...]
