"""What the world writes down about itself: the audit row of a command is all the memory it has."""

from dataclasses import dataclass
from datetime import date

from kvit.base.command import Ctx, command
from kvit.base.login import Role


@dataclass(frozen=True)
class Founding:
    """How a company of the world began: everything else about it follows from this and from its invoices.

    Until `opened_on`, the day of its opening, its past from `first_day` on is played week by week; then day by day.
    """

    company: str
    seed: int
    customers: int
    first_day: date
    opened_on: date


@dataclass(frozen=True)
class DaysPlayed:
    """The days were played to their end: how much was invoiced, credited, moved and paid."""

    first: date
    last: date
    issued: int
    credited: int
    delayed: int
    movements: int


@dataclass(frozen=True)
class Worker:
    """Somebody of the cast, as the login they have."""

    role: Role
    user_id: int


@dataclass(frozen=True)
class Doors:
    """By which people come into a company of the world: its staff, a customer's portal, an invoice's own page."""

    staff: tuple[Worker, ...]
    portal_user_id: int
    party_id: int
    invoice_id: int


@command
def found_company(ctx: Ctx, *, company: str, seed: int, customers: int, first_day: date, opened_on: date) -> Founding:
    """Write down how a company of the world begins; nothing in it may be drawn otherwise ever after."""
    return Founding(company, seed, customers, first_day, opened_on)


@command
def close_days(ctx: Ctx, *, played: DaysPlayed) -> DaysPlayed:
    """Write down that days were played to their end, under a key with the last of them."""
    return played


@command
def open_doors(ctx: Ctx, *, doors: Doors) -> Doors:
    """Write down who may be signed in as, which portal and which invoice are shown."""
    return doors
