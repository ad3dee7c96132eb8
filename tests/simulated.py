"""A simulated company without books: its people, its bills and what the banks book, straight from the seed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from kvit.kernel import payment_reference
from kvit.world import bank_days, billing
from kvit.world.bank_days import Movement
from kvit.world.bank_files import Page
from kvit.world.bills import Bill
from kvit.world.companies import COMPANIES, Company, Dialect
from kvit.world.people import Person, population

SEED = 7
FIRST = date(2026, 3, 2)
"""A Monday."""

ACCOUNT_OF = {
    Dialect.BGMAX: ("nordljus", "giro"),
    Dialect.CAMT_SE: ("linden", "main"),
    Dialect.CAMT_PL: ("promien", "main"),
    Dialect.CAMT_RO: ("traseu", "main"),
    Dialect.MT940_PL: ("promien", "second"),
    Dialect.MT940_RO: ("traseu", "second"),
}


def bills_of(company: Company, people: Sequence[Person], *, days: int, first: date = FIRST) -> list[Bill]:
    """The invoices of some days as they would be issued, numbered in their order."""
    found: list[Bill] = []
    for day in (first + timedelta(days=n) for n in range(days)):
        for order in billing.orders(company, people, day, seed=SEED):
            number = len(found) + 1
            make = payment_reference.ocr if company.country == "SE" else payment_reference.rf
            net = sum((line.quantity * line.unit_price for line in order.lines), Decimal(0))
            gross = int(net * (100 + order.lines[0].vat_rate))
            found.append(Bill(number, order.ordinal, f"F2026-{number:06d}", make(number), gross, day))
    return found


def booked(company: Company, *, customers: int, days: int) -> tuple[tuple[Person, ...], tuple[Movement, ...]]:
    """The people of a company, and all that its banks book in some days."""
    people = population(company, seed=SEED, count=customers)
    bills = bills_of(company, people, days=days)
    last = FIRST + timedelta(days=days - 1)
    return people, bank_days.movements(company, people, bills, days=(FIRST, last), seed=SEED)


def page(dialect: Dialect, *, customers: int = 120, days: int = 90, last_days: int = 14) -> Page:
    """The last days of an account whose bank writes this dialect."""
    code, name = ACCOUNT_OF[dialect]
    company = COMPANIES[code]
    _, movements = booked(company, customers=customers, days=days)
    last = FIRST + timedelta(days=days - 1)
    first = last - timedelta(days=last_days - 1)
    return Page(
        company=company,
        account=replace(company.account(name), dialect=dialect),
        first=first,
        last=last,
        opening_minor=1_234_56,
        movements=tuple(m for m in movements if m.account == name and m.day >= first),
    )
