"""Balance confirmations: how one moves, until when an answer is asked for, and what an answer may say."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from kvit.base import codec
from kvit.base.codec import Personal
from kvit.invoicing.domain.statements import Statement
from kvit.kernel.lifecycle import Lifecycle
from kvit.kernel.refusals import DomainError

LONGEST_TEXT: Final = 2000
MOST_DIFFERENCES: Final = 5000


class ConfirmationState(StrEnum):
    """Silence is no confirmation (Poland: ustawa o rachunkowości art. 26): it expires, and may still be answered."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    SETTLED = "settled"
    EXPIRED = "expired"


CONFIRMATION: Final = Lifecycle(
    kind="confirmation",
    table="invoicing_confirmation",
    moves={
        ConfirmationState.OPEN: frozenset(
            {ConfirmationState.CONFIRMED, ConfirmationState.DIFFERS, ConfirmationState.EXPIRED}
        ),
        ConfirmationState.EXPIRED: frozenset({ConfirmationState.CONFIRMED, ConfirmationState.DIFFERS}),
        ConfirmationState.DIFFERS: frozenset({ConfirmationState.CONFIRMED, ConfirmationState.SETTLED}),
        ConfirmationState.CONFIRMED: frozenset(),
        ConfirmationState.SETTLED: frozenset(),
    },
)
ANSWERABLE: Final = (ConfirmationState.OPEN, ConfirmationState.EXPIRED, ConfirmationState.DIFFERS)
"""From here a customer may answer; who said that it differs may agree after all."""


class DifferenceKind(StrEnum):
    """How a customer's books differ in one item."""

    AMOUNT = "amount"
    NOT_THEIRS = "not_theirs"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that differs: what we say is open of it and what they say, minor units; None where one has it not."""

    kind: DifferenceKind
    number: str
    our_minor: int | None
    their_minor: int | None
    day: date | None = None
    note: Personal[str] = ""


class BadAnswer(DomainError):
    """An answer without a name, that agrees and differs at once, or that differs in nothing."""

    code: ClassVar[str] = "invoicing.bad_answer"


class StaleAnswer(DomainError):
    """The answer is about another letter than the one that was shown, or the letter is answered for good."""

    code: ClassVar[str] = "invoicing.stale_answer"


class BadConfirmation(DomainError):
    """A day still to come, a reply asked for before the letter, or nobody who signs it."""

    code: ClassVar[str] = "invoicing.bad_confirmation"


class NoSuchConfirmation(DomainError):
    """The tenant has no such confirmation, or it is not in a state in which this can be done."""

    code: ClassVar[str] = "invoicing.no_such_confirmation"


def restored_differences(spelled: str) -> tuple[Difference, ...]:
    """Differences back from their JSON."""
    return codec.restore(spelled, tuple[Difference, ...])


def their_balance(letter: Statement, differences: tuple[Difference, ...]) -> int:
    """What the customer's books come to: ours, corrected by every difference. Minor units."""
    return letter.closing_minor + sum((each.their_minor or 0) - (each.our_minor or 0) for each in differences)


_REPLY_DAYS: Final = {"RO": 7, "PL": 14, "SE": 14}
"""Romania: five working days (extras de cont 14-6-3, OMFP 2634/2015), a week at least; elsewhere two weeks."""


def reply_by(country: str, *, as_of: date, today: date) -> date:
    """The day until which an answer is asked for, by default.

    Poland: the balances of a year's end are confirmed until 15 January (ustawa o rachunkowości art. 26(3)1), so no
    later than that where there is a week until then.
    """
    usual = today + timedelta(days=_REPLY_DAYS.get(country, 14))
    if country == "PL" and (as_of.month, as_of.day) == (12, 31):
        last = date(as_of.year + 1, 1, 15)
        return min(usual, last) if last - today >= timedelta(days=7) else usual
    return usual


def year_end_warning(country: str, *, as_of: date, today: date) -> str:
    """A code where the day is outside of what the law allows for a year's end; nothing where it is fine.

    Poland: not begun before three months before the end of the year, done by 15 January (art. 26(3)1).
    """
    if country != "PL":
        return ""
    end = date(as_of.year, 12, 31) if as_of.month >= 10 else date(as_of.year - 1, 12, 31)
    return "" if as_of >= date(end.year, 10, 1) and today <= date(end.year + 1, 1, 15) else "outside_year_end"
