"""What a simulated company invoices on a day: decided from the seed and the day alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kvit.invoicing.domain import DraftLine
from kvit.kernel import vat
from kvit.kernel.calendars import is_working_day
from kvit.world.chance import happens, lots, pick
from kvit.world.companies import Company, Trade
from kvit.world.people import Person


@dataclass(frozen=True, slots=True)
class Order:
    """One invoice to be drafted: for whom, and its lines."""

    ordinal: int
    lines: tuple[DraftLine, ...]


def orders(company: Company, people: Sequence[Person], day: date, *, seed: int) -> tuple[Order, ...]:
    """What is invoiced on a day, in order of customers."""
    rate = Decimal(0) if company.trade is Trade.CLINIC else vat.period_on(company.country, day).standard
    lines_of = _TRADES[company.trade]
    return tuple(
        Order(person.ordinal, lines)
        for person in people
        for lines in lines_of(Occasion(company.code, person, day, seed, rate))
    )


@dataclass(frozen=True, slots=True)
class Occasion:
    """A customer and a day, with the VAT rate (percent) of what the company sells."""

    company: str
    person: Person
    day: date
    seed: int
    rate: Decimal

    def line(self, what: str, quantity: int | str, price: str, unit: str) -> DraftLine:
        """A line of an invoice; the price is net, in whole units of the currency."""
        return DraftLine(what, Decimal(quantity), Decimal(price), self.rate, unit)


Lines = Iterator[tuple[DraftLine, ...]]

_BILLING_DAYS: Final = (1, 8, 15, 22)
_PLANS: Final = (
    (("Bredband 100", "279.20"), 35),
    (("Bredband 250", "319.20"), 35),
    (("Bredband 1000", "479.20"), 30),
)
_FIRM_PLANS: Final = ((("Företagsfiber", "1199"), 60), (("Företagsfiber Plus", "1899"), 40))
_SITES: Final = 3


def _telecom(of: Occasion) -> Lines:
    """A subscription each month, one invoice for each of a firm's sites."""
    person = of.person
    if of.day.day != _BILLING_DAYS[person.ordinal % len(_BILLING_DAYS)]:
        return
    for site in range(min(person.units, _SITES)):
        plan, price = pick(
            lots(of.seed, of.company, "plan", person.ordinal, site), _FIRM_PLANS if person.is_firm else _PLANS
        )
        lines = [of.line(f"{plan}, {of.day:%Y-%m}", 1, price, "mån")]
        source = lots(of.seed, of.company, "extra", person.ordinal, site, of.day)
        if happens(source, 8):
            lines.append(of.line("Samtal utöver abonnemang", source.randrange(12, 300), "0.392", "min"))
        if happens(source, 2):
            lines.append(of.line("Router Wi-Fi 6", 1, "719.20", "st"))
        yield tuple(lines)


_VISITS: Final = (
    (("Läkarbesök, vuxen", "300"), 40),
    (("Telefonrådgivning", "150"), 18),
    (("Provtagning", "220"), 14),
    (("Sjuksköterskebesök", "200"), 16),
    (("Vaccination, influensa", "350"), 7),
    (("Uteblivet besök", "400"), 5),
)
_HEALTH_DAY: Final = 27
_VISITS_PER_THOUSAND_DAYS: Final = 32


def _clinic(of: Occasion) -> Lines:
    """A visit now and then on working days; firms pay each month for what their people had."""
    source = lots(of.seed, of.company, "visit", of.person.ordinal, of.day)
    if of.person.is_firm:
        if of.day.day == _HEALTH_DAY:
            people = 4 * of.person.units + source.randrange(5)
            yield (of.line(f"Företagshälsovård, {of.day:%Y-%m}", people, "495", "pers"),)
        return
    if source.randrange(1000) < _VISITS_PER_THOUSAND_DAYS and is_working_day(of.day, "SE"):
        what, price = pick(source, _VISITS)
        lines = [of.line(what, 1, price, "st")]
        if happens(source, 15):
            lines.append(of.line("Intyg", 1, "500", "st"))
        yield tuple(lines)


_PERCENT_BY_MONTH: Final = (145, 138, 120, 98, 85, 78, 76, 80, 92, 108, 128, 142)
_READINGS: Final = 26


def _energy(of: Occasion) -> Lines:
    """What each meter counted, read once a month on the customer's own day."""
    person = of.person
    if of.day.day != 2 + person.ordinal % _READINGS:
        return
    usual = lots(of.seed, of.company, "usage", person.ordinal).randrange(110, 320) * (9 if person.is_firm else 1)
    for meter in range(person.units):
        source = lots(of.seed, of.company, "reading", person.ordinal, meter, of.day)
        kwh = usual * _PERCENT_BY_MONTH[of.day.month - 1] * source.randrange(88, 113) // 10_000
        yield (
            of.line(f"Energia czynna, licznik {person.number}/{meter + 1}", kwh, "0.6212", "kWh"),
            of.line("Dystrybucja zmienna", kwh, "0.3174", "kWh"),
            of.line("Opłata stała", 1, "24.60", "mies."),
        )


_VEHICLES: Final = 3
_SALES_PER_THOUSAND_DAYS: Final = 12


def _tracking(of: Occasion) -> Lines:
    """A subscription by vehicle on the first of the month, one invoice per cost centre; now and then devices."""
    person = of.person
    if of.day.day == 1:
        for centre in range(person.units):
            vehicles = 1 + lots(of.seed, of.company, "fleet", person.ordinal, centre).randrange(
                _VEHICLES * person.units
            )
            yield (
                of.line(f"Abonament monitorizare GPS {of.day:%m.%Y}, punct {centre + 1}", vehicles, "39.90", "vehicul"),
            )
    source = lots(of.seed, of.company, "sale", person.ordinal, of.day)
    if source.randrange(1000) < _SALES_PER_THOUSAND_DAYS and is_working_day(of.day, "RO"):
        count = source.randrange(1, 4)
        yield (
            of.line("Dispozitiv GPS FT-200", count, "249.00", "buc"),
            of.line("Montaj", count, "80.00", "buc"),
        )


_TRADES: Final[Mapping[Trade, Callable[[Occasion], Lines]]] = {
    Trade.TELECOM: _telecom,
    Trade.CLINIC: _clinic,
    Trade.ENERGY: _energy,
    Trade.TRACKING: _tracking,
}
