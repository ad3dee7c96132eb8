"""A firm's own history in figures: what the robot would have done with it, and how sure it should be for that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvit.matching.domain.evidence import Reason
from kvit.matching.domain.rule import WHOLE_PPM

MOST_CASES: Final = 200


@dataclass(frozen=True, slots=True)
class Case:
    """A payment that would have been booked wrongly: its line in the file, and why the robot was sure.

    `would_pay` and `paid` are numbers of invoices; neither payer nor text is kept.
    """

    line: int
    payment_date: date
    amount_minor: int
    currency: str
    would_pay: tuple[str, ...]
    paid: tuple[str, ...]
    confidence_ppm: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """Payments of a month by what would have become of them."""

    month: str
    right: int
    wrong: int
    asked: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read: its place in the file, in English, and as a code with what it speaks of."""

    place: str
    reason: str
    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """What would have become of all payments with one factor of `calibration`."""

    factor_ppm: int
    least_ppm: int
    right: int
    wrong: int
    asked: int

    @property
    def precision_ppm(self) -> int | None:
        """How many automatic links in a million would have been right; None without any."""
        booked = self.right + self.wrong
        return self.right * WHOLE_PPM // booked if booked else None


@dataclass(frozen=True)
class HistoryReport:
    """What the robot would have done with the payments of a file, had it been live.

    `asked` is what a person would have been asked about; of those the first suggestion was right for
    `suggested_right`. `of_invoices` is how many payments pay an invoice, `straight` how many of those would have been
    booked rightly by themselves. `shipped` are the figures of the calibration in force, `fitted` those of the one that
    fits this history. `unknown_dates` invoices had no dates of their own: they count as issued 30 days before they
    were first paid. With `faults` nothing was tried.
    """

    payments: int = 0
    of_invoices: int = 0
    straight: int = 0
    suggested_right: int = 0
    target_ppm: int = 0
    from_date: date | None = None
    to_date: date | None = None
    shipped: Figures | None = None
    fitted: Figures | None = None
    unknown_dates: int = 0
    months: tuple[Month, ...] = ()
    cases: tuple[Case, ...] = ()
    asked_because: tuple[tuple[str, int], ...] = ()
    faults: tuple[Fault, ...] = ()
    fault_count: int = 0

    @property
    def straight_through_ppm(self) -> int | None:
        """How many payments of invoices in a million would have needed nobody; None without any."""
        return self.straight * WHOLE_PPM // self.of_invoices if self.of_invoices else None


def months(verdicts: Sequence[tuple[date, str]]) -> tuple[Month, ...]:
    """By month, from (day, right, wrong or asked)."""
    found = Counter((f"{day:%Y-%m}", verdict) for day, verdict in verdicts)
    return tuple(
        Month(month, found[month, "right"], found[month, "wrong"], found[month, "asked"])
        for month in sorted({month for month, _ in found})
    )
