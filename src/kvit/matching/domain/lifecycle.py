"""The lifecycle of a link."""

from enum import StrEnum

from kvit.kernel.lifecycle import Lifecycle


class LinkState(StrEnum):
    """A link holds until somebody undoes it; linking again makes a new one."""

    LIVE = "live"
    UNDONE = "undone"


LINK = Lifecycle(
    kind="link",
    table="matching_link",
    moves={LinkState.LIVE: frozenset({LinkState.UNDONE}), LinkState.UNDONE: frozenset()},
)
