"""States of a work item: it waits, sleeps until a time, was done, or was dropped."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ItemState(StrEnum):
    """Where a work item stands."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"
    DROPPED = "dropped"


MOVES: Final[Mapping[ItemState, frozenset[ItemState]]] = {
    ItemState.OPEN: frozenset({ItemState.SNOOZED, ItemState.DONE, ItemState.DROPPED}),
    ItemState.SNOOZED: frozenset({ItemState.OPEN, ItemState.DONE, ItemState.DROPPED}),
    ItemState.DONE: frozenset(),
    ItemState.DROPPED: frozenset(),
}
