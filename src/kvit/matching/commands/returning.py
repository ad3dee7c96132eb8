"""A payment came back: what it had settled is open again, and nobody need say what either movement pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvit.banking import queries as banking
from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.matching.commands.undoing import undo_link
from kvit.matching.commands.writing import LINE, WAITS
from kvit.matching.domain import UndoneAs
from kvit.work import commands as work
from kvit.work.domain.items import NewItem


@dataclass(frozen=True)
class ReturnsUndone:
    """How many links were undone because their payment came back."""

    undone: int


@dataclass(frozen=True)
class ReturnsAsked:
    """How many movements wait for somebody to say what they take back."""

    asked: int


@command
def undo_returned(ctx: Ctx, *, line_ids: Bulk[Sequence[int]], on_date: date) -> ReturnsUndone:
    """Undo what is linked of these lines and the ones that `banking` knows to take them back; close what they ask."""
    settled = sorted(banking.settled_by_return(line_ids))
    links = rows.select(
        """
        SELECT id, line_id FROM matching_link
        WHERE line_id IN (SELECT unnest(%s::bigint[])) AND state = 'live' ORDER BY id
        """,
        [settled],
    )
    for link_id, line_id in links:
        undo_link(ctx, link_id=link_id, reason=_reason(line_id), on_date=on_date, undone_as=UndoneAs.RETURNED)
    work.close_items(ctx, kind=WAITS, subject_kind=LINE, subject_ids=settled, outcome="returned")
    return ReturnsUndone(len(links))


def _reason(line_id: int) -> str:
    found = banking.return_of(line_id)
    code = found[2] if found is not None else ""
    return f"the bank took the payment back{f' ({code})' if code else ''}"


@command
def ask_about_returns(ctx: Ctx, *, line_ids: Bulk[Sequence[int]]) -> ReturnsAsked:
    """Let a person say which payment came back, where the bank does not make it certain."""
    settled = banking.settled_by_return(line_ids)
    still = [line.id for line in banking.locked_lines(line_ids) if line.id not in settled]
    items = tuple(
        NewItem(
            kind=WAITS,
            subject_kind=LINE,
            subject_id=line_id,
            reason_code="matching.returned",
            reason="the bank took a payment back and does not say which; undo its link and look at both",
            priority=20,
        )
        for line_id in still
    )
    work.open_items(ctx, items=items)
    return ReturnsAsked(len(items))
