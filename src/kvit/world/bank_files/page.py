"""What a bank file is written from: an account, its days, and what moved on it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from kvit.kernel.money import Money
from kvit.world.bank_days import Movement
from kvit.world.companies import Account, Company


@dataclass(frozen=True, slots=True)
class Page:
    """An account from the first to the last day; `opening_minor` is what stood on it before, in minor units.

    The movements are in order of days. They may be none: banks send a statement of a day without any.
    """

    company: Company
    account: Account
    first: date
    last: date
    opening_minor: int
    movements: tuple[Movement, ...]

    @property
    def closing_minor(self) -> int:
        """What stands on the account after the last day."""
        return self.opening_minor + sum(movement.amount_minor for movement in self.movements)

    @property
    def written_at(self) -> datetime:
        """The banks write their files in the evening of the last day."""
        return datetime.combine(self.last, time(21, 30))

    def decimal(self, minor: int) -> str:
        """An amount without its sign, with a point: 1234.50."""
        return f"{Money(abs(minor), self.company.currency).to_decimal():f}"
