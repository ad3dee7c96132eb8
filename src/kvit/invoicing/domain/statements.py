"""A statement of account as a value: what is frozen when it is made, and what must hold of it.

Amounts are whole minor units of its currency: what the customer owes is above zero, what is owed to it below. Nothing
is written out in a language yet, so that the same statement gives the same bytes in every form again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Final

from kvit.base import codec
from kvit.documents.domain.kinds import Age
from kvit.documents.domain.sheet import Side
from kvit.kernel.refusals import DomainError

LONGEST_DAYS: Final = 3660
"""The longest period of a statement: ten years."""


class StatementForm(StrEnum):
    """Every movement with the balance after it; or what is open on the last day, oldest first."""

    RUNNING = "running"
    OPEN_ITEMS = "open_items"


class Happened(StrEnum):
    """What a line is about."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    TAKEN_BACK = "taken_back"
    OTHER = "other"


class BadStatement(DomainError):
    """A period that ends before it begins, reaches beyond today or over ten years; or an instant still to come."""

    code: ClassVar[str] = "invoicing.bad_statement"


class Unexplained(RuntimeError):
    """A statement whose lines do not lead from its opening to its closing balance: a bug, never the world's doing."""


@dataclass(frozen=True, slots=True)
class Settles:
    """So much of a payment or a credit note went to this document."""

    number: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement: what raises the debt is above zero. `subject_id` is the document's, where it is one."""

    day: date
    what: Happened
    number: str
    amount_minor: int
    balance_minor: int
    due_date: date | None = None
    settles: tuple[Settles, ...] = ()
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class StatementItem:
    """A document or a payment that is open on the last day: of `amount_minor` there is `open_minor` left."""

    what: Happened
    number: str
    day: date
    amount_minor: int
    open_minor: int
    due_date: date | None = None
    days_overdue: int = 0
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of one customer in one currency over a period, as known at an instant."""

    form: StatementForm
    language: str
    country: str
    currency: str
    customer_number: str
    seller: Side
    buyer: Side
    from_date: date
    to_date: date
    known_at: datetime
    opening_minor: int
    closing_minor: int
    lines: tuple[StatementLine, ...] = ()
    items: tuple[StatementItem, ...] = ()

    @property
    def number(self) -> str:
        """What it is called: `1001-20260331`."""
        return f"{self.customer_number}-{self.to_date:%Y%m%d}"

    def canonical(self) -> bytes:
        """The one spelling of it, as JSON; what is hashed."""
        return codec.canonical(self)


def restored(spelled: str) -> Statement:
    """The statement back from its JSON."""
    return codec.restore(spelled, Statement)


def require_period(from_date: date, to_date: date, *, today: date) -> None:
    """Refuses `BadStatement`."""
    if from_date > to_date:
        raise BadStatement(f"the period ends ({to_date}) before it begins ({from_date})")
    if to_date > today:
        raise BadStatement(f"{to_date} is still to come")
    if (to_date - from_date).days > LONGEST_DAYS:
        raise BadStatement(f"a period has at most {LONGEST_DAYS} days")


def require_explained(statement: Statement) -> None:
    """Opening balance, movements and closing balance hold together; what is open adds up to the balance."""
    balance = statement.opening_minor
    for line in statement.lines:
        balance += line.amount_minor
        if balance != line.balance_minor:
            raise Unexplained(f"{statement.number}: {line.number} leads to {balance}, not to {line.balance_minor}")
    if statement.form is StatementForm.OPEN_ITEMS:
        balance = sum(item.open_minor for item in statement.items)
    if balance != statement.closing_minor:
        raise Unexplained(f"{statement.number}: its lines lead to {balance}, its balance is {statement.closing_minor}")


def age_of(item: StatementItem) -> Age:
    """How long it has been due; what is owed to the customer is not due."""
    if item.days_overdue <= 0:
        return Age.NOT_DUE
    return next((age for age, most in _AGES if item.days_overdue <= most), Age.OVER_90)


_AGES: Final = ((Age.TO_30, 30), (Age.TO_60, 60), (Age.TO_90, 90))


def ages(items: Sequence[StatementItem]) -> tuple[tuple[Age, int], ...]:
    """What is open by age, every age, the youngest first."""
    sums = dict.fromkeys(Age, 0)
    for item in items:
        sums[age_of(item)] += item.open_minor
    return tuple(sums.items())
