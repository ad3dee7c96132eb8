"""A small Swedish company and how its customers pay: on time, mistyped, too little, twice, without a word."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kvit.world.bank_files import Movement

CODE: Final = "nordljus"
NAME: Final = "Nordljus Bredband AB"
IBAN: Final = "SE4550000000058398257466"
BANKGIRO: Final = "9912346"

_FIRST = ("Anna", "Erik", "Karin", "Lars", "Sofia", "Björn", "Åsa", "Göran", "Elin", "Nils", "Maja", "Olof")
_LAST = ("Andersson", "Berg", "Lindqvist", "Sjöberg", "Åkesson", "Öberg", "Nyström", "Holm", "Wallin", "Ek")
_FIRMS = ("Åkeri", "Bageri", "Plåt", "Frisör", "Bokhandel", "Trädgård", "Måleri", "Cykel", "Tandvård", "Kafé")
_TOWNS = ("Umeå", "Luleå", "Gävle", "Örebro", "Växjö", "Kalmar", "Falun", "Skövde")
_PLANS = (
    ("Bredband 100", "279.20"),
    ("Bredband 250", "319.20"),
    ("Bredband 1000", "479.20"),
    ("Företagsfiber", "1199"),
)


class Habit(StrEnum):
    """How a customer pays."""

    RIGHT = "right"
    WRONG_DIGIT = "wrong digit"
    NO_REFERENCE = "no reference"
    TOO_LITTLE = "too little"
    TWICE = "twice"
    NOT_YET = "not yet"


_HABITS = (
    (Habit.RIGHT, 76),
    (Habit.WRONG_DIGIT, 6),
    (Habit.NO_REFERENCE, 4),
    (Habit.TOO_LITTLE, 3),
    (Habit.TWICE, 2),
    (Habit.NOT_YET, 9),
)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A customer of the company with what they subscribe to."""

    number: str
    name: str
    plan: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Owed:
    """An issued invoice as its payer sees it."""

    reference: str
    amount_minor: int
    payer: str
    payer_account: str
    issued: date


def subscribers(count: int, *, seed: int) -> tuple[Subscriber, ...]:
    """Customers 1001 and on."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        if chance.random() < 0.3:
            name = f"{chance.choice(_TOWNS)} {chance.choice(_FIRMS)} AB"
        else:
            name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
        plan, price = chance.choice(_PLANS)
        found.append(Subscriber(str(1001 + number), name, plan, Decimal(price)))
    return tuple(found)


def payments(owed: Sequence[Owed], *, until: date, seed: int) -> tuple[Movement, ...]:
    """What the payers do until a day, in order of booking, with money that nobody asked for in between."""
    chance = random.Random(seed)
    found: list[Movement] = []
    for invoice in owed:
        found += _paid(invoice, chance)
    for n in range(max(1, len(owed) // 40)):
        day = until - timedelta(days=chance.randrange(20))
        found.append(
            Movement(day, -chance.randrange(90_000, 900_000), f"Nätleverantör {n + 1} AB", IBAN, text="Faktura")
        )
    return tuple(sorted((m for m in found if m.day <= until), key=lambda m: (m.day, m.payer, m.amount_minor)))


def _paid(invoice: Owed, chance: random.Random) -> list[Movement]:
    habit = chance.choices([h for h, _ in _HABITS], [weight for _, weight in _HABITS])[0]
    day = invoice.issued + timedelta(days=chance.randrange(8, 31))
    if habit is Habit.NOT_YET:
        return []
    amount, reference, text = invoice.amount_minor, invoice.reference, ""
    if habit is Habit.WRONG_DIGIT:
        place = chance.randrange(len(reference))
        digit = str((int(reference[place]) + chance.randrange(1, 10)) % 10)
        reference = reference[:place] + digit + reference[place + 1 :]
    elif habit is Habit.NO_REFERENCE:
        reference, text = "", "bredband"
    elif habit is Habit.TOO_LITTLE:
        amount -= min(amount - 100, chance.choice((500, 1000, 5000)))
    movement = Movement(day, amount, invoice.payer, invoice.payer_account, reference, text)
    again = Movement(day + timedelta(days=1), amount, invoice.payer, invoice.payer_account, reference, text)
    return [movement, again] if habit is Habit.TWICE else [movement]
