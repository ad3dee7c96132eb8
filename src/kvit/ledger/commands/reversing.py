"""Reverse entries: the only way to correct the books."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import ClassVar

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.ledger.commands.allocating import OverAllocated, allocate
from kvit.ledger.commands.posting import Posted, post
from kvit.ledger.domain import Pairing, Posting, PostingLine


class UnknownEntry(DomainError):
    """There is no such entry."""

    code: ClassVar[str] = "ledger.unknown_entry"


class AlreadyReversed(DomainError):
    """The entry was reversed before, or is a reversal itself."""

    code: ClassVar[str] = "ledger.already_reversed"


class ItemsAllocated(DomainError):
    """Something of the entry is settled; take the allocations back first."""

    code: ClassVar[str] = "ledger.items_allocated"


@command
def reverse(ctx: Ctx, *, entry_ids: tuple[int, ...], on_date: date) -> Posted:
    """Reverse entries, all or none: mirrored entries, and each open item settled by its mirror image.

    Afterwards balances and open items are what they were before the entry, and the books keep both.
    Refuses `UnknownEntry`, `AlreadyReversed`, `ItemsAllocated`.
    """
    entries = _load(entry_ids)
    if again := sorted(entry_id for entry_id, _, reversed_ in entries if reversed_):
        raise AlreadyReversed(f"entry {again[0]} was reversed already, or is a reversal itself")
    try:
        posted = post(ctx, postings=tuple(_mirrored(posting, on_date) for _, posting, _ in entries))
    except IntegrityError as error:
        if rows.violated(error) == "ledger_entry_reversed_once":
            raise AlreadyReversed("somebody else reversed this entry first") from error
        raise
    try:
        allocate(ctx, pairings=_mirror_pairings(posted.entry_ids, on_date))
    except OverAllocated as error:
        raise ItemsAllocated("something of the entry is settled; take the allocations back first") from error
    return posted


def _load(entry_ids: tuple[int, ...]) -> list[tuple[int, Posting, bool]]:
    """(entry id, the posting it was, whether it is or has been reversed) in the order given."""
    heads = {
        row[0]: row
        for row in rows.select(
            """
            SELECT e.id, e.entry_date, e.kind, e.subject_kind, e.subject_id,
                   e.reverses_id IS NOT NULL OR EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)
            FROM ledger_entry e WHERE e.id IN (SELECT unnest(%s::bigint[]))
            """,
            [list(entry_ids)],
        )
    }
    if missing := sorted(set(entry_ids) - heads.keys()):
        raise UnknownEntry(f"there is no entry {missing[0]}")
    lines: dict[int, list[PostingLine]] = defaultdict(list)
    for entry_id, *line in rows.select(
        """
        SELECT l.entry_id, a.code, l.amount_minor, l.currency, l.party_id, l.due_date FROM ledger_line l
        JOIN ledger_account a ON a.id = l.account_id
        WHERE l.entry_id IN (SELECT unnest(%s::bigint[])) ORDER BY l.entry_id, l.position
        """,
        [list(entry_ids)],
    ):
        lines[entry_id].append(PostingLine(*line))
    return [
        (
            entry_id,
            Posting(head[1], head[2], head[3], head[4], tuple(lines[entry_id]), reverses_id=entry_id),
            head[5],
        )
        for entry_id, head in ((i, heads[i]) for i in entry_ids)
    ]


def _mirrored(posting: Posting, on_date: date) -> Posting:
    lines = tuple(replace(line, amount_minor=-line.amount_minor) for line in posting.lines)
    return replace(posting, entry_date=on_date, lines=lines)


def _mirror_pairings(reversal_ids: tuple[int, ...], on_date: date) -> tuple[Pairing, ...]:
    """Each item of the original entries with the item of its mirrored line."""
    return tuple(
        Pairing(
            debit_item_id=original if side == "debit" else mirror,
            credit_item_id=mirror if side == "debit" else original,
            amount_minor=amount,
            allocation_date=on_date,
        )
        for original, mirror, side, amount in rows.select(
            """
            SELECT o.id, m.id, o.side, o.amount_minor FROM ledger_entry r
            JOIN ledger_openitem m ON m.entry_id = r.id
            JOIN ledger_openitem o ON o.entry_id = r.reverses_id AND o.position = m.position
            WHERE r.id IN (SELECT unnest(%s::bigint[])) ORDER BY o.id
            """,
            [list(reversal_ids)],
        )
    )
