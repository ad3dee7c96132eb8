"""Sum hot accounts up to a point, so that their balance is read from there on."""

from dataclasses import dataclass

from kvit.base import rows
from kvit.base.command import Ctx, command


@dataclass(frozen=True)
class Checkpointed:
    """Through which entry the accounts are summed, and how many account balances were written."""

    through_entry_id: int
    balances: int


@command
def checkpoint(ctx: Ctx) -> Checkpointed:
    """Sum every account that is not a control account through the last entry that nothing can precede any more.

    The database does it (RELIABILITY 2: hot accounts from checkpoints): the application's role may ask for
    a checkpoint and cannot write one. Waits for a moment until no posting is under way.
    """
    ((through, balances),) = rows.select("SELECT through, balances FROM ledger_take_checkpoint(%s)", [ctx.command_id])
    return Checkpointed(through, balances)
