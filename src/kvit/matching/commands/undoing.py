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
from kvit.matching.commands.learning import forget_taught
from kvit.matching.commands.refunding import undo_refunds
from kvit.matching.commands.suggesting import UNDONE
from kvit.matching.commands.writing import ADVANCE, LINE, WAITS
from kvit.matching.domain import LINK, LinkState, UndoneAs
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
def undo_link(ctx: Ctx, *, link_id: int, reason: str, on_date: date, undone_as: UndoneAs = UndoneAs.WRONG) -> Undone:
    """Take back what a link settled and netted and reverse its entry; the line waits for a person again.

    Afterwards every balance, open item and allocation equals the state before the link, whatever it booked: a payment
    of one customer or several, fees, a rest written off, a refund, a line set aside. What of the payment was an
    advance and has settled something since is taken back as well. A link of the robot that is undone as `WRONG` counts
    against its precision; of a person's link it forgets what that taught of the payer. A refund that was asked of it
    is withdrawn. Refuses `NotLinked`, and `RefundBeingPaid` while a payment file holds such a refund.
    """
    found = rows.select(
        """
        SELECT line_id, entry_id, command_id FROM matching_link WHERE id = %s AND state = 'live' FOR NO KEY UPDATE
        """,
        [link_id],
    )
    if not found:
        raise NotLinked(f"there is no live link {link_id}")
    line_id, entry_id, command_id = found[0]
    move(ctx, LINK, [link_id], to=LinkState.UNDONE)
    rows.run("UPDATE matching_link SET undone_as = %s WHERE id = %s", [undone_as.value, link_id])
    undo_refunds(ctx, link_id, undone_as)
    ledger.take_back(ctx, allocation_ids=_allocations(link_id, entry_id), on_date=on_date)
    ledger.reverse(ctx, entry_ids=(entry_id,), on_date=on_date)
    if undone_as is UndoneAs.WRONG:
        forget_taught(ctx, command_id)
    work.close_items(ctx, kind=ADVANCE, subject_kind=LINE, subject_ids=[line_id], outcome="undone")
    work.open_item(
        ctx,
        item=NewItem(
            kind=WAITS,
            subject_kind=LINE,
            subject_id=line_id,
            reason_code=UNDONE,
            reason=f"its link was undone: {reason.strip() or 'no reason given'}"[:300],
        ),
    )
    ctx.emit(LinkUndone(link_id=link_id, line_id=line_id))
    return Undone(line_id)


def _allocations(link_id: int, entry_id: int) -> tuple[int, ...]:
    """What the link's own items settle, and the credit notes that it netted, as far as not taken back since."""
    own = ledger_queries.live_allocations([i.id for i in ledger_queries.items_of_entries([entry_id])])
    netted = [row[0] for row in rows.select("SELECT allocation_id FROM matching_netting WHERE link_id = %s", [link_id])]
    return (*own, *ledger_queries.still_live(netted))
