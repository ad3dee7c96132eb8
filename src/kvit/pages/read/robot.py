"""The robot's day: what it linked and why, how much goes straight through, how right it is, how sure it has to be."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kvit.banking import queries as banking
from kvit.banking.queries import AccountFreshness
from kvit.matching import queries as matching
from kvit.matching.queries import RobotReport, RobotState
from kvit.pages.read import payment
from kvit.pages.read.payment import Shown

WEEKS = 8
DAYS = 30


@dataclass(frozen=True, slots=True)
class Feed:
    """A bank account and how far it is known; `age_days` since then, None where nothing has come."""

    account_id: int
    name: str
    number: str
    freshness: AccountFreshness | None
    age_days: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """What the robot linked on a day, undone since or not; `older` is where the list goes on."""

    day: date
    linked: tuple[Shown, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Robot:
    """Figures of the last weeks, what is in force, and how current the bank is."""

    state: RobotState
    month: RobotReport
    weeks: RobotReport
    feeds: tuple[Feed, ...]


def day(on: date, zone: ZoneInfo, *, limit: int, below_id: int | None = None) -> Day:
    """What the robot linked on a day, the newest first. Needs the tenant's scope."""
    since = datetime.combine(on, time.min, zone)
    until = datetime.combine(on + timedelta(days=1), time.min, zone)
    found = matching.robot_links(since_at=since, until_at=until, limit=limit + 1, below_id=below_id)
    lines = (payment.shown(link.line_id, only=link.id) for link in found[:limit])
    return Day(
        on, tuple(line for line in lines if line is not None), found[limit - 1].id if len(found) > limit else None
    )


def robot(*, today: date, country: str) -> Robot:
    """How the robot does. Needs the tenant's scope."""
    return Robot(
        state=matching.state_of_the_robot(),
        month=matching.robot_report(from_date=today - timedelta(days=DAYS - 1), to_date=today),
        weeks=matching.robot_report(from_date=today - timedelta(days=today.weekday() + 7 * (WEEKS - 1)), to_date=today),
        feeds=feeds(today=today, country=country),
    )


def feeds(*, today: date, country: str) -> tuple[Feed, ...]:
    """Each of the company's accounts with how far it is known. Needs the tenant's scope."""
    fresh = banking.account_freshness(today=today, country=country)
    return tuple(
        Feed(account_id, account[2], account[0], one, (today - until).days if until is not None else None)
        for account_id, account in banking.accounts().items()
        for one in (fresh.get(account_id),)
        for until in (one.known.known_until if one is not None else None,)
    )
