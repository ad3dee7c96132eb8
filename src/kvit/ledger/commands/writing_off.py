"""Write off what will not be paid, with a reason."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.ledger.commands.allocating import OverAllocated, allocate
from kvit.ledger.commands.posting import post
from kvit.ledger.domain import Accounts, Pairing, Posting, PostingLine


class NothingOpen(DomainError):
    """The item does not exist, or less of it is open than would be written off."""

    code: ClassVar[str] = "ledger.nothing_open"


class ReasonMissing(DomainError):
    """A write-off needs a reason that an auditor can read."""

    code: ClassVar[str] = "ledger.reason_missing"


@dataclass(frozen=True)
class WrittenOff:
    """The entry that took the amount off, and the allocation that settled the item with it."""

    entry_id: int
    allocation_id: int


@command
def write_off(ctx: Ctx, *, item_id: int, amount_minor: int, reason: str, on_date: date) -> WrittenOff:
    """Take an amount off an open debit item as a loss. The reason stands in the audit row of this command.

    Undone by taking the allocation back and reversing the entry. Refuses `NothingOpen`, `ReasonMissing`.
    """
    if not reason.strip():
        raise ReasonMissing("say why it is written off")
    found = rows.select(
        """
        SELECT a.code, i.party_id, i.currency, i.subject_kind, i.subject_id FROM ledger_openitem i
        JOIN ledger_account a ON a.id = i.account_id
        WHERE i.id = %s AND i.side = 'debit' AND i.open_minor >= %s AND %s > 0
        """,
        [item_id, amount_minor, amount_minor],
    )
    if not found:
        raise NothingOpen(f"item {item_id} has no {amount_minor} minor units open")
    account, party_id, currency, subject_kind, subject_id = found[0]
    entry_id = post(
        ctx,
        postings=(
            Posting(
                entry_date=on_date,
                kind="write_off",
                subject_kind=subject_kind,
                subject_id=subject_id,
                lines=(
                    PostingLine(Accounts.WRITE_OFF, amount_minor, currency),
                    PostingLine(account, -amount_minor, currency, party_id=party_id),
                ),
            ),
        ),
    ).entry_ids[0]
    ((credit_item_id,),) = rows.select("SELECT id FROM ledger_openitem WHERE entry_id = %s", [entry_id])
    pairing = Pairing(item_id, credit_item_id, amount_minor, on_date)
    try:
        return WrittenOff(entry_id, allocate(ctx, pairings=(pairing,)).allocation_ids[0])
    except OverAllocated as error:
        raise NothingOpen(f"somebody else settled item {item_id} first") from error
