"""Where a document stands, for its reader: drafted, open, late, settled; paid is what the ledger says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kvit.invoicing.domain import InvoiceState, Kind, side_of
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Item
from kvit.pages.words import gettext as _
from kvit.pages.words import ngettext


class Standing(StrEnum):
    """What a chip says; `PART` is open with a part of it settled."""

    DRAFT = "draft"
    OPEN = "open"
    PART = "part"
    OVERDUE = "overdue"
    SETTLED = "settled"
    CREDIT = "credit"
    ESTIMATE = "estimate"
    DISCARDED = "discarded"


_KINDS = {
    Standing.OPEN: "due",
    Standing.PART: "due",
    Standing.OVERDUE: "overdue",
    Standing.SETTLED: "settled",
    Standing.CREDIT: "info",
    Standing.ESTIMATE: "info",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A standing in a word, and the kind of chip that shows it."""

    text: str
    kind: str


def items_of(documents: Sequence[InvoiceRow]) -> Mapping[int, Item]:
    """What each document opened in the ledger when it was issued, by document. Needs the tenant's scope."""
    sides = {one.id: side_of(one.kind, one.gross_minor) for one in documents if one.number is not None}
    found: dict[int, Item] = {}
    for item in ledger.items_of_subjects("invoice", list(sides)):
        if item.side == sides[item.subject_id]:
            found.setdefault(item.subject_id, item)
    return found


def standing(document: InvoiceRow, item: Item | None, *, today: date) -> Standing:
    """Where a document stands on a day, by its item in the ledger."""
    if document.state != InvoiceState.ISSUED:
        return Standing.DRAFT if document.state == InvoiceState.DRAFT else Standing.DISCARDED
    if document.kind == Kind.ESTIMATE:
        return Standing.ESTIMATE
    if item is None or item.open_minor == 0:  # a document over nothing opens nothing
        return Standing.SETTLED
    if item.side == "credit" and document.kind != Kind.SELF_BILLED:
        return Standing.CREDIT
    if item.due_date is not None and item.due_date < today:
        return Standing.OVERDUE
    return Standing.PART if item.open_minor < item.amount_minor else Standing.OPEN


def chip(of: Standing, due_date: date | None, *, today: date) -> Chip:
    """The standing in the reader's words; how late, or how soon."""
    return Chip(_text(of, (due_date - today).days if due_date is not None else 0), _KINDS.get(of, ""))


def _text(of: Standing, days: int) -> str:
    if of is Standing.OVERDUE:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    if of is Standing.OPEN:
        return (
            _("Due today")
            if days == 0
            else ngettext("Due in %(days)s day", "Due in %(days)s days", days) % {"days": days}
        )
    return {
        Standing.DRAFT: _("Draft"),
        Standing.PART: _("Partly settled"),
        Standing.SETTLED: _("Settled"),
        Standing.CREDIT: _("Credit left"),
        Standing.ESTIMATE: _("Estimate"),
        Standing.DISCARDED: _("Discarded"),
    }[of]
