"""What may be done to the books: post, reverse, allocate and take back, write off, move a due date, hand them out."""

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
from kvit.ledger.commands.exports import (
    AccountNumber,
    FileRecorded,
    Mapped,
    Moved,
    NewExportFile,
    Opened,
    acknowledge_export,
    deliver_export,
    finish_export,
    map_accounts,
    open_export,
    record_export_file,
    refuse_export,
    remake_export,
)
from kvit.ledger.commands.posting import Posted, UnknownAccount, UnknownParty, post
from kvit.ledger.commands.reversing import AlreadyReversed, ItemsAllocated, UnknownEntry, reverse
from kvit.ledger.commands.writing_off import NothingOpen, ReasonMissing, WrittenOff, write_off

__all__ = [
    "AccountNumber",
    "AccountsOpened",
    "Allocated",
    "AllocationRefused",
    "AlreadyReversed",
    "Checkpointed",
    "DueDatesMoved",
    "FileRecorded",
    "ItemsAllocated",
    "Mapped",
    "Moved",
    "NewExportFile",
    "NotAllocated",
    "NothingOpen",
    "Opened",
    "OverAllocated",
    "Posted",
    "ReasonMissing",
    "UnknownAccount",
    "UnknownEntry",
    "UnknownParty",
    "WrittenOff",
    "acknowledge_export",
    "allocate",
    "checkpoint",
    "deliver_export",
    "finish_export",
    "map_accounts",
    "move_due_dates",
    "open_account",
    "open_chart",
    "open_export",
    "post",
    "record_export_file",
    "refuse_export",
    "remake_export",
    "reverse",
    "settle",
    "take_back",
    "write_off",
]
