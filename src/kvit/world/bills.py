"""Bills as their payers have them, and the payments they lead to."""

from dataclasses import dataclass
from datetime import date

from kvit.world.people import Payer


@dataclass(frozen=True, slots=True)
class Bill:
    """An issued invoice as its payer has it; minor units. `credits` are what was credited of it, and on which day."""

    invoice_id: int
    ordinal: int
    number: str
    reference: str
    gross_minor: int
    issue_date: date
    credits: tuple[tuple[date, int], ...] = ()

    def owed_minor(self, day: date) -> int:
        """The amount less what was credited before that day: what happens on it comes too late for its payments."""
        return self.gross_minor - sum(amount for on, amount in self.credits if on < day)


@dataclass(frozen=True, slots=True)
class Meant:
    """So much of a payment is for this invoice."""

    number: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Intention:
    """A payment that somebody makes: the day the bank books it, minor units, what is quoted, and what is meant.

    `key` belongs to this payment alone. `meant` is empty where it is meant for nothing: a bill paid a second time.
    `parts` are references with amounts where several bills are paid in a form that has room for them.
    """

    key: str
    day: date
    amount_minor: int
    payer: Payer
    reference: str
    text: str
    meant: tuple[Meant, ...]
    parts: tuple[tuple[str, int], ...] = ()
