"""What may be asked for beside interest when a payment is late: flat sums and costs of reminding, as dated data.

Sources: Poland: act of 8 March 2013 art. 10. Sweden: lag (1981:739) om ersättning för inkassokostnader m.m. §§ 2-6 and
the ordinance (1981:1057). Romania: Legea 72/2013 art. 10; Directive 2011/7/EU art. 6. Looked up 2026-11-21.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kvit.kernel.dates import previous_working_day
from kvit.kernel.money import Money

VERIFIED_THROUGH: Final = datetime.date(2026, 12, 31)
_COMPENSATED_FROM: Final = {
    "PL": datetime.date(2013, 4, 28),
    "SE": datetime.date(2013, 3, 16),
    "RO": datetime.date(2013, 4, 5),
}
LAWS: Final = {
    "PL": "ustawa z 8 marca 2013 r. o przeciwdziałaniu nadmiernym opóźnieniom w transakcjach handlowych, art. 10",
    "SE": "lag (1981:739) om ersättning för inkassokostnader m.m.",
    "RO": "Legea 72/2013 art. 10",
}
"""By which law one business owes another the flat sum."""
_POLISH_STEPS: Final = ((5_000_00, 40_00), (49_999_99, 70_00))
"""Up to so many grosz of the payment, so many cents; above all 100 euro (since 2020)."""
_POLISH_MOST: Final = 100_00
_STEPS_FROM: Final = datetime.date(2020, 1, 1)


class Cost(StrEnum):
    """What a Swedish creditor did about a late payment."""

    REMINDER = "reminder"
    """A written reminder; its fee must have been agreed when the debt arose."""
    DEMAND = "demand"
    """A demand as § 5 inkassolagen shapes it."""
    PLAN = "plan"
    """A written plan of instalments."""


_SWEDISH_ORE: Final = {Cost.REMINDER: 60_00, Cost.DEMAND: 180_00, Cost.PLAN: 170_00}
SWEDISH_COMPENSATION: Final = Money(450_00, "SEK")


def compensation(country: str, payment: Money, due_date: datetime.date) -> Money | None:
    """The flat sum that one business owes another, or a public body, for a late payment; None where there is none.

    `payment` is the whole payment with VAT. In euro for Poland, where it is asked in zloty by the rate of
    `polish_rate_day`, and for Romania; never from a consumer.
    """
    begun = _COMPENSATED_FROM.get(country)
    if begun is None or due_date < begun or payment.minor <= 0:
        return None
    if country == "SE":
        return SWEDISH_COMPENSATION
    if country == "PL" and payment.currency == "PLN" and due_date >= _STEPS_FROM:
        cents = next((sum_ for most, sum_ in _POLISH_STEPS if payment.minor <= most), _POLISH_MOST)
        return Money(cents, "EUR")
    return Money(40_00, "EUR")


def polish_rate_day(due_date: datetime.date) -> datetime.date:
    """Whose rate of the NBP turns the compensation into zloty: the last working day of the month before (10 (1a))."""
    return previous_working_day(due_date.replace(day=1) - datetime.timedelta(days=1), "PL")


@dataclass(frozen=True, slots=True)
class SwedishCosts:
    """What may be asked for in SEK: costs of reminding, and the flat sum between businesses."""

    costs: Money
    compensation: Money

    @property
    def total(self) -> Money:
        """Both together."""
        return Money(self.costs.minor + self.compensation.minor, "SEK")


def swedish_costs(done: tuple[Cost, ...], *, is_business: bool, reminder_agreed: bool) -> SwedishCosts:
    """Costs of what was done; where the flat sum is owed, only what they come to above it (§ 5 (2))."""
    asked = sum(_SWEDISH_ORE[one] for one in done if one is not Cost.REMINDER or reminder_agreed)
    if not is_business:
        return SwedishCosts(Money(asked, "SEK"), Money(0, "SEK"))
    return SwedishCosts(Money(max(0, asked - SWEDISH_COMPENSATION.minor), "SEK"), SWEDISH_COMPENSATION)


def is_verified(day: datetime.date) -> bool:
    """Whether these sums were compared with the law for this day."""
    return day <= VERIFIED_THROUGH
