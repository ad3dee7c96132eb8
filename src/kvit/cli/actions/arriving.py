"""`kvit bank watch` and `kvit bank mailbox`: take in what arrives, until stopped."""

import os
import time
from pathlib import Path
from typing import Final

from kvit.banking.adapters.inbox import FolderInbox
from kvit.banking.adapters.mailbox import MailboxRefused, mailbox_at
from kvit.banking.domain.ports import Inbox
from kvit.banking.jobs import watching
from kvit.base import job
from kvit.cli.actions import show
from kvit.cli.actions.bank import account_called
from kvit.cli.boot import Edge

SETTLING_SECONDS: Final = 2


def watch(edge: Edge, folder: Path, *, account: str | None, every: int, once: bool) -> None:
    """Watch a folder, of one account where it is named. Refuses `FolderTaken`, `NoSuchAccount`."""
    account_id = account_called(edge, account)
    inbox = FolderInbox(folder)
    with inbox.watched():
        show.say(f"watching {folder}; Ctrl-C stops it")
        inbox_looks = 2 if once else 0  # a file is whole when it has not changed between two looks
        while True:
            _take(edge, inbox, account_id)
            inbox_looks -= 1
            if inbox_looks == 0:
                return
            time.sleep(SETTLING_SECONDS if once else every)


def mailbox(edge: Edge, *, account: str | None, every: int, once: bool) -> None:
    """Look into the mailbox, of one account where it is named; without `once` again when a broken line is back.

    Refuses `MailboxRefused`, `NoSuchAccount`.
    """
    account_id = account_called(edge, account)
    address, password, senders = (os.environ.get(f"KVIT_MAILBOX{of}", "") for of in ("", "_PASSWORD", "_SENDERS"))
    where = mailbox_at(address, password, senders)
    show.say(f"looking into {where.folder} at {where.host}; Ctrl-C stops it")
    while True:
        try:
            with where.opened() as opened:
                _take(edge, opened, account_id)
        except MailboxRefused as refusal:
            if once:
                raise
            show.warn(str(refusal))
        if once:
            return
        time.sleep(every)


def _take(edge: Edge, inbox: Inbox, account_id: int | None) -> None:
    settled = watching.take_arrived(edge.ctx(), inbox, account_id=account_id)
    for one in settled:
        show.say(one.report.rstrip(), style="" if one.is_good else "yellow")
    if settled:
        job.run_until_empty(slow_too=False)
