"""What a customer does about bills: when they pay, how much, and with which words; decided from the seed alone."""

import functools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from kvit.kernel.dates import add_months, next_working_day
from kvit.world import slips, untidy, wording
from kvit.world.bills import Bill, Intention, Meant
from kvit.world.chance import happens, lots, pick
from kvit.world.companies import Company, Payers
from kvit.world.people import Person, Temper


@dataclass(frozen=True, slots=True)
class Objection:
    """The customer disputes a bill, and the company credits so many percent of it that day."""

    day: date
    bill: Bill
    percent: int


@dataclass(frozen=True, slots=True)
class Delay:
    """The customer asks for time, and the company moves the due date that day."""

    day: date
    bill: Bill
    due_date: date


class Word(StrEnum):
    """What a customer says on the page of an invoice."""

    DISPUTE = "dispute"
    PAID = "paid"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Saying:
    """The customer says something about a bill that day: disputes so many per cent, has paid or pays by `on_date`."""

    day: date
    bill: Bill
    word: Word
    percent: int
    on_date: date


class Manner(StrEnum):
    """How one bill is paid."""

    RIGHT = "right"
    MISTYPED = "mistyped"
    NO_REFERENCE = "no reference"
    BY_NUMBER = "by number"
    OTHER_PAYER = "other payer"
    IN_PART = "in part"
    TOO_LITTLE = "too little"
    ROUNDED_UP = "rounded up"
    TWICE = "twice"
    DISPUTED = "disputed"
    ASKS_FOR_TIME = "asks for time"
    NEVER = "never"


_USUAL: Final = (
    (Manner.RIGHT, 815),
    (Manner.MISTYPED, 30),
    (Manner.NO_REFERENCE, 25),
    (Manner.BY_NUMBER, 45),
    (Manner.OTHER_PAYER, 30),
    (Manner.IN_PART, 5),
    (Manner.TOO_LITTLE, 10),
    (Manner.ROUNDED_UP, 8),
    (Manner.TWICE, 12),
    (Manner.DISPUTED, 12),
    (Manner.ASKS_FOR_TIME, 8),
)
_MANNERS: Final[Mapping[Temper, Sequence[tuple[Manner, int]]]] = {
    Temper.PROMPT: _USUAL,
    Temper.EASY_GOING: _USUAL,
    Temper.LATE: (*_USUAL, (Manner.NEVER, 15)),
    Temper.GATHERING: _USUAL,
    Temper.CARELESS: (
        (Manner.RIGHT, 420),
        (Manner.MISTYPED, 230),
        (Manner.NO_REFERENCE, 130),
        (Manner.BY_NUMBER, 90),
        (Manner.OTHER_PAYER, 50),
        (Manner.TOO_LITTLE, 30),
        (Manner.TWICE, 50),
    ),
    Temper.SHORT_OF_MONEY: (
        (Manner.RIGHT, 420),
        (Manner.IN_PART, 220),
        (Manner.TOO_LITTLE, 60),
        (Manner.ASKS_FOR_TIME, 100),
        (Manner.DISPUTED, 40),
        (Manner.NEVER, 160),
    ),
}

_EARLY, _ON_TIME, _LATE, _VERY_LATE = (-14, -4), (-3, 0), (1, 12), (13, 50)
_USUAL_TIMES: Final = ((_EARLY, 26), (_ON_TIME, 55), (_LATE, 16), (_VERY_LATE, 3))
_TIMES: Final[Mapping[Temper, Sequence[tuple[tuple[int, int], int]]]] = {
    Temper.PROMPT: ((_EARLY, 38), (_ON_TIME, 59), (_LATE, 3)),
    Temper.EASY_GOING: _USUAL_TIMES,
    Temper.GATHERING: _USUAL_TIMES,
    Temper.CARELESS: _USUAL_TIMES,
    Temper.LATE: ((_ON_TIME, 15), (_LATE, 63), (_VERY_LATE, 22)),
    Temper.SHORT_OF_MONEY: ((_ON_TIME, 20), (_LATE, 40), (_VERY_LATE, 40)),
}
"""Days from the due date, first and last, and how many of 100 bills are paid then."""

LONGEST_DAYS: Final = 180
"""Nobody pays a bill, or any part of it, later than so many days after its issue."""


_REMEMBERED: Final = 1 << 17


@dataclass(frozen=True, slots=True)
class _Habits:
    """One customer's way with one bill: all that is decided about it draws from a source of its own."""

    company: Company
    person: Person
    bill: Bill
    seed: int

    def source(self, about: str) -> random.Random:
        return lots(self.seed, self.company.code, about, self.person.ordinal, self.bill.number)

    @property
    def manner(self) -> Manner:
        return pick(self.source("manner"), _MANNERS[self.person.temper])

    @property
    def due(self) -> date:
        terms = self.company.terms_firms if self.person.is_firm else self.company.terms_persons
        return self.bill.issue_date + timedelta(days=terms)

    @property
    def delay(self) -> Delay:
        source = self.source("delay")
        asked = max(self.due - timedelta(days=source.randrange(1, 6)), self.bill.issue_date + timedelta(days=1))
        return Delay(self.bank_day(asked), self.bill, self.due + timedelta(days=source.randrange(14, 31)))

    @property
    def objection(self) -> Objection:
        source = self.source("objection")
        day = self.bank_day(self.bill.issue_date + timedelta(days=source.randrange(4, 16)))
        return Objection(day, self.bill, 100 if happens(source, 30) else source.randrange(10, 51))

    def bank_day(self, day: date) -> date:
        """When the bank books what is ordered on a day."""
        return next_working_day(day, self.company.country)

    @property
    def wished(self) -> date:
        """The day on which the bill is paid, as far as that is up to the temper."""
        source = self.source("time")
        first, last = pick(source, _TIMES[self.person.temper])
        day = self.due + timedelta(days=source.randrange(first, last + 1))
        if self.manner is Manner.ASKS_FOR_TIME:
            day = self.delay.due_date - timedelta(days=source.randrange(3))
        elif self.manner is Manner.DISPUTED:
            day = max(day, self.objection.day + timedelta(days=source.randrange(2, 10)))
        return self.bank_day(max(day, self.bill.issue_date + timedelta(days=1)))

    def words(self, manner: Manner) -> tuple[str, str]:
        """The reference and the text the payer writes."""
        source = self.source("words")
        if manner is Manner.NO_REFERENCE:
            return "", wording.without_reference(self.company, source)
        if manner is Manner.BY_NUMBER:
            return "", wording.by_number(self.company, self.bill.number, source)
        reference = slips.mistyped(self.bill.reference, source) if manner is Manner.MISTYPED else self.bill.reference
        return wording.by_reference(self.company, self.person.route, reference, self.bill.number, source)

    def payment(self, day: date, amount_minor: int, *, nth: int = 1, meant_minor: int | None = None) -> Intention:
        manner = self.manner
        reference, text = self.words(manner)
        meant_minor = amount_minor if meant_minor is None else meant_minor
        return Intention(
            key=f"{self.bill.number}/{nth}",
            day=day,
            amount_minor=amount_minor,
            payer=self.person.other if manner is Manner.OTHER_PAYER else self.person.own,
            reference=reference,
            text=text,
            meant=(Meant(self.bill.number, meant_minor),) if meant_minor else (),
        )


def intentions(company: Company, person: Person, bills: Sequence[Bill], *, seed: int) -> Iterator[Intention]:
    """Every payment that these bills of one customer lead to, in no particular order.

    What is decided about a bill does not change when later bills come; credits count for payments after them.
    """
    if company.payers is Payers.UNTIDY:
        yield from untidy.intentions(company, person, bills, seed=seed)
        return
    if person.temper is Temper.GATHERING:
        by_month = groupby(sorted(bills, key=_issued), key=lambda bill: (bill.issue_date.year, bill.issue_date.month))
        for _, months in by_month:
            yield from _together(company, person, list(months), seed)
    else:
        for bill in bills:
            yield from _alone(_Habits(company, person, bill, seed))


def reactions(company: Company, person: Person, bills: Sequence[Bill], *, seed: int) -> Iterator[Objection | Delay]:
    """What the customer asks of the company about these bills, beside paying them."""
    if company.payers is Payers.UNTIDY:
        for bill in bills:
            if (asked := untidy.credited(company, person, bill, seed=seed)) is not None:
                yield Objection(asked[0], bill, asked[1])
        return
    if person.temper is Temper.GATHERING:
        return
    for bill in bills:
        if (reaction := _reaction(_Habits(company, person, bill, seed))) is not None:
            yield reaction


def sayings(company: Company, person: Person, bill: Bill, *, seed: int) -> tuple[Saying, ...]:
    """What the customer says about a bill, beside paying it: few do, and not all of it comes true.

    Who disputes says so some days before the company gives in. Of those who pay late some promise a day, and keep it
    or not; some say that they have paid, and a few of these never have.
    """
    if company.payers is Payers.UNTIDY or person.temper is Temper.GATHERING:
        return ()
    return _sayings(_Habits(company, person, bill, seed))


@functools.lru_cache(maxsize=_REMEMBERED)
def _sayings(habits: _Habits) -> tuple[Saying, ...]:
    source, bill, manner = habits.source("saying"), habits.bill, habits.manner
    if manner is Manner.DISPUTED:
        objection = habits.objection
        day = max(objection.day - timedelta(days=source.randrange(1, 6)), bill.issue_date + timedelta(days=1))
        return (Saying(day, bill, Word.DISPUTE, objection.percent, day),) if day < objection.day else ()
    late = habits.due + timedelta(days=source.randrange(2, 6))
    if manner is Manner.NEVER:
        word = Word.PAID if happens(source, 40) else Word.PROMISE
        on_date = late if word is Word.PAID else late + timedelta(days=source.randrange(4, 12))
        return (Saying(late, bill, word, 100, on_date),) if happens(source, 60) else ()
    if manner is not Manner.RIGHT:
        return ()
    wished = habits.wished
    if wished > late + timedelta(days=2) and happens(source, 30):
        on_date = wished if happens(source, 70) else wished - timedelta(days=2)
        return (Saying(late, bill, Word.PROMISE, 100, on_date),)
    if wished > habits.due and happens(source, 20):
        return (Saying(wished, bill, Word.PAID, 100, wished),)
    return ()


@functools.lru_cache(maxsize=_REMEMBERED)
def _reaction(habits: _Habits) -> Objection | Delay | None:
    manner = habits.manner
    if manner is Manner.DISPUTED:
        return habits.objection
    return habits.delay if manner is Manner.ASKS_FOR_TIME else None


def _issued(bill: Bill) -> tuple[date, str]:
    return bill.issue_date, bill.number


@functools.lru_cache(maxsize=_REMEMBERED)
def _alone(habits: _Habits) -> tuple[Intention, ...]:
    """The payments of one bill; remembered, since each day asks for those of all bills again."""
    return tuple(_payments(habits))


def _payments(habits: _Habits) -> Iterator[Intention]:
    manner = habits.manner
    if manner is Manner.NEVER:
        return
    day = habits.wished
    owed = habits.bill.owed_minor(day)
    if owed <= 0:
        return
    source = habits.source("amount")
    if manner is Manner.IN_PART:
        first = owed * source.randrange(35, 66) // 100
        yield habits.payment(day, max(first, 1))
        later = habits.bank_day(day + timedelta(days=source.randrange(7, 31)))
        rest = habits.bill.owed_minor(later) - max(first, 1)
        if rest > 0 and happens(source, 75):
            yield habits.payment(later, rest, nth=2)
    elif manner is Manner.TOO_LITTLE:
        yield habits.payment(day, owed - min(owed // 2, source.choice((100, 500, 1000, 5000))))
    elif manner is Manner.ROUNDED_UP:
        yield habits.payment(day, (owed // 1000 + 1) * 1000, meant_minor=owed)
    else:
        yield habits.payment(day, owed)
    if manner is Manner.TWICE:
        again = habits.bank_day(day + timedelta(days=source.randrange(1, 5)))
        yield habits.payment(again, owed, nth=2, meant_minor=0)


def _together(company: Company, person: Person, bills: Sequence[Bill], seed: int) -> Iterator[Intention]:
    """One payment for the bills of a month, made on a day of the next."""
    source = lots(seed, company.code, "together", person.ordinal, f"{bills[0].issue_date:%Y-%m}")
    month = add_months(bills[0].issue_date.replace(day=1), 1)
    late = 20 if happens(source, 10) else 0
    day = next_working_day(month + timedelta(days=source.randrange(6, 20) + late), company.country)
    owed = [(bill, bill.owed_minor(day)) for bill in bills]
    owed = [(bill, amount) for bill, amount in owed if amount > 0]
    if not owed:
        return
    words = wording.of_several(company, person.route, [bill for bill, _ in owed], source)
    yield Intention(
        key=f"{bills[0].number}/month",
        day=day,
        amount_minor=sum(amount for _, amount in owed),
        payer=person.own,
        reference=words.reference,
        text=words.text,
        meant=tuple(Meant(bill.number, amount) for bill, amount in owed),
        parts=tuple((bill.reference, amount) for bill, amount in owed) if words.in_parts else (),
    )
