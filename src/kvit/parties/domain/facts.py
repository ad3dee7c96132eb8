"""How old a fact is, and from which day it asks to be renewed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from kvit.base.codec import Personal
from kvit.kernel.refusals import DomainError

_LONGEST_NAME: Final = 60
_LONGEST_SOURCE: Final = 100
_LATEST_RENEWAL_DAYS: Final = 36_525


class BadFact(DomainError):
    """A fact without a name or source, from the future, or one that could never get old."""

    code: ClassVar[str] = "parties.bad_fact"


@dataclass(frozen=True)
class NewFact:
    """Something learnt about a party: `name` (`vat_status`, `account_owner` …), the value as text, who said it.

    `source` names a register, a file or a channel, never a person. `learnt_at` is an aware instant; without
    it, the command's. `valid_until_date` is the last day on which the source vouches for it.
    """

    name: str
    value: Personal[str]
    source: str
    learnt_at: datetime | None = None
    valid_until_date: date | None = None
    renew_after_days: int | None = None


def require_sound(fact: NewFact, *, now: datetime) -> None:
    """Refuses `BadFact`."""
    if not 1 <= len(fact.name.strip()) <= _LONGEST_NAME or not 1 <= len(fact.source.strip()) <= _LONGEST_SOURCE:
        raise BadFact(f"a fact has a name of at most {_LONGEST_NAME} characters, a source of {_LONGEST_SOURCE}")
    if fact.learnt_at is not None and fact.learnt_at > now:
        raise BadFact("a fact cannot be learnt in the future")
    if fact.renew_after_days is not None and not 1 <= fact.renew_after_days <= _LATEST_RENEWAL_DAYS:
        raise BadFact(f"a fact is renewed after 1 to {_LATEST_RENEWAL_DAYS} days")


def stale_from(*, learnt_at: datetime, valid_until_date: date | None, renew_after_days: int | None) -> date | None:
    """The first day on which a fact is out of date; None if it never is. The earlier of both limits counts."""
    limits = []
    if valid_until_date is not None and valid_until_date < date.max:  # the last day there is: for ever
        limits.append(valid_until_date + timedelta(days=1))
    if renew_after_days is not None:
        limits.append(learnt_at.date() + timedelta(days=renew_after_days))
    return min(limits, default=None)


def age_days(*, learnt_at: datetime, today: date) -> int:
    """Whole days since a fact was learnt (UTC days); never negative."""
    return max((today - learnt_at.date()).days, 0)
