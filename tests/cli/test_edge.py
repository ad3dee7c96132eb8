"""Who acts at the command line, and on which day."""

from datetime import date

import pytest

from cast import LATE
from kvit.base import clock
from kvit.base.command import Ctx
from kvit.cli.boot import Edge


class TestTheCommandLine:
    def test_counts_days_where_the_company_is(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "current", lambda: clock.FixedClock(LATE))
        assert Edge(anna.tenant_id).today() == date(2026, 3, 3)
        assert Edge(anna.tenant_id).ctx().now == LATE
