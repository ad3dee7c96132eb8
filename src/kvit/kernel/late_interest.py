"""Interest for late payment by law, as dated data: which rate holds on which day, and what it makes of an amount.

Sources: Poland: act of 8 March 2013 art. 4, 7, 8, 11b, 20; Kodeks cywilny art. 481 § 2. Sweden: räntelag (1975:635)
§§ 3-6, 9. Romania: OG 13/2011 art. 3, 5; Legea 72/2013; Directive 2011/7/EU art. 3 (3) on the half-years. Reference
rates of the central banks as published; looked up 2026-11-21.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.money import round_half_up
from kvit.kernel.refusals import DomainError

YEAR_DAYS: Final = 365
"""By convention in leap years too."""
_DAY: Final = datetime.timedelta(days=1)
_JULY: Final = 7


class NoInterestRate(DomainError):
    """No rate is known for this day."""

    code: ClassVar[str] = "no_interest_rate"


class Bank(StrEnum):
    """Whose reference rate it is."""

    NBP = "NBP"
    BNR = "BNR"
    RIKSBANK = "Riksbanken"


class Regime(StrEnum):
    """Under which rule interest for late payment runs."""

    PL_B2B = "PL_B2B"
    PL_B2B_MEDICAL = "PL_B2B_MEDICAL"
    """Owed by a public medical entity"""
    PL_KC481 = "PL_KC481"
    """Owed by a consumer, and all else outside the act of 2013"""
    SE_6 = "SE_6"
    RO_B2B_SEM = "RO_B2B_SEM"
    RO_B2B_DAILY = "RO_B2B_DAILY"
    """OG 13/2011 alone, without the half-years of the directive"""
    RO_B2C = "RO_B2C"
    RO_C2C = "RO_C2C"
    """Neither side acts in an enterprise"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A reference rate and what is added to it (percent); `is_frozen` takes it on the first day of each half-year.

    `factor` is what part of both is taken.
    """

    bank: Bank
    margin: Decimal
    is_frozen: bool = False
    factor: Decimal = Decimal(1)


RULES: Final = {
    Regime.PL_B2B: Rule(Bank.NBP, Decimal(10), is_frozen=True),
    Regime.PL_B2B_MEDICAL: Rule(Bank.NBP, Decimal(8), is_frozen=True),
    Regime.PL_KC481: Rule(Bank.NBP, Decimal("5.5")),
    Regime.SE_6: Rule(Bank.RIKSBANK, Decimal(8), is_frozen=True),
    Regime.RO_B2B_SEM: Rule(Bank.BNR, Decimal(8), is_frozen=True),
    Regime.RO_B2B_DAILY: Rule(Bank.BNR, Decimal(8)),
    Regime.RO_B2C: Rule(Bank.BNR, Decimal(4)),
    Regime.RO_C2C: Rule(Bank.BNR, Decimal(4), factor=Decimal("0.8")),
}
_POLISH_ACT: Final = "ustawa z 8 marca 2013 r. o przeciwdziałaniu nadmiernym opóźnieniom w transakcjach handlowych"
LAWS: Final = {
    Regime.PL_B2B: f"{_POLISH_ACT}, art. 7, 11b",
    Regime.PL_B2B_MEDICAL: f"{_POLISH_ACT}, art. 8, 11b",
    Regime.PL_KC481: "Kodeks cywilny, art. 481 § 2",
    Regime.SE_6: "räntelagen (1975:635) 6 §, 9 §",
    Regime.RO_B2B_SEM: "OG 13/2011 art. 3; Legea 72/2013",
    Regime.RO_B2B_DAILY: "OG 13/2011 art. 3",
    Regime.RO_B2C: "OG 13/2011 art. 3",
    Regime.RO_C2C: "OG 13/2011 art. 3",
}
"""By which law each runs, as lawyers of its country cite it."""
_ALL_AT_EIGHT_BEFORE: Final = datetime.date(2020, 1, 1)
"""The act of 2013 had one margin, 8 points, before that day (art. 20 (3) of the act that changed it)."""
_LAST_SEEN: Final = {
    Bank.NBP: datetime.date(2026, 3, 5),
    Bank.BNR: datetime.date(2026, 2, 17),
    Bank.RIKSBANK: datetime.date(2026, 1, 29),
}
"""The last day for which each bank's rate was seen in a source."""
_NBP: Final = """
    2015-03-05 1.50  2020-03-18 1.00  2020-04-09 0.50  2020-05-29 0.10  2021-10-07 0.50  2021-11-04 1.25
    2021-12-09 1.75  2022-01-05 2.25  2022-02-09 2.75  2022-03-09 3.50  2022-04-07 4.50  2022-05-06 5.25
    2022-06-09 6.00  2022-07-08 6.50  2022-09-08 6.75  2023-09-07 6.00  2023-10-05 5.75  2025-05-08 5.25
    2025-07-03 5.00  2025-09-04 4.75  2025-10-09 4.50  2025-11-06 4.25  2025-12-04 4.00  2026-03-05 3.75
"""
_BNR: Final = """
    2018-05-08 2.50  2020-03-23 2.00  2020-06-02 1.75  2020-08-06 1.50  2021-01-18 1.25  2021-10-06 1.50
    2021-11-10 1.75  2022-01-11 2.00  2022-02-10 2.50  2022-04-06 3.00  2022-05-11 3.75  2022-07-07 4.75
    2022-08-08 5.50  2022-10-06 6.25  2022-11-09 6.75  2023-01-11 7.00  2024-07-08 6.75  2024-08-08 6.50
"""
_RIKSBANK: Final = """
    2016-07-01 -0.50  2019-07-01 0.00  2022-07-01 0.50  2023-01-01 2.50  2023-07-01 3.50  2024-01-01 4.00
    2025-01-01 3.00  2025-07-01 2.00
"""


def _read(listed: str) -> tuple[tuple[datetime.date, Decimal], ...]:
    words = listed.split()
    days = (datetime.date.fromisoformat(day) for day in words[::2])
    return tuple(zip(days, map(Decimal, words[1::2]), strict=True))


REFERENCE: dict[Bank, tuple[tuple[datetime.date, Decimal], ...]] = {
    Bank.NBP: _read(_NBP),
    Bank.BNR: _read(_BNR),
    Bank.RIKSBANK: _read(_RIKSBANK),
}
"""Each bank's rate (percent a year) from a day on."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Interest on one amount over days of one rate, both days included; minor units, percent a year."""

    from_date: datetime.date
    to_date: datetime.date
    days: int
    base_minor: int
    percent: Decimal
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What the rate of a day is made of: a bank's reference rate as it stood on a day, and what is added to it.

    All rates in percent a year; `factor` is what part of both is taken.
    """

    bank: Bank
    fixed_date: datetime.date
    reference_percent: Decimal
    margin: Decimal
    factor: Decimal
    law: str

    @property
    def percent(self) -> Decimal:
        """The rate itself."""
        return (self.reference_percent + self.margin) * self.factor


def basis_on(regime: Regime, day: datetime.date) -> Basis:
    """What the rate of a day is made of, and by which law. Refuses `NoInterestRate`."""
    rule = RULES[regime]
    fixed = _fixed_on(rule, day)
    known = [percent for first, percent in REFERENCE[rule.bank] if first <= fixed]
    if not known:
        raise NoInterestRate(f"no rate of {rule.bank.value} is known for {day}")
    margin = rule.margin
    if regime is Regime.PL_B2B and day < _ALL_AT_EIGHT_BEFORE:
        margin = RULES[Regime.PL_B2B_MEDICAL].margin
    return Basis(rule.bank, fixed, known[-1], margin, rule.factor, LAWS[regime])


def percent_on(regime: Regime, day: datetime.date) -> Decimal:
    """The rate (percent a year) of a day. Refuses `NoInterestRate`; ask `is_verified` whether it needs a warning."""
    return basis_on(regime, day).percent


def verified_through(regime: Regime) -> datetime.date:
    """The last day whose rate was compared with a source: of a frozen one the last of its half-year."""
    rule = RULES[regime]
    seen = _LAST_SEEN[rule.bank]
    return _before_change(regime, seen) if rule.is_frozen else seen


def is_verified(regime: Regime, day: datetime.date) -> bool:
    """Whether the rate of this day was compared with a source; if not, what is computed from it says so."""
    return day <= verified_through(regime)


def segments(
    regime: Regime, base_minor: int, from_date: datetime.date, to_date: datetime.date, *, year_days: int = YEAR_DAYS
) -> tuple[Segment, ...]:
    """Interest on an amount from a day to a day, both included: one segment for each rate, each rounded half up.

    Rounding each makes the lines of a demand add up to its sum. Nothing where the last day is before the first.
    """
    found: list[Segment] = []
    first = from_date
    while first <= to_date:
        percent, last = percent_on(regime, first), first
        while last < to_date and percent_on(regime, last + _DAY) == percent:
            last = min(to_date, _before_change(regime, last + _DAY))
        days = (last - first).days + 1
        amount = round_half_up(Decimal(base_minor) * percent * days / (100 * year_days), 0)
        found.append(Segment(first, last, days, base_minor, percent, int(amount)))
        first = last + _DAY
    return tuple(found)


def total_minor(found: Sequence[Segment]) -> int:
    """What segments make together."""
    return sum(one.amount_minor for one in found)


def _fixed_on(rule: Rule, day: datetime.date) -> datetime.date:
    """The day whose reference rate counts."""
    return day.replace(month=_JULY if day.month >= _JULY else 1, day=1) if rule.is_frozen else day


def _before_change(regime: Regime, day: datetime.date) -> datetime.date:
    """The last day from `day` on before the rate may change: before a half-year, or a decision of the bank."""
    rule = RULES[regime]
    july, january = datetime.date(day.year, _JULY, 1), datetime.date(day.year + 1, 1, 1)
    half_year = january if day >= july else july
    if rule.is_frozen:
        return half_year - _DAY
    changes = [first for first, _ in REFERENCE[rule.bank] if first > day]
    return min((*changes, half_year)) - _DAY
