"""What lies in the archive, as people look for it: by kind, number, the other side, days and sum."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from kvit.documents import queries as documents
from kvit.documents.domain import filing, wording
from kvit.documents.domain.kinds import SheetKind
from kvit.documents.domain.retention import RetentionClass
from kvit.documents.queries import FilingRow, Sought
from kvit.invoicing import queries as invoicing
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties

SHOWN: Final = 50
MOST_PARTIES: Final = 200
_INVOICING: Final = frozenset({"invoice"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; whatever is empty is not asked about. `below` is the (day, id) of the last one seen."""

    number: str = ""
    kind: str = ""
    customer: str = ""
    since: date | None = None
    until: date | None = None
    amount_minor: int | None = None
    below: tuple[date, int] | None = None


@dataclass(frozen=True, slots=True)
class Archived:
    """A document of the archive; `customer_id` and `invoice_id` lead to their pages."""

    filing: FilingRow
    title: str
    party: str
    kept: str
    customer_id: int | None
    invoice_id: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the archive, the latest day first; `older` is the cursor of the rest, or None."""

    rows: tuple[Archived, ...]
    older: str | None
    kinds: Mapping[str, str] = field(default_factory=dict)


def page(wanted: Wanted) -> Page:
    """What fits. Needs the tenant's scope."""
    party_ids = None
    if wanted.customer:
        party_ids = [hit.party_id for hit in parties.search(wanted.customer, limit=MOST_PARTIES)]
        if (by_number := invoicing.find_customer(wanted.customer)) is not None:
            row = invoicing.customer(by_number)
            party_ids += [row.party_id] if row is not None else []
    sought = Sought(
        number=wanted.number,
        kind=wanted.kind or None,
        since=wanted.since,
        until=wanted.until,
        party_ids=tuple(party_ids) if party_ids is not None else None,
        amount_minor=wanted.amount_minor,
    )
    found = documents.search(sought, below=wanted.below, limit=SHOWN + 1)
    rows = found[:SHOWN]
    older = f"{rows[-1].document_date.isoformat()}.{rows[-1].id}" if len(found) > SHOWN else None
    return Page(_described(rows), older, kinds())


def kinds() -> Mapping[str, str]:
    """The kinds of document by code, in the reader's words."""
    return {kind.value: _(wording.KINDS[kind]) for kind in SheetKind} | {
        filing.EINVOICE: _("E-invoice"),
        "logo": _("Logo"),
    }


def below(text: str | None) -> tuple[date, int] | None:
    """The cursor back from an address, or None where it is none."""
    day, _dot, number = (text or "").partition(".")
    if not (number.isdecimal() and number.isascii() and len(number) < 19):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


def _described(rows: tuple[FilingRow, ...]) -> tuple[Archived, ...]:
    ids = list({row.party_id for row in rows if row.party_id is not None})
    people, customers, names = parties.parties(ids), invoicing.customers_of(ids), kinds()
    found = []
    for row in rows:
        customer = customers.get(row.party_id or 0)
        person = people.get(row.party_id or 0)
        found.append(
            Archived(
                filing=row,
                title=f"{names.get(row.kind, row.kind)} {row.number}".strip(),
                party=person.name if person is not None else "",
                kept=_kept(row),
                customer_id=customer.id if customer is not None else None,
                invoice_id=row.subject_id if row.subject_kind in _INVOICING else None,
            )
        )
    return tuple(found)


def _kept(row: FilingRow) -> str:
    texts = {
        RetentionClass.ACCOUNTING: _("Books"),
        RetentionClass.CLAIM: _("Proof of a claim"),
        RetentionClass.USE: _("As long as it is used"),
    }
    return texts[row.file.retention]
