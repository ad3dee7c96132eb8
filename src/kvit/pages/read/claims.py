"""What stands about claims, for the desk: disputes and requests to answer, promises, announced payments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import FactKind, FactState
from kvit.pages import claims
from kvit.pages.claims import Said
from kvit.pages.saying import Subject
from kvit.parties import queries as parties

SHOWN: Final = 200


class Shown(StrEnum):
    """Which of what stands is looked at."""

    TO_ANSWER = "answer"
    PROMISES = "promises"
    PAYMENTS = "payments"


_KINDS: Final[Mapping[Shown, tuple[tuple[FactKind, ...], tuple[FactState, ...]]]] = {
    Shown.TO_ANSWER: ((FactKind.DISPUTE, FactKind.EXTENSION), (FactState.OPEN, FactState.ANSWERED)),
    Shown.PROMISES: ((FactKind.PROMISE,), (FactState.OPEN, FactState.BROKEN)),
    Shown.PAYMENTS: ((FactKind.REMITTANCE,), (FactState.OPEN, FactState.STALE)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A fact with the invoice that it is about; `days_left` until its last day, where it has one."""

    said: Said
    number: str
    customer: str
    currency: str
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """What stands of one sort, the most urgent first, and how much there is of each."""

    shown: Shown
    rows: tuple[Row, ...]
    counts: Mapping[Shown, int]

    @property
    def total(self) -> int:
        """How much there is of this sort."""
        return self.counts[self.shown]


def page(shown: Shown, *, today: date) -> Page:
    """What stands of a sort on a day. Needs the tenant's scope."""
    found = invoicing.live_facts(*_KINDS[shown], limit=SHOWN)
    documents = {row.id: row for row in invoicing.invoices([fact.invoice_id for fact in found])}
    names = parties.names([row.party_id for row in documents.values()])
    rows = tuple(
        Row(
            said=claims.said(fact, ()),
            number=documents[fact.invoice_id].number or "",
            customer=names.get(documents[fact.invoice_id].party_id, ""),
            currency=documents[fact.invoice_id].currency,
            days_left=(fact.last_date - today).days if fact.last_date is not None else None,
        )
        for fact in found
    )
    counted = invoicing.count_live_facts()
    counts = {
        each: sum(counted.get((kind, state), 0) for kind in kinds for state in states)
        for each, (kinds, states) in _KINDS.items()
    }
    return Page(shown, rows, counts)


def subject(invoice_id: int, *, today: date) -> Subject | None:
    """A claim as the forms know it; None for what is no issued document. Needs the tenant's scope."""
    copy = invoicing.buyers_copies([invoice_id]).get(invoice_id)
    if copy is None:
        return None
    owed = invoicing.undisputed([invoice_id]).get(invoice_id)
    return Subject(
        currency=copy.currency,
        open_minor=owed.open_minor if owed else 0,
        undisputed_minor=owed.undisputed_minor if owed else 0,
        due_date=copy.due_date,
        first_due_date=copy.moves[0].from_date if copy.moves else copy.due_date,
        lines=copy.lines,
        today=today,
        rule=invoicing.claim_rule(),
    )
