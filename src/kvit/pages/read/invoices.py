"""The list of documents, a page at a time, with what the ledger says is open of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import InvoiceState, Kind
from kvit.invoicing.queries import InvoiceRow
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
    """A document of the list; minor units. Nothing is open of a draft."""

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


def page(shown: Shown, *, today: date, cursor: Cursor, limit: int = 50) -> Page:
    """A page of the list. Costs the same however many documents there are before it. Needs the tenant's scope."""
    rising = cursor.above_id is not None
    found = _found(shown, today, cursor, limit + 1)
    has_more = len(found) > limit
    kept = (found[1:] if rising else found[:limit]) if has_more else found
    is_first = cursor.below_id is None and (not rising or not has_more)
    is_last = not has_more and not rising
    return Page(
        rows=described(kept, today=today),
        newer=kept[0].id if kept and not is_first else None,
        older=kept[-1].id if kept and not is_last else None,
    )


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
            )
        )
    return tuple(found)


_LISTED = {
    Shown.ALL: (None, None),
    Shown.DRAFTS: (None, InvoiceState.DRAFT),
    Shown.CREDITS: (Kind.CREDIT_NOTE, InvoiceState.ISSUED),
}


def _found(shown: Shown, today: date, cursor: Cursor, limit: int) -> tuple[InvoiceRow, ...]:
    if shown in _LISTED:
        kind, state = _LISTED[shown]
        return invoicing.listed(limit=limit, kind=kind, state=state, below_id=cursor.below_id, above_id=cursor.above_id)
    items = ledger.receivables_of(
        "invoice",
        limit=limit,
        is_open=shown is not Shown.SETTLED,
        due_before=today if shown is Shown.OVERDUE else None,
        below_id=cursor.below_id,
        above_id=cursor.above_id,
    )
    return tuple(reversed(invoicing.invoices([item.subject_id for item in items])))
