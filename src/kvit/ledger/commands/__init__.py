"""What may be done to the books: post, reverse, allocate and take back, write off, move a due date."""

from kvit.ledger.commands.accounts import AccountsOpened, open_account, open_chart
from kvit.ledger.commands.allocating import (
    Allocated,
    AllocationRefused,
    NotAllocated,
    OverAllocated,
    allocate,
    settle,
    take_back,
)
from kvit.ledger.commands.checkpoints import Checkpointed, checkpoint
from kvit.ledger.commands.due_dates import DueDatesMoved, move_due_dates
from kvit.ledger.commands.posting import Posted, UnknownAccount, UnknownParty, post
from kvit.ledger.commands.reversing import AlreadyReversed, ItemsAllocated, UnknownEntry, reverse
from kvit.ledger.commands.writing_off import NothingOpen, ReasonMissing, WrittenOff, write_off

__all__ = [
    "AccountsOpened",
    "Allocated",
    "AllocationRefused",
    "AlreadyReversed",
    "Checkpointed",
    "DueDatesMoved",
    "ItemsAllocated",
    "NotAllocated",
    "NothingOpen",
    "OverAllocated",
    "Posted",
    "ReasonMissing",
    "UnknownAccount",
    "UnknownEntry",
    "UnknownParty",
    "WrittenOff",
    "allocate",
    "checkpoint",
    "move_due_dates",
    "open_account",
    "open_chart",
    "post",
    "reverse",
    "settle",
    "take_back",
    "write_off",
]
