"""Payers as untidy as matching is tried with: slips of every kind, lumps, fees, credit notes deducted, paid again.

The shares are those of the matching workload (`benchmarks/matching/options.py`, profile mixed), an assumption for a
stress test and no fact about a market; what is decided about a bill follows from the seed and earlier bills alone.
"""

import functools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from kvit.kernel.dates import next_working_day
from kvit.world import names, slips, wording
from kvit.world.bills import Bill, Intention, Meant
from kvit.world.chance import digits, happens, lots, pick
from kvit.world.companies import Company
from kvit.world.people import Payer, Person, Temper, foreign_account


class Way(StrEnum):
    """How one bill is paid."""

    RIGHT = "right"
    MISTYPED = "mistyped"
    NO_REFERENCE = "no reference"
    IN_PART = "in part"
    FEE_KEPT = "fee kept"
    """A bank on the way keeps something, or the payer is up to two per cent short."""
    ON_TOP = "on top"
    """A reminder fee on top, or rounded up."""
    TWICE = "twice"
    AGAIN = "again"
    """Once more a month later, when the invoice is long closed."""
    CREDITED = "credited"
    """Credited after it was paid; the next payment deducts the credit note."""
    NEVER = "never"


_WAYS: Final = (
    (Way.RIGHT, 640),
    (Way.MISTYPED, 105),
    (Way.NO_REFERENCE, 53),
    (Way.IN_PART, 42),
    (Way.FEE_KEPT, 21),
    (Way.ON_TOP, 11),
    (Way.TWICE, 21),
    (Way.AGAIN, 32),
    (Way.CREDITED, 14),
    (Way.NEVER, 6),
)
_TIMES: Final = (((-14, -4), 25), ((-3, 0), 50), ((1, 12), 20), ((13, 40), 5))
"""Days from the due date, first and last, and how many of 100 bills are paid then."""
_GATHERS_PERCENT: Final = 6
_REMINDER_FEE: Final = 6000
_REMEMBERED: Final = 1 << 17
_STRANGER, _KNOWN_OTHER, _OTHER_ACCOUNT, _NO_ACCOUNT = 2, 3, 8, 7
"""Of 100 payments: from a stranger, from who stands in for the customer, from another account, without an account."""


@dataclass(frozen=True, slots=True)
class _Habits:
    """One customer's way with one bill; each decision draws from a source of its own."""

    company: Company
    person: Person
    bill: Bill
    seed: int

    def source(self, about: str) -> random.Random:
        return lots(self.seed, self.company.code, "untidy", about, self.person.ordinal, self.bill.number)

    @property
    def way(self) -> Way:
        return _way(self)

    @property
    def due(self) -> date:
        terms = self.company.terms_firms if self.person.is_firm else self.company.terms_persons
        return self.bill.issue_date + timedelta(days=terms)

    @property
    def wished(self) -> date:
        """The day on which the bill is paid; what will be credited afterwards is paid in time."""
        return _wished(self)

    @property
    def credited(self) -> tuple[date, int]:
        """The day on which the paid bill is credited, and how many per cent of it."""
        source = self.source("credit")
        return self.bank_day(self.wished + timedelta(days=source.randrange(3, 12))), source.randrange(10, 61)

    def bank_day(self, day: date) -> date:
        return next_working_day(day, self.company.country)

    @property
    def payer(self) -> Payer:
        """Who pays, as the bank shows it: mostly the customer, in one of the spellings of banks."""
        return shown_payer(self.company, self.person, self.source("payer"))

    def words(self) -> tuple[str, str]:
        """The reference and the text that the payer writes; now and then something else goes wrong, and a slip too."""
        source, way = self.source("words"), self.way
        if way is Way.NO_REFERENCE:
            return "", wording.without_reference(self.company, source)
        has_slipped = way is Way.MISTYPED or (way is not Way.RIGHT and happens(source, 5))
        reference = self.bill.reference
        if has_slipped and happens(source, 6):
            is_own = happens(source, 50)  # the customer's own number in place of the invoice's
            return "", self.person.number if is_own else wording.by_number(self.company, self.bill.number, source)
        reference = slips.slipped(reference, source) if has_slipped else slips.rewritten(reference, source)
        found = wording.by_reference(self.company, self.person.route, reference, self.bill.number, source)
        return "".join(found[0].split()), found[1]

    def payment(self, day: date, amount_minor: int, *, nth: int = 1, meant_minor: int | None = None) -> Intention:
        reference, text = self.words()
        meant_minor = amount_minor if meant_minor is None else meant_minor
        return Intention(
            key=f"{self.bill.number}/{nth}",
            day=day,
            amount_minor=amount_minor,
            payer=self.payer,
            reference=reference,
            text=text,
            meant=(Meant(self.bill.number, meant_minor),) if meant_minor else (),
        )


@functools.lru_cache(maxsize=_REMEMBERED)
def _way(habits: _Habits) -> Way:
    return pick(habits.source("way"), _WAYS)


@functools.lru_cache(maxsize=_REMEMBERED)
def _wished(habits: _Habits) -> date:
    source = habits.source("time")
    first, last = pick(source, _TIMES[:2] if habits.way is Way.CREDITED else _TIMES)
    day = habits.due + timedelta(days=source.randrange(first, last + 1))
    return habits.bank_day(max(day, habits.bill.issue_date + timedelta(days=1)))


def intentions(company: Company, person: Person, bills: Sequence[Bill], *, seed: int) -> Iterator[Intention]:
    """Every payment that these bills of one customer lead to, in no particular order."""
    known = [_Habits(company, person, bill, seed) for bill in sorted(bills, key=_issued)]
    months = _months_gathered(company, person, seed)
    if months:
        for group, together in groupby(known, key=lambda h: _month(h.bill.issue_date) // months):
            yield from _together(tuple(together), (group + 1) * months, seed)
        return
    for at, habits in enumerate(known):
        yield from _alone(habits, _deducted(known[:at], habits))


def credited(company: Company, person: Person, bill: Bill, *, seed: int) -> tuple[date, int] | None:
    """The day on which a bill is credited after its payment, and how many per cent; None where it is not."""
    habits = _Habits(company, person, bill, seed)
    if habits.way is not Way.CREDITED or _months_gathered(company, person, seed):
        return None
    return habits.credited


def shown_payer(company: Company, person: Person, source: random.Random) -> Payer:
    """Who pays for a customer, as a bank shows them."""
    lot = source.randrange(100)
    if lot < _STRANGER:
        known = names.NAMES[company.country]
        return Payer(names.rare_person(known, source), foreign_account(company.country, source))
    payer = person.other if lot < _STRANGER + _KNOWN_OTHER else person.own
    account = foreign_account(company.country, source) if happens(source, _OTHER_ACCOUNT) else payer.account
    if happens(source, _NO_ACCOUNT):
        account = ""
    return replace(payer, name=spelt(payer.name, source), account=account)


_SPELLINGS: Final = (("as it is", 55), ("capitals", 20), ("plain", 10), ("turned", 10), ("cut", 5))


def spelt(name: str, source: random.Random) -> str:
    """A name as banks spell it: in capitals, without marks, the last word first, or cut."""
    way = pick(source, _SPELLINGS)
    if way == "capitals":
        return name.upper()
    if way == "plain":
        return names.without_marks(name)
    if way == "turned":
        first, _, last = name.rpartition(" ")
        return f"{last} {first}".strip()
    return name[:18] if way == "cut" else name


def _issued(bill: Bill) -> tuple[date, str]:
    return bill.issue_date, bill.number


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months_gathered(company: Company, person: Person, seed: int) -> int:
    """Of how many months the customer pays the bills together; 0 for each bill by itself."""
    source = lots(seed, company.code, "untidy", "gathers", person.ordinal)
    if person.temper is Temper.GATHERING:
        return 1 if happens(source, 60) else 2
    return 2 if happens(source, _GATHERS_PERCENT) else 0


def _deducted(before: Sequence[_Habits], habits: _Habits) -> int:
    """What of earlier bills was credited after their payment and is deducted from this one, in minor units."""
    for one in reversed(before):
        if one.way is not Way.CREDITED:
            continue
        day, _ = one.credited
        following = [h for h in (*before, habits) if h.bill.issue_date > day and h.way is not Way.NEVER]
        if following and following[0].bill.number == habits.bill.number:
            return sum(amount for on, amount in one.bill.credits if on >= one.wished)
    return 0


@functools.lru_cache(maxsize=_REMEMBERED)
def _alone(habits: _Habits, deducted: int) -> tuple[Intention, ...]:
    """The payments of one bill; remembered, since each day asks for those of all bills again."""
    return tuple(_payments(habits, deducted))


def _payments(habits: _Habits, deducted: int) -> Iterator[Intention]:
    way, day = habits.way, habits.wished
    owed = habits.bill.owed_minor(day)
    if way is Way.NEVER or owed <= 0:
        return
    if 0 < deducted < owed:
        yield habits.payment(day, owed - deducted)
        return
    source = habits.source("amount")
    if way is Way.IN_PART:
        yield from _parts(habits, owed, source)
    elif way is Way.FEE_KEPT:
        fee = source.randrange(100, 3001) if happens(source, 50) else owed * source.randrange(1, 21) // 1000 + 1
        yield habits.payment(day, max(owed - fee, owed // 2 + 1))
    elif way is Way.ON_TOP:
        over = owed + _REMINDER_FEE if happens(source, 50) else (owed // 10_000 + 1) * 10_000
        yield habits.payment(day, over, meant_minor=owed)
    else:
        yield habits.payment(day, owed)
    if way in (Way.TWICE, Way.AGAIN):
        first, last = (1, 5) if way is Way.TWICE else (20, 40)
        again = habits.bank_day(day + timedelta(days=source.randrange(first, last)))
        yield habits.payment(again, owed, nth=2, meant_minor=0)


def _parts(habits: _Habits, owed: int, source: random.Random) -> Iterator[Intention]:
    """A part, and mostly the rest some weeks later."""
    first = max(100, owed * source.randrange(10, 91) // 100 // 100 * 100)
    if first >= owed:
        yield habits.payment(habits.wished, owed)
        return
    yield habits.payment(habits.wished, first)
    later = habits.bank_day(habits.wished + timedelta(days=source.randrange(7, 31)))
    rest = habits.bill.owed_minor(later) - first
    if rest > 0 and happens(source, 75):
        yield habits.payment(later, rest, nth=2)


@functools.lru_cache(maxsize=_REMEMBERED)
def _together(bills: tuple[_Habits, ...], month: int, seed: int) -> tuple[Intention, ...]:
    """One payment for the bills of some months, made on a day of the month that follows (counted from year 0)."""
    first = bills[0]
    source = lots(seed, first.company.code, "untidy", "together", first.person.ordinal, month)
    begin = date(month // 12, month % 12 + 1, 1)
    day = next_working_day(begin + timedelta(days=source.randrange(2, 20)), first.company.country)
    owed = [(one.bill, one.bill.owed_minor(day)) for one in bills]
    owed = [(bill, amount) for bill, amount in owed if amount > 0]
    if not owed:
        return ()
    words = wording.of_some(first.company, first.person.route, [bill for bill, _ in owed], source)
    paid = Intention(
        key=f"{first.bill.number}/months",
        day=day,
        amount_minor=sum(amount for _, amount in owed),
        payer=shown_payer(first.company, first.person, source),
        reference=words.reference,
        text=words.text,
        meant=tuple(Meant(bill.number, amount) for bill, amount in owed),
        parts=tuple((bill.reference, amount) for bill, amount in owed) if words.in_parts else (),
    )
    return (paid,)


_CARDS: Final = {"SE": "Kortinlösen", "PL": "Rozliczenie kart", "RO": "Decontare carduri"}
_PAID_BACK: Final = {"SE": "återbet", "PL": "zwrot", "RO": "restituire"}


def stray(company: Company, day: date, number: int, source: random.Random) -> tuple[int, Payer, str, str]:
    """Money that has to do with no customer: (minor units, payer, reference, text)."""
    known = names.NAMES[company.country]
    kind = pick(source, (("person", 35), ("firm", 35), ("cards", 30)))
    amount = (
        source.choice((24900, 34900, 39900, 59900, 99900)) if happens(source, 40) else source.randrange(900, 900_000)
    )
    strange = digits(source.randrange(6, 11), company.code, day, number)
    if kind == "cards":
        return amount, Payer(_CARDS[company.country], ""), "", f"{day:%y%m%d} {strange}"
    town = source.choice(known.towns)[0]
    name = names.rare_person(known, source) if kind == "person" else names.rare_firm(known, source, town)
    payer = Payer(name, foreign_account(company.country, source))
    text = pick(source, ((f"{_PAID_BACK[company.country]} {strange}", 3), (strange, 2), (f"{day:%Y-%m}", 2), ("", 1)))
    return amount, payer, "", text
