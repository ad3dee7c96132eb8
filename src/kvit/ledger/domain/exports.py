"""Entries handed to the accountant: in which formats, and how an export moves."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.lifecycle import Lifecycle
from kvit.kernel.refusals import DomainError


class ExportFormat(StrEnum):
    """SIE 4 (type 4I, one file per currency), CSV and XLSX journals, JPK-ready tables of journal and sales register."""

    SIE = "sie4"
    CSV = "csv"
    XLSX = "xlsx"
    JPK_KR = "jpk_kr"
    JPK_V7 = "jpk_v7"


class ExportState(StrEnum):
    """Being made, made, handed over; taken into the accountant's books, or refused and to be made anew."""

    PREPARING = "preparing"
    MADE = "made"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


EXPORT: Final = Lifecycle(
    kind="ledger.export",
    table="ledger_export",
    moves={
        ExportState.PREPARING: frozenset({ExportState.MADE}),
        ExportState.MADE: frozenset({ExportState.DELIVERED, ExportState.ACKNOWLEDGED, ExportState.REFUSED}),
        ExportState.DELIVERED: frozenset({ExportState.ACKNOWLEDGED, ExportState.REFUSED}),
        ExportState.REFUSED: frozenset({ExportState.PREPARING}),
        ExportState.ACKNOWLEDGED: frozenset(),
    },
)
USUAL: Final = {
    "SE": (ExportFormat.SIE, ExportFormat.XLSX),
    "PL": (ExportFormat.JPK_KR, ExportFormat.JPK_V7, ExportFormat.XLSX),
}
USUAL_ELSEWHERE: Final = (ExportFormat.CSV, ExportFormat.XLSX)


class BadExport(DomainError):
    """A period that ends before it begins, no format, or SIE over more than one calendar year."""

    code: ClassVar[str] = "ledger.bad_export"


class NothingToExport(DomainError):
    """Every entry of the period was exported before, or there is none."""

    code: ClassVar[str] = "ledger.nothing_to_export"


class NotMapped(DomainError):
    """An account that is used has no number in the company's chart."""

    code: ClassVar[str] = "ledger.not_mapped"


class BadMapping(DomainError):
    """No account of ours, or a number that is not made of letters and digits, or no name."""

    code: ClassVar[str] = "ledger.bad_mapping"


class NoSuchExport(DomainError):
    """The tenant has no such export."""

    code: ClassVar[str] = "ledger.no_such_export"


@dataclass(frozen=True, slots=True)
class ExportLine:
    """A line of an exported entry, with the number of its account in the company's chart.

    `number` counts the entries of a year without gaps; lines of an entry stand together, in its order.
    """

    year: int
    number: int
    entry_date: date
    recorded_date: date
    kind: str
    subject: tuple[str, int]
    account: str
    account_name: str
    currency: str
    amount_minor: int
    document: str
    party: str
    is_reversal: bool

    @property
    def entry(self) -> str:
        """What the entry is called outside: `2026-17`."""
        return f"{self.year}-{self.number}"


def require_sound(from_date: date, to_date: date, formats: tuple[ExportFormat, ...]) -> None:
    """Refuses `BadExport`."""
    if from_date > to_date:
        raise BadExport(f"the period ends ({to_date}) before it begins ({from_date})")
    if not formats:
        raise BadExport("an export has at least one format")
    if ExportFormat.SIE in formats and from_date.year != to_date.year:
        raise BadExport("a SIE file is of one financial year: choose a period within a calendar year")
