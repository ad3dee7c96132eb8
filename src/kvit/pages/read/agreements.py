"""Agreements on self-billing: with whom, whether they are in force, and what was made out by them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import SELF_BILLED
from kvit.invoicing.domain.taxes import LawText, law_text
from kvit.invoicing.queries import AgreementRow, Wanted
from kvit.pages.read import invoices
from kvit.pages.read.invoices import Listed as Document
from kvit.parties import queries as parties
from kvit.parties.queries import Party

LATEST: Final = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """An agreement with the supplier's name; `is_in_force` on the day of the list."""

    row: AgreementRow
    supplier: str
    is_in_force: bool
    begins_later: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An agreement whole; `law` are the words that each document must carry."""

    row: AgreementRow
    supplier: Party
    is_in_force: bool
    begins_later: bool
    law: LawText | None
    documents: tuple[Document, ...]


def is_in_force(row: AgreementRow, today: date) -> bool:
    """Whether a document may be made out by it on a day."""
    return row.from_date <= today and (row.to_date is None or row.to_date >= today)


def listed(*, today: date) -> tuple[Listed, ...]:
    """Every agreement, those in force first, by the suppliers' names. Needs the tenant's scope."""
    rows = invoicing.agreements()
    names = parties.names([row.supplier_id for row in rows])
    found = [
        Listed(row, names.get(row.supplier_id, ""), is_in_force(row, today), row.from_date > today) for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_in_force, one.supplier, -one.row.id)))


def shown(agreement_id: int, *, today: date) -> Shown | None:
    """An agreement, or None where there is no such one. Needs the tenant's scope."""
    row = next((one for one in invoicing.agreements() if one.id == agreement_id), None)
    supplier = parties.party(row.supplier_id) if row else None
    if row is None or supplier is None:
        return None
    wanted = Wanted(kinds=tuple(SELF_BILLED), supplier_id=supplier.id)
    return Shown(
        row=row,
        supplier=supplier,
        is_in_force=is_in_force(row, today),
        begins_later=row.from_date > today,
        law=law_text("self_billing", supplier.country, today),
        documents=invoices.described(invoicing.narrowed(wanted, limit=LATEST), today=today),
    )
