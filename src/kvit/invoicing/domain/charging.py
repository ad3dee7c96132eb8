"""What a late invoice costs: interest on what was open on each day, and the flat sum, as lines of a note."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Final

from kvit.base.texts import N_
from kvit.invoicing.domain.draft import DraftLine
from kvit.kernel import currencies, figures, late_fees, late_interest
from kvit.kernel.dates import effective_due_date
from kvit.kernel.late_interest import Regime, Segment
from kvit.kernel.money import Money, round_half_up
from kvit.kernel.refusals import DomainError

_DAY: Final = timedelta(days=1)
INTEREST: Final = N_(
    "Interest for late payment on %(number)s: %(base)s at %(percent)s a year from %(first)s to %(last)s (%(days)s days)"
)
FLAT_SUM: Final = N_("Compensation for recovery costs, %(number)s: %(amount)s")
AT_RATE: Final = N_("1 %(currency)s = %(rate)s %(national)s, %(source)s of %(day)s")
UNVERIFIED: Final = N_("A rate used here is newer than our last check of the law.")
_REGIMES: Final = {
    ("PL", True): (Regime.PL_B2B, Regime.PL_B2B_MEDICAL, Regime.PL_KC481),
    ("PL", False): (Regime.PL_KC481,),
    ("SE", True): (Regime.SE_6,),
    ("SE", False): (Regime.SE_6,),
    ("RO", True): (Regime.RO_B2B_SEM, Regime.RO_B2B_DAILY),
    ("RO", False): (Regime.RO_B2C,),
}


class NotLate(DomainError):
    """Not an issued invoice that was open after its due date, or all of its interest was asked for already."""

    code: ClassVar[str] = "invoicing.not_late"


class NoInterestRule(DomainError):
    """No rule of interest for late payment is known in the seller's country, or not the one that is named."""

    code: ClassVar[str] = "invoicing.no_interest_rule"


class NoRateForCompensation(DomainError):
    """The flat sum is in euro, and no exchange rate of the day by which it is converted is known."""

    code: ClassVar[str] = "invoicing.no_rate_for_compensation"


@dataclass(frozen=True, slots=True)
class Reduction:
    """On a day so much of what was owed was settled; that day still bears interest on it. Minor units."""

    day: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Late:
    """An issued invoice as the law looks at it: who owes, since when, what was settled on which day (minor units).

    `country` is the creditor's; `asked_until` the last day for which interest was asked, None where none was.
    """

    invoice_id: int
    customer_id: int
    number: str
    issue_date: date
    due_date: date
    gross: Money
    country: str
    is_business: bool
    language: str
    owed_minor: int
    reductions: tuple[Reduction, ...]
    asked_until: date | None

    @property
    def last_good_day(self) -> date:
        """The last day on which paying was in time."""
        return effective_due_date(self.due_date, self.country)

    @property
    def first(self) -> date:
        """The first day that bears interest for which none was asked yet."""
        late_from = self.last_good_day + _DAY
        return max(late_from, self.asked_until + _DAY) if self.asked_until else late_from

    @property
    def flat_sum(self) -> Money | None:
        """What one business owes another beside interest, in the law's currency; with the first note alone."""
        if self.asked_until or not self.is_business:
            return None
        return late_fees.compensation(self.country, self.gross, self.last_good_day)

    @property
    def flat_rate_date(self) -> date:
        """Whose exchange rate turns the flat sum into the invoice's currency, or the last one before it."""
        return late_fees.polish_rate_day(self.last_good_day) if self.country == "PL" else self.last_good_day


def regimes_of(country: str, *, is_business: bool) -> tuple[Regime, ...]:
    """The rules by which a debtor of a creditor in this country may owe interest, the usual one first."""
    return _REGIMES.get((country, is_business), ())


def regime_of(late: Late, wanted: str = "") -> Regime:
    """The rule that is wanted, or the usual one. Refuses `NoInterestRule`."""
    known = regimes_of(late.country, is_business=late.is_business)
    if not known or (wanted and wanted not in known):
        raise NoInterestRule(f"there is no rule here for interest in {late.country} {wanted}".rstrip())
    return Regime(wanted) if wanted else known[0]


def interest_on(late: Late, regime: Regime, through: date) -> tuple[Segment, ...]:
    """Interest up to a day, which is included. Refuses `NotLate`, `NoInterestRate`."""
    found = interest(regime, late.owed_minor, late.reductions, first=late.first, last=through)
    if not found:
        raise NotLate(f"{late.number} bears no interest from {late.first} to {through}")
    return found


def interest(
    regime: Regime, owed_minor: int, reductions: Iterable[Reduction], *, first: date, last: date
) -> tuple[Segment, ...]:
    """Interest from a day to a day, both included, on what was open. Refuses `NoInterestRate`."""
    by_day: dict[date, int] = {}
    for one in reductions:
        day = max(one.day, first - _DAY)
        by_day[day] = by_day.get(day, 0) + one.amount_minor
    found: list[Segment] = []
    base, start = owed_minor - by_day.pop(first - _DAY, 0), first
    for day in sorted(day for day in by_day if day < last):
        if base > 0:
            found += late_interest.segments(regime, base, start, day)
        base, start = base - by_day[day], day + _DAY
    if base > 0:
        found += late_interest.segments(regime, base, start, last)
    return tuple(one for one in found if one.amount_minor)


def interest_lines(
    segments: Sequence[Segment], number: str, currency: str, *, words: Mapping[str, str], language: str
) -> tuple[DraftLine, ...]:
    """A line for each segment with its base, rate, days; `words` are the texts in the language."""
    return tuple(
        _line(
            words[INTEREST]
            % {
                "number": number,
                "base": figures.money_text(one.base_minor, currency, language),
                "percent": figures.percent_text(one.percent, language),
                "first": figures.day_text(one.from_date, language),
                "last": figures.day_text(one.to_date, language),
                "days": one.days,
            },
            Money(one.amount_minor, currency),
        )
        for one in segments
    )


@dataclass(frozen=True, slots=True)
class Converted:
    """A flat sum in the currency of the invoice, by the rate of a day; None where it is in it already."""

    told: Money
    asked: Money
    rate: Decimal | None = None
    rate_date: date | None = None
    source: str = ""


def converted(told: Money, currency: str, rate: Decimal, rate_date: date, source: str) -> Converted:
    """The sum in another currency, rounded half up."""
    scale = currencies.minor_units(currency) - currencies.minor_units(told.currency)
    amount = round_half_up((Decimal(told.minor) * rate).scaleb(scale), 0)
    return Converted(told, Money(int(amount), currency), rate, rate_date, source)


def flat_line(one: Converted, number: str, *, words: Mapping[str, str], language: str) -> DraftLine:
    """The line of the flat sum, with the rate by which it was converted."""
    told = figures.money_text(one.told.minor, one.told.currency, language)
    text = words[FLAT_SUM] % {"number": number, "amount": told}
    if one.rate is not None and one.rate_date is not None:
        at = words[AT_RATE] % {
            "currency": one.told.currency,
            "rate": figures.decimal_text(one.rate, language),
            "national": one.asked.currency,
            "source": one.source,
            "day": figures.day_text(one.rate_date, language),
        }
        text = f"{text} ({at})"
    return _line(text, one.asked)


def _line(text: str, amount: Money) -> DraftLine:
    return DraftLine(text, Decimal(1), amount.to_decimal(), Decimal(0), "")
