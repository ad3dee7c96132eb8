"""What happens to work that waits; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkOpened:
    """New items wait."""

    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class WorkChanged:
    """Items that wait have another reason, time or person."""

    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class WorkDone:
    """Items no longer wait; `outcome` is a code."""

    item_ids: tuple[int, ...]
    outcome: str


@dataclass(frozen=True)
class WorkDropped:
    """A person decided that an item need not be done."""

    item_id: int
