"""One clock for every process; it can be pushed forward in test mode, and never back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cast import NOW
from kvit.base import clock, rows


@pytest.fixture
def test_mode(db: None, settings: Any) -> None:
    settings.KVIT_TEST_MODE = True


class TestTheClock:
    def test_is_the_machines_and_knows_its_zone(self, settings: Any) -> None:
        settings.KVIT_TEST_MODE = False
        before = datetime.now(UTC)
        now = clock.current().now()
        assert before <= now <= datetime.now(UTC)
        assert now.utcoffset() == timedelta(0)

    def test_cannot_be_pushed_outside_of_test_mode(self, db: None, settings: Any) -> None:
        settings.KVIT_TEST_MODE = False
        with pytest.raises(clock.NotInTestMode):
            clock.push_forward(timedelta(days=1))
        assert rows.select("SELECT 1 FROM base_clockoffset") == []

    def test_does_not_heed_a_push_outside_of_test_mode(self, test_mode: None, settings: Any) -> None:
        clock.push_forward(timedelta(days=400))
        settings.KVIT_TEST_MODE = False
        assert clock.current().now() < datetime.now(UTC) + timedelta(days=1)


@pytest.mark.usefixtures("test_mode")
class TestAPush:
    def test_moves_what_every_process_reads(self) -> None:
        before = datetime.now(UTC)
        pushed = clock.push_forward(timedelta(days=3))
        assert pushed - before >= timedelta(days=3)
        assert clock.PushedClock().now() - before < timedelta(days=3, minutes=1)

    def test_adds_to_the_one_before(self) -> None:
        clock.push_forward(timedelta(days=3))
        clock.push_forward(timedelta(hours=1))
        assert rows.select("SELECT id, seconds FROM base_clockoffset") == [(1, 3 * 86400 + 3600)]

    def test_back_is_refused(self) -> None:
        clock.push_forward(timedelta(days=3))
        with pytest.raises(clock.ClockGoesForward):
            clock.push_forward(timedelta(seconds=-1))
        assert rows.select("SELECT seconds FROM base_clockoffset") == [(3 * 86400,)]

    @pytest.mark.parametrize("values", ["(2, 5)", "(1, -5)"])
    def test_back_or_beside_is_refused_by_the_database_too(self, values: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.run(f"INSERT INTO base_clockoffset (id, seconds) VALUES {values}")


class TestAFixedClock:
    def test_stands_still(self) -> None:
        fixed = clock.FixedClock(NOW)
        assert fixed.now() == fixed.now() == NOW
