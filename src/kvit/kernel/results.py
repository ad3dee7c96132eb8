"""What a reader of a foreign file gives back: every input line ends in one of the two lists."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence as its code and what it speaks of, for whoever says it in another language."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a reader could not take in: where it stands, and why, in plain words.

    `place` is for a person looking at the file ("line 12, field 3", "Ntry[4]/Amt"). `told` is the reason once
    more, sentence by sentence, from readers that say it so; two problems are equal without it.
    """

    place: str
    reason: str
    told: tuple[Told, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The records a file gave, in the order of the file, and the problems beside them."""

    records: tuple[T, ...]
    problems: tuple[Problem, ...]
