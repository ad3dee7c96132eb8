"""Say which credit settles which debit, and take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NoReturn

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.ledger.domain import Pairing


class OverAllocated(DomainError):
    """More would be allocated than is open on one of the items."""

    code: ClassVar[str] = "ledger.over_allocated"


class AllocationRefused(DomainError):
    """The items do not belong together: side, party, account or currency differ, or one does not exist."""

    code: ClassVar[str] = "ledger.allocation_refused"


class NotAllocated(DomainError):
    """The allocation does not exist, or was taken back before."""

    code: ClassVar[str] = "ledger.not_allocated"


@dataclass(frozen=True)
class Allocated:
    """The allocations written, in the order they were given."""

    allocation_ids: tuple[int, ...]


@command
def allocate(ctx: Ctx, *, pairings: Bulk[tuple[Pairing, ...]]) -> Allocated:
    """Settle debit items with credit items of the same party, account and currency, all or none.

    Moves nothing in the general ledger: both items stand on the same control account. What is open of
    each is kept by the database, which lets no item be settled beyond its amount, whoever races.
    Refuses `OverAllocated`, `AllocationRefused`.
    """
    return Allocated(
        _insert(
            ctx,
            [p.debit_item_id for p in pairings],
            [p.credit_item_id for p in pairings],
            [p.amount_minor for p in pairings],
            [p.allocation_date for p in pairings],
        )
    )


@command
def settle(ctx: Ctx, *, pairs: Bulk[tuple[tuple[int, int], ...]], on_date: date) -> Allocated:
    """Settle (debit item, credit item) as far as both are open, in the order given; pairs with nothing open are left.

    Waits for whoever is settling one of these items, so that it is never beaten to what it has seen open.
    Refuses `AllocationRefused`.
    """
    left = dict(
        rows.select(
            """
            SELECT id, open_minor FROM ledger_openitem WHERE tenant_id = %s AND id = ANY(%s)
            ORDER BY id FOR NO KEY UPDATE
            """,
            [ctx.tenant_id, [item_id for pair in pairs for item_id in pair]],
        )
    )
    pairings = []
    for debit_item_id, credit_item_id in pairs:
        if debit_item_id not in left or credit_item_id not in left:
            raise AllocationRefused(f"there is no item {debit_item_id} or no item {credit_item_id}")
        amount = min(left[debit_item_id], left[credit_item_id])
        left[debit_item_id] -= amount
        left[credit_item_id] -= amount
        if amount:
            pairings.append(Pairing(debit_item_id, credit_item_id, amount, on_date))
    return allocate(ctx, pairings=tuple(pairings))


@command
def take_back(ctx: Ctx, *, allocation_ids: tuple[int, ...], on_date: date) -> Allocated:
    """Reverse allocations, all or none, by rows of their own; the items are as open as before them.

    Refuses `NotAllocated` for one that does not exist or was taken back already.
    """
    found = rows.select(
        """
        SELECT a.id, a.debit_item_id, a.credit_item_id, a.amount_minor FROM ledger_allocation a
        WHERE a.id IN (SELECT unnest(%s::bigint[])) AND a.reverses_id IS NULL
          AND NOT EXISTS (SELECT FROM ledger_allocation r WHERE r.reverses_id = a.id)
        ORDER BY array_position(%s::bigint[], a.id)
        """,
        [list(allocation_ids), list(allocation_ids)],
    )
    if missing := sorted(set(allocation_ids) - {row[0] for row in found}):
        raise NotAllocated(f"allocation {missing[0]} does not exist or was taken back already")
    return Allocated(
        _insert(
            ctx,
            [row[1] for row in found],
            [row[2] for row in found],
            [-row[3] for row in found],
            [on_date] * len(found),
            reverses=[row[0] for row in found],
        )
    )


def _insert(
    ctx: Ctx,
    debits: Sequence[int],
    credits: Sequence[int],
    amounts: Sequence[int],
    dates: Sequence[date],
    *,
    reverses: Sequence[int | None] | None = None,
) -> tuple[int, ...]:
    count = len(debits)
    ids = rows.next_ids("ledger_allocation", count)
    try:
        rows.insert(
            "ledger_allocation",
            {
                "id": ("bigint", ids),
                "tenant_id": ("int", [ctx.tenant_id] * count),
                "debit_item_id": ("bigint", debits),
                "credit_item_id": ("bigint", credits),
                "amount_minor": ("bigint", amounts),
                "allocation_date": ("date", dates),
                "recorded_at": ("timestamptz", [ctx.now] * count),
                "command_id": ("bigint", [ctx.command_id] * count),
                "reverses_id": ("bigint", reverses or [None] * count),
            },
        )
    except IntegrityError as error:
        _refuse(error)
    return tuple(ids)


def _refuse(error: IntegrityError) -> NoReturn:
    violated = rows.violated(error)
    if violated == "ledger_openitem_capacity":
        raise OverAllocated("more would be allocated than is open") from error
    if violated == "ledger_allocation_reversed_once":
        raise NotAllocated("somebody else took this allocation back first") from error
    if violated.startswith("ledger_allocation"):
        raise AllocationRefused("the items do not belong together") from error
    raise error
