"""VAT rates of Poland, Sweden and Romania: which percentages an invoice of a given day may carry."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError


class NoVatRates(DomainError):
    """No VAT rates are known for this country on this day."""

    code: ClassVar[str] = "no_vat_rates"


class Confidence(StrEnum):
    """How sure the row's source makes it."""

    HIGH = "high"
    MEDIUM_HIGH = "medium-high"


@dataclass(frozen=True, slots=True)
class VatPeriod:
    """The rates (percent) of one country from `first_day` to `last_day`, which is None while it lasts.

    `verified_on` is the day the row was compared with `source`; after `verified_through`, the end of
    that half-year, what is computed from the row needs a warning on the document.
    """

    country: str
    first_day: datetime.date
    last_day: datetime.date | None
    standard: Decimal
    reduced: tuple[Decimal, ...]
    source: str
    confidence: Confidence
    note: str = ""
    verified_on: datetime.date = datetime.date(2026, 11, 21)
    verified_through: datetime.date = datetime.date(2026, 12, 31)

    @property
    def rates(self) -> tuple[Decimal, ...]:
        """Every allowed percentage, the highest first, zero included."""
        return (self.standard, *self.reduced, Decimal(0))


def _percent(*numbers: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in numbers)


# Zero is the rate of exports and supplies to other EU states. Supplies that carry no rate at all
# (exempt, outside the scope, reverse charge) are not rates and do not stand here.
PERIODS: Final[tuple[VatPeriod, ...]] = (
    VatPeriod(
        country="PL",
        first_day=datetime.date(2011, 1, 1),
        last_day=None,
        standard=Decimal(23),
        reduced=_percent(8, 5),
        source="ustawa o VAT art. 41, 146ef; Ministry of Finance, KSeF documentation 2.6",
        confidence=Confidence.HIGH,
        note="a temporary cut on fuel was reported for 2026; it uses one of these rates or is not covered",
    ),
    VatPeriod(
        country="SE",
        first_day=datetime.date(1996, 1, 1),
        last_day=datetime.date(2026, 3, 31),
        standard=Decimal(25),
        reduced=_percent(12, 6),
        source="mervärdesskattelag (2023:200) 9 kap. and the law before it",
        confidence=Confidence.HIGH,
    ),
    VatPeriod(
        country="SE",
        first_day=datetime.date(2026, 4, 1),
        last_day=datetime.date(2027, 12, 31),
        standard=Decimal(25),
        reduced=_percent(12, 6),
        source="proposal to tax food at 6 %; its adoption was not seen",
        confidence=Confidence.MEDIUM_HIGH,
        note="food moves from 12 to 6, restaurants stay at 12: the allowed percentages are the same",
    ),
    VatPeriod(
        country="RO",
        first_day=datetime.date(2017, 1, 1),
        last_day=datetime.date(2025, 7, 31),
        standard=Decimal(19),
        reduced=_percent(9, 5),
        source="Codul fiscal art. 291",
        confidence=Confidence.HIGH,
    ),
    VatPeriod(
        country="RO",
        first_day=datetime.date(2025, 8, 1),
        last_day=datetime.date(2026, 7, 31),
        standard=Decimal(21),
        reduced=_percent(11, 9),
        source="Codul fiscal art. 291 as changed by Legea 141/2025",
        confidence=Confidence.HIGH,
        note="9 only for some housing contracted before August 2025",
    ),
    VatPeriod(
        country="RO",
        first_day=datetime.date(2026, 8, 1),
        last_day=None,
        standard=Decimal(21),
        reduced=_percent(11),
        source="Codul fiscal art. 291 as changed by Legea 141/2025",
        confidence=Confidence.HIGH,
    ),
)


COUNTRIES: Final = frozenset(period.country for period in PERIODS)


def period_on(country: str, day: datetime.date) -> VatPeriod:
    """The row for `day`, the last known one for a day after the table's end. Refuses `NoVatRates`."""
    begun = [period for period in PERIODS if period.country == country and period.first_day <= day]
    if not begun:
        raise NoVatRates(f"no VAT rates are known for {country!r} on {day.isoformat()}")
    return max(begun, key=lambda period: period.first_day)


def rates_on(country: str, day: datetime.date) -> tuple[Decimal, ...]:
    """The percentages an invoice of `day` may carry, the highest first, zero included.

    `day` is the day on which the tax falls due, as the country's law tells it. Refuses `NoVatRates`;
    ask `is_verified` whether the answer needs a warning.
    """
    return period_on(country, day).rates


def is_allowed(country: str, rate: Decimal, day: datetime.date) -> bool:
    """Whether `rate` (percent: 23, not 0.23) exists in `country` on `day`. Refuses `NoVatRates`."""
    return rate in rates_on(country, day)


def is_verified(country: str, day: datetime.date) -> bool:
    """Whether the row for `day` was verified for that day; if not, the document must carry a warning.

    Refuses `NoVatRates`.
    """
    period = period_on(country, day)
    ended = period.last_day is not None and day > period.last_day
    return not ended and day <= period.verified_through
