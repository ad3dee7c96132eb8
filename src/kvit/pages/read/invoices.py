"""The list of documents, a page at a time, with what the ledger says is open of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import CREDITS, REFERRING, SELF_BILLED, InvoiceState, Kind
from kvit.invoicing.queries import InvoiceRow, Wanted
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Item
from kvit.pages.read import standing
from kvit.pages.read.standing import Chip, Standing
from kvit.parties import queries as parties


class Shown(StrEnum):
    """Which documents a list shows."""

    ALL = "all"
    DRAFTS = "drafts"
    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    CREDITS = "credits"


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of the list; minor units. Nothing is open of a draft.

    `supplier` is in whose name the company made it out for itself; empty for what it sends to a customer.
    """

    id: int
    kind: str
    number: str | None
    customer_id: int
    party_id: int
    customer: str
    currency: str
    gross_minor: int
    open_minor: int
    issue_date: date | None
    due_date: date | None
    standing: Standing
    chip: Chip
    is_claim: bool
    supplier: str

    @property
    def sign(self) -> int:
        """-1 for what is written with positive amounts and takes off."""
        return -1 if self.kind in CREDITS else 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind (older than) a document, or before it (newer than)."""

    below_id: int | None = None
    above_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some documents, the newest first; `newer` and `older` are cursors, None at the ends."""

    rows: tuple[Listed, ...]
    newer: int | None
    older: int | None


def wanted_of(
    *, kind: Kind | None, customer_id: int | None, days: tuple[date | None, date | None], text: str
) -> Wanted:
    """What a list is narrowed to; the text is looked for in customers' names too. Needs the tenant's scope."""
    named: tuple[int, ...] = ()
    if text:
        holders = [hit.party_id for hit in parties.search(text, limit=_NAMED)]
        named = tuple(one.id for one in invoicing.customers_of(holders).values())
    return Wanted((kind,) if kind else (), None, customer_id, *days, text, named)


def page(shown: Shown, *, today: date, cursor: Cursor, limit: int = 50, wanted: Wanted | None = None) -> Page:
    """A page of the list. Costs the same however many documents there are before it. Needs the tenant's scope.

    What is `wanted` is looked for among so many documents at most; where there are more, the page is shorter.
    """
    if wanted is not None and wanted != Wanted():
        return _narrowed(shown, wanted, today=today, cursor=cursor, limit=limit)
    return _paged(_found(shown, today, cursor, limit + 1), today=today, cursor=cursor, limit=limit)


def described(
    documents: Sequence[InvoiceRow],
    *,
    today: date,
    items: Mapping[int, Item] | None = None,
    names: Mapping[int, str] | None = None,
) -> tuple[Listed, ...]:
    """Documents with their customers' names and what is open, by their `items` and `names` where known already.

    Needs the tenant's scope.
    """
    items = standing.items_of(documents) if items is None else items
    names = parties.names([document.party_id for document in documents]) if names is None else names
    billed = {document.id: document.supplier_id for document in documents if document.kind in SELF_BILLED}
    suppliers = parties.names(list(billed.values())) if billed else {}
    found = []
    for document in documents:
        item = items.get(document.id)
        stands = standing.standing(document, item, today=today)
        found.append(
            Listed(
                id=document.id,
                kind=document.kind,
                number=document.number,
                customer_id=document.customer_id,
                party_id=document.party_id,
                customer=names.get(document.party_id, ""),
                currency=document.currency,
                gross_minor=document.gross_minor,
                open_minor=item.open_minor if item else 0,
                issue_date=document.issue_date,
                due_date=document.due_date,
                standing=stands,
                chip=standing.chip(stands, document.due_date, today=today),
                is_claim=document.is_claim,
                supplier=suppliers.get(billed.get(document.id, 0), ""),
            )
        )
    return tuple(found)


_LISTED: Final[Mapping[Shown, Wanted]] = {
    Shown.ALL: Wanted(),
    Shown.DRAFTS: Wanted(state=InvoiceState.DRAFT),
    Shown.CREDITS: Wanted(kinds=tuple(REFERRING), state=InvoiceState.ISSUED),
}
_NAMED: Final = 200
_BATCH: Final = 500
_MOST_BATCHES: Final = 20


def _narrowed(shown: Shown, wanted: Wanted, *, today: date, cursor: Cursor, limit: int) -> Page:
    """As `page`: the newest that fit, looked for batch by batch where the ledger says which documents those are."""
    rising = cursor.above_id is not None
    if shown in _LISTED:
        of = _LISTED[shown]
        asked = replace(wanted, state=of.state, kinds=_both(wanted.kinds, of.kinds))
        found = (
            ()
            if of.kinds and not asked.kinds
            else invoicing.narrowed(asked, limit=limit + 1, below_id=cursor.below_id, above_id=cursor.above_id)
        )
        return _paged(found, today=today, cursor=cursor, limit=limit)
    kept: list[InvoiceRow] = []
    at, last = cursor, None
    for _batch in range(_MOST_BATCHES):
        ids = _by_ledger(shown, today, at, _BATCH)
        fitting = invoicing.narrowed(wanted, limit=_BATCH, within=ids) if ids else ()
        kept = [*fitting, *kept] if rising else [*kept, *fitting]
        if len(ids) < _BATCH or len(kept) > limit:
            last = None
            break
        last = max(ids) if rising else min(ids)
        at = Cursor(above_id=last) if rising else Cursor(below_id=last)
    shortened = kept[-limit - 1 :] if rising else kept[: limit + 1]
    return _paged(tuple(shortened), today=today, cursor=cursor, limit=limit, left_at=last)


def _both(wanted: tuple[Kind, ...], of: tuple[Kind, ...]) -> tuple[Kind, ...]:
    return tuple(kind for kind in wanted if kind in of) if wanted and of else wanted or of


def _paged(found: Sequence[InvoiceRow], *, today: date, cursor: Cursor, limit: int, left_at: int | None = None) -> Page:
    """One more than `limit` says that there are more; `left_at` is where the search ended without having seen all."""
    has_more = len(found) > limit
    if cursor.above_id is not None:
        kept = found[1:] if has_more else found
        newer = kept[0].id if has_more else left_at
        return Page(described(kept, today=today), newer, kept[-1].id if kept else cursor.above_id + 1)
    kept = found[:limit]
    newer = None
    if cursor.below_id is not None:
        newer = kept[0].id if kept else cursor.below_id - 1
    return Page(described(kept, today=today), newer, kept[-1].id if has_more else left_at)


def _by_ledger(shown: Shown, today: date, cursor: Cursor, limit: int) -> list[int]:
    items = ledger.receivables_of(
        "invoice",
        limit=limit,
        is_open=shown is not Shown.SETTLED,
        due_before=today if shown is Shown.OVERDUE else None,
        below_id=cursor.below_id,
        above_id=cursor.above_id,
    )
    return [item.subject_id for item in items]


def _found(shown: Shown, today: date, cursor: Cursor, limit: int) -> tuple[InvoiceRow, ...]:
    if shown is Shown.CREDITS:
        return invoicing.narrowed(_LISTED[shown], limit=limit, below_id=cursor.below_id, above_id=cursor.above_id)
    if shown in _LISTED:
        state = _LISTED[shown].state
        return invoicing.listed(limit=limit, state=state, below_id=cursor.below_id, above_id=cursor.above_id)
    return tuple(reversed(invoicing.invoices(_by_ledger(shown, today, cursor, limit))))
