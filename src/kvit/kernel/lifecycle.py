"""A lifecycle as a value: which state may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """A kind of thing, the table whose column `state` holds where each stands, and which state may follow which."""

    kind: str
    table: str
    moves: Mapping[S, frozenset[S]]

    def sources(self, to: S) -> list[str]:
        """The states from which `to` may be reached."""
        return [state.value for state, targets in self.moves.items() if to in targets]
