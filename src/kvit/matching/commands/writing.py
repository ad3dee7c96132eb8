"""Write links: the entry that moves the money to the customer, what it settles, the link itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db import IntegrityError

from kvit.base import codec, rows
from kvit.base.command import Ctx
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts, Pairing, Posting, PostingLine
from kvit.ledger.queries import items_of_entries
from kvit.matching.domain import Evidence, LinkState
from kvit.matching.events import PaymentsLinked
from kvit.work import commands as work


class AlreadyLinked(DomainError):
    """The payment has a live link; undo it first."""

    code: ClassVar[str] = "matching.already_linked"


WAITS = "matching.decide"
LINE = "bank_line"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A line that pays these (debit item, minor units) of a party; what is left is the party's advance."""

    line_id: int
    party_id: int
    amount_minor: int
    currency: str
    booking_date: date
    settles: tuple[tuple[int, int], ...]
    evidence: Evidence
    by_robot: bool


def write_links(ctx: Ctx, links: Sequence[NewLink]) -> tuple[int, ...]:
    """Book lines to their customers, settle, link and announce; the links' ids. Refuses `AlreadyLinked`."""
    if not links:
        return ()
    entry_ids = _post(ctx, links)
    link_ids = _insert(ctx, links, entry_ids)  # before settling: who comes second is told that the payment is linked
    credit_items = items_of_entries(entry_ids)
    ledger.allocate(
        ctx,
        pairings=tuple(
            Pairing(debit_item_id, credit.id, amount, link.booking_date)
            for link, credit in zip(links, credit_items, strict=True)
            for debit_item_id, amount in link.settles
        ),
    )
    work.close_items(ctx, kind=WAITS, subject_kind=LINE, subject_ids=[link.line_id for link in links], outcome="linked")
    ctx.emit(PaymentsLinked(link_ids))
    return link_ids


def _post(ctx: Ctx, links: Sequence[NewLink]) -> tuple[int, ...]:
    return ledger.post(
        ctx,
        postings=tuple(
            Posting(
                entry_date=link.booking_date,
                kind="payment",
                subject_kind=LINE,
                subject_id=link.line_id,
                lines=(
                    PostingLine(Accounts.UNALLOCATED, link.amount_minor, link.currency),
                    PostingLine(Accounts.RECEIVABLE, -link.amount_minor, link.currency, party_id=link.party_id),
                ),
            )
            for link in links
        ),
    ).entry_ids


def _insert(ctx: Ctx, links: Sequence[NewLink], entry_ids: Sequence[int]) -> tuple[int, ...]:
    count = len(links)
    ids = rows.next_ids("matching_link", count)
    try:
        rows.insert(
            "matching_link",
            {
                "id": ("bigint", ids),
                "tenant_id": ("int", [ctx.tenant_id] * count),
                "line_id": ("bigint", [link.line_id for link in links]),
                "party_id": ("bigint", [link.party_id for link in links]),
                "entry_id": ("bigint", entry_ids),
                "amount_minor": ("bigint", [link.amount_minor for link in links]),
                "currency": ("text", [link.currency for link in links]),
                "by_robot": ("boolean", [link.by_robot for link in links]),
                "evidence": ("jsonb", [codec.canonical(link.evidence).decode() for link in links]),
                "state": ("text", [LinkState.LIVE.value] * count),
                "command_id": ("bigint", [ctx.command_id] * count),
            },
        )
    except IntegrityError as error:
        if rows.violated(error) == "matching_link_one_per_line":
            raise AlreadyLinked("somebody else linked this payment first") from error
        raise
    return tuple(ids)
