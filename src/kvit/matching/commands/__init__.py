"""What may be done about payments: match a set, link one by hand, undo a link."""

from kvit.matching.commands.linking import (
    AlreadyLinked,
    Linked,
    NotLinkable,
    Target,
    link_payment,
)
from kvit.matching.commands.matching import Matched, match_lines
from kvit.matching.commands.returning import ReturnsAsked, ReturnsUndone, ask_about_returns, undo_returned
from kvit.matching.commands.undoing import NotLinked, Undone, undo_link
from kvit.matching.commands.writing import LINE, WAITS

__all__ = [
    "LINE",
    "WAITS",
    "AlreadyLinked",
    "Linked",
    "Matched",
    "NotLinkable",
    "NotLinked",
    "ReturnsAsked",
    "ReturnsUndone",
    "Target",
    "Undone",
    "ask_about_returns",
    "link_payment",
    "match_lines",
    "undo_link",
    "undo_returned",
]
