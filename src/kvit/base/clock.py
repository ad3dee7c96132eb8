"""The one place that reads the time; everything below an edge is handed `now`."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

from django.conf import settings

from kvit.base import rows
from kvit.kernel.refusals import DomainError


class Clock(Protocol):
    """Says what time it is, as an aware UTC instant."""

    def now(self) -> datetime: ...


class NotInTestMode(DomainError):
    """The clock is pushed forward in test mode only."""

    code: ClassVar[str] = "base.not_in_test_mode"


class ClockGoesForward(DomainError):
    """The clock may be pushed forward, never back: what was sent or booked stays in the past."""

    code: ClassVar[str] = "base.clock_goes_forward"


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class PushedClock:
    """The machine's time plus what test mode has added, which every process reads from the database."""

    def now(self) -> datetime:
        found = rows.select("SELECT seconds FROM base_clockoffset WHERE id = 1")
        return datetime.now(UTC) + timedelta(seconds=found[0][0] if found else 0)


class FixedClock:
    """Stands still at one instant; for stories in tests."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def current() -> Clock:
    """The clock of this installation."""
    return PushedClock() if settings.KVIT_TEST_MODE else SystemClock()


def push_forward(by: timedelta) -> datetime:
    """Move the clock of every process forward; the new time. Refuses `NotInTestMode`, `ClockGoesForward`."""
    if not settings.KVIT_TEST_MODE:
        raise NotInTestMode("the clock can be pushed forward in test mode only; set KVIT_TEST_MODE=1")
    if by < timedelta(0):
        raise ClockGoesForward(f"{by} would move the clock back")
    rows.run(
        """
        INSERT INTO base_clockoffset (id, seconds) VALUES (1, %s)
        ON CONFLICT (id) DO UPDATE SET seconds = base_clockoffset.seconds + excluded.seconds
        """,
        [int(by.total_seconds())],
    )
    return current().now()
