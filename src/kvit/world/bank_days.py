"""What the banks book on a simulated company's accounts: its customers' payments, its own, and some unexpected."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from kvit.kernel.calendars import is_working_day
from kvit.kernel.dates import end_of_month, previous_working_day
from kvit.world import crossing, habits, names, untidy
from kvit.world.bills import Bill, Intention, Meant
from kvit.world.chance import digits, happens, lots
from kvit.world.companies import Company, Payers
from kvit.world.people import Payer, Person


class Sort(StrEnum):
    """What a movement is."""

    PAYMENT = "payment"
    SUPPLIER = "supplier"
    WAGES = "wages"
    FEE = "fee"
    TAX_REFUND = "tax refund"
    STRAY = "stray"
    """Of untidy payers only: money of others, of card settlements, of people who are no customers."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moves on an account (by its code); minor units, negative when it goes out.

    `bank_id` is the bank's own number of it, 12 digits that belong to this movement alone. `customer` and `meant` are
    the truth that only the world knows: who paid, and for which invoices. `parts` are references with amounts.
    """

    account: str
    day: date
    amount_minor: int
    other: Payer
    bank_id: str
    sort: Sort
    reference: str = ""
    text: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    virtual_account: str = ""
    address: tuple[str, str, str] = ("", "", "")
    tax_number: str = ""
    customer: Person | None = None
    meant: tuple[Meant, ...] = field(default=())


def movements(
    company: Company, people: Sequence[Person], bills: Sequence[Bill], *, days: tuple[date, date], seed: int
) -> tuple[Movement, ...]:
    """All that the banks book from the first to the last of these days, in order of days."""
    first, last = days
    of_customer: dict[int, list[Bill]] = {}
    for bill in bills:
        of_customer.setdefault(bill.ordinal, []).append(bill)
    intended = [
        (ordinal, intention)
        for ordinal, own in of_customer.items()
        for intention in habits.intentions(company, people[ordinal], own, seed=seed)
    ]
    if company.crossed is not None:
        intended = crossing.crossed(company.crossed, intended, bills)
    found = [_paid(company, people[o], intention) for o, intention in intended if first <= intention.day <= last]
    day = first
    while day <= last:
        found += _other_movements(company, day, seed)
        if company.payers is Payers.UNTIDY:
            found += _strays(company, len(people), day, seed)
        day += timedelta(days=1)
    return tuple(sorted(found, key=lambda movement: (movement.day, movement.bank_id)))


def _paid(company: Company, person: Person, intention: Intention) -> Movement:
    is_own = intention.payer == person.own
    return Movement(
        account=person.route.account,
        day=intention.day,
        amount_minor=intention.amount_minor,
        other=intention.payer,
        bank_id=digits(12, company.code, intention.key),
        sort=Sort.PAYMENT,
        reference=intention.reference,
        text=intention.text,
        parts=intention.parts,
        virtual_account=person.virtual_account if person.route.is_virtual else "",
        address=person.address if is_own else ("", "", ""),
        tax_number=person.tax_number[1] if person.tax_number and is_own else "",
        customer=person,
        meant=intention.meant,
    )


Others = Iterator[tuple[Sort, int, Payer, str]]


def _other_movements(company: Company, day: date, seed: int) -> list[Movement]:
    """What the company itself pays and gets on a bank day, off the account that pays its bills."""
    if not is_working_day(day, company.country):
        return []
    account = next(account for account in company.accounts if account.pays_bills)
    return [
        Movement(
            account=account.code,
            day=day,
            amount_minor=amount,
            other=other,
            bank_id=digits(12, company.code, day, sort, number),
            sort=sort,
            text=text,
        )
        for occasion in _OCCASIONS
        for number, (sort, amount, other, text) in enumerate(
            occasion(company, day, lots(seed, company.code, occasion.__name__, day))
        )
    ]


_STRAYS_PER_THOUSAND: Final = 3
"""On a bank day, per thousand customers: about one for every sixteen payments."""


def _strays(company: Company, customers: int, day: date, seed: int) -> list[Movement]:
    """Money that comes in on a bank day and has to do with no customer."""
    if not is_working_day(day, company.country):
        return []
    account = next(account for account in company.accounts if account.pays_bills)
    source = lots(seed, company.code, "strays", day)
    count, rest = divmod(customers * _STRAYS_PER_THOUSAND, 1000)
    found = []
    for number in range(count + (source.randrange(1000) < rest)):
        amount, other, reference, text = untidy.stray(company, day, number, source)
        bank_id = digits(12, company.code, day, Sort.STRAY, number)
        found.append(Movement(account.code, day, amount, other, bank_id, Sort.STRAY, reference, text))
    return found


_WORDS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "SE": ("Leverantörsfaktura", "Löner", "Bankavgift", "Skattekonto utbetalning"),
    "PL": ("Zapłata za fakturę zakupu", "Wynagrodzenia", "Opłata za prowadzenie rachunku", "Zwrot nadpłaty VAT"),
    "RO": ("Plata furnizor", "Plata salarii", "Comision administrare cont", "Rambursare TVA"),
}
_OFFICES: Final[Mapping[str, str]] = {"SE": "Skatteverket", "PL": "Urząd Skarbowy", "RO": "ANAF"}


def _suppliers(company: Company, day: date, source: random.Random) -> Others:
    if happens(source, 22):
        known = names.NAMES[company.country]
        firm = names.firm(known, source, source.choice(known.towns)[0])
        amount = -source.randrange(50_000, 480_000)
        yield Sort.SUPPLIER, amount, Payer(firm, ""), f"{_WORDS[company.country][0]} {source.randrange(1000, 99999)}"


def _month_end(company: Company, day: date, source: random.Random) -> Others:
    """Wages on the last bank day up to the 25th, the bank's fee on the last one of the month."""
    _, wages, fee, _ = _WORDS[company.country]
    if day == previous_working_day(day.replace(day=25), company.country):
        yield Sort.WAGES, -source.randrange(900_000, 1_700_000), Payer(wages, ""), f"{wages} {day:%Y-%m}"
    if day == previous_working_day(end_of_month(day), company.country):
        yield Sort.FEE, -source.randrange(4_500, 30_000), Payer("", ""), fee


def _tax_refund(company: Company, day: date, source: random.Random) -> Others:
    """Each quarter the tax office gives something back, to nobody's invoice."""
    if day.month % 3 == 0 and day == previous_working_day(day.replace(day=12), company.country):
        words = _WORDS[company.country][3]
        yield Sort.TAX_REFUND, source.randrange(100_000, 900_000), Payer(_OFFICES[company.country], ""), words


_OCCASIONS: Final[Sequence[Callable[[Company, date, random.Random], Others]]] = (_suppliers, _month_end, _tax_refund)
