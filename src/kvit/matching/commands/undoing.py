"""Undo a link, at any later time; the books keep the link and its undoing."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger import queries as ledger_queries
from kvit.matching.commands.writing import LINE, WAITS
from kvit.matching.domain import LINK, LinkState
from kvit.matching.events import LinkUndone
from kvit.work import commands as work
from kvit.work.domain.items import NewItem


class NotLinked(DomainError):
    """There is no such link, or it was undone before."""

    code: ClassVar[str] = "matching.not_linked"


@dataclass(frozen=True)
class Undone:
    """The payment that waits again."""

    line_id: int


@command
def undo_link(ctx: Ctx, *, link_id: int, reason: str, on_date: date) -> Undone:
    """Take back what the payment settled and reverse its entry; it waits for a person again.

    Afterwards every balance, open item and allocation equals the state before the link. What of the
    payment was an advance and has settled something since is taken back as well. Refuses `NotLinked`.
    """
    found = rows.select(
        "SELECT line_id, entry_id FROM matching_link WHERE id = %s AND state = 'live' FOR NO KEY UPDATE", [link_id]
    )
    if not found:
        raise NotLinked(f"there is no live link {link_id}")
    line_id, entry_id = found[0]
    move(ctx, LINK, [link_id], to=LinkState.UNDONE)
    allocations = ledger_queries.live_allocations([i.id for i in ledger_queries.items_of_entries([entry_id])])
    ledger.take_back(ctx, allocation_ids=allocations, on_date=on_date)
    ledger.reverse(ctx, entry_ids=(entry_id,), on_date=on_date)
    work.open_item(
        ctx,
        item=NewItem(
            kind=WAITS,
            subject_kind=LINE,
            subject_id=line_id,
            reason_code="matching.undone",
            reason=f"its link was undone: {reason.strip() or 'no reason given'}"[:300],
        ),
    )
    ctx.emit(LinkUndone(link_id=link_id, line_id=line_id))
    return Undone(line_id)
