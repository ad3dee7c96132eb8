"""What the ledger asks of higher contexts at once: what the documents that entries are about are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CategorySum:
    """What of a sales document falls under one VAT category (UNTDID 5305) at one rate (percent).

    Minor units, a credit note below zero.
    """

    category: str
    vat_rate: Decimal
    base_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesDocument:
    """A sales document as a VAT register lists it, as it was frozen when it was issued.

    `currency` is that of `sums`: the supplier's national one where the document's own (`document_currency`) could be
    converted at its rate. `buyer_vat_number` is without its country's letters, which stand in `buyer_vat_country`.
    """

    number: str
    issue_date: date
    sale_date: date | None
    currency: str
    document_currency: str
    exchange_rate: Decimal | None
    buyer_name: str
    buyer_country: str
    buyer_vat_country: str
    buyer_vat_number: str
    is_correction: bool
    goods: tuple[str, ...]
    sums: tuple[CategorySum, ...]


class Subjects(Protocol):
    """Knows the subjects of entries. Asked within the tenant's scope, for a chunk of them at a time."""

    def names(self, subjects: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
        """The numbers of documents by (kind, id); what has none is left out."""
        ...

    def sales(self, subjects: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], SalesDocument]:
        """Sales documents among these by (kind, id); others are left out."""
        ...


class _Nobody:
    """Where nobody has said what documents are called, they are called by nothing."""

    def names(self, subjects: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
        """Nothing."""
        return {}

    def sales(self, subjects: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], SalesDocument]:
        """Nothing."""
        return {}


_asked: list[Subjects] = [_Nobody()]


def answer_with(subjects: Subjects) -> None:
    """Said once at start, by `flows`."""
    _asked[:] = [subjects]


def subjects() -> Subjects:
    """Whom to ask."""
    return _asked[0]
