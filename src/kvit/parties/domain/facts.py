"""How old a fact is, and from which day it asks to be renewed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from kvit.base.codec import Personal
from kvit.kernel.refusals import DomainError


class BadFact(DomainError):
    """A fact without a name, from the future, or one that could never get old."""

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
    if not fact.name.strip() or not fact.source.strip():
        raise BadFact("a fact has a name and a source")
    if fact.learnt_at is not None and fact.learnt_at > now:
        raise BadFact("a fact cannot be learnt in the future")
    if fact.renew_after_days is not None and fact.renew_after_days < 1:
        raise BadFact("a fact is renewed after one day at the earliest")


def stale_from(*, learnt_at: datetime, valid_until_date: date | None, renew_after_days: int | None) -> date | None:
    """The first day on which a fact is out of date; None if it never is. The earlier of both limits counts."""
    limits = []
    if valid_until_date is not None:
        limits.append(valid_until_date + timedelta(days=1))
    if renew_after_days is not None:
        limits.append(learnt_at.date() + timedelta(days=renew_after_days))
    return min(limits, default=None)


def age_days(*, learnt_at: datetime, today: date) -> int:
    """Whole days since a fact was learnt (UTC days); never negative."""
    return max((today - learnt_at.date()).days, 0)
