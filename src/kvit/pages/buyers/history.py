"""What happened to a document, as both sides see it: issued, due date moved, paid, credited, taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from kvit.invoicing.domain import Side, side_of
from kvit.invoicing.queries import BuyersCopy
from kvit.ledger.queries import Allocated
from kvit.pages.claims import Talk, Turn

BANK_LINE: Final = "bank_line"
DOCUMENT: Final = "invoice"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What happened."""

    ISSUED = "issued"
    DUE_DATE_MOVED = "due_date_moved"
    PAID = "paid"
    PAYMENT_TAKEN_BACK = "payment_taken_back"
    CREDITED = "credited"
    CREDIT_TAKEN_BACK = "credit_taken_back"
    ADJUSTED = "adjusted"
    ADJUSTMENT_TAKEN_BACK = "adjustment_taken_back"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened on a day; `at` is when it was recorded, and `key` tells it from all others.

    `amount_minor` is what it settled (negative where it was taken back). `document` is the other document: the credit
    note of an invoice, the invoice that a credit note settled. What was said about the claim brings its own `title`,
    by whom it was said, and how it is to be marked.
    """

    key: str
    kind: Kind
    day: date
    at: datetime | None = None
    amount_minor: int | None = None
    document: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    reason: str = ""
    title: str = ""
    side: Side | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What else is known: `numbers` names other documents by id, `found` says of movements how they were found."""

    numbers: Mapping[int, str]
    found: Mapping[int, str]
    talks: Mapping[int, Talk] = field(default_factory=dict)


def of_document(
    copy: BuyersCopy, allocations: Iterable[Allocated], told: Told, zone: ZoneInfo
) -> tuple[Happening, ...]:
    """The newest first; the days are those of the seller's `zone`."""
    found = [Happening(f"issued-{copy.id}", Kind.ISSUED, copy.issue_date, reason=copy.credit_reason)]
    found += [
        Happening(
            f"moved-{move.id}",
            Kind.DUE_DATE_MOVED,
            move.at.astimezone(zone).date(),
            move.at,
            from_date=move.from_date,
            to_date=move.to_date,
            reason=move.reason,
        )
        for move in copy.moves
    ]
    found += [_allocated(copy, each, told) for each in allocations]
    found += [_said(turn, zone) for turn in told.talks.get(copy.id, Talk()).turns]
    # What was recorded later stands above, whatever day the bank booked it on.
    found.sort(key=lambda each: each.at or _NEVER)
    return tuple(found[::-1])


def _said(turn: Turn, zone: ZoneInfo) -> Happening:
    return Happening(
        turn.key,
        Kind.SAID,
        turn.at.astimezone(zone).date(),
        turn.at,
        amount_minor=turn.amount_minor,
        reason=turn.words,
        title=turn.title,
        side=turn.side,
        mark=turn.kind,
    )


def _allocated(copy: BuyersCopy, each: Allocated, told: Told) -> Happening:
    subject_kind, subject_id = (
        each.credit_subject if side_of(copy.kind, copy.gross_minor) == "debit" else each.debit_subject
    )
    is_back = each.reverses_id is not None
    if subject_kind == BANK_LINE:
        kind = Kind.PAYMENT_TAKEN_BACK if is_back else Kind.PAID
    elif subject_kind == DOCUMENT and subject_id != copy.id:
        kind = Kind.CREDIT_TAKEN_BACK if is_back else Kind.CREDITED
    else:
        kind = Kind.ADJUSTMENT_TAKEN_BACK if is_back else Kind.ADJUSTED
    return Happening(
        f"allocation-{each.id}",
        kind,
        each.allocation_date,
        each.recorded_at,
        amount_minor=each.amount_minor,
        document=told.numbers.get(subject_id) if subject_kind == DOCUMENT else None,
        reason=told.found.get(subject_id, "") if kind is Kind.PAID and each.is_live else "",
    )
