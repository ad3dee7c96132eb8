"""A simulated year of one company, day by day: at its end the books are sound and every payment is booked or asks.

The full size is measured by `python -m benchmarks world`.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from kvit.base import tenant
from kvit.invoicing import queries as invoicing
from kvit.world import truth
from kvit.world.companies import COMPANIES
from receivables import problems
from simulated_books import TODAY, Desk, ctx_on, opened, play_until

DAYS = 365
CUSTOMERS = 40
CODE = "year-of-nordljus"


class TestAYear:
    def test_ends_with_sound_books_and_every_payment_booked_or_asking(
        self, live: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With real commits, so that what the database checks at a commit is checked each day."""
        monkeypatch.setitem(COMPANIES, CODE, replace(COMPANIES["nordljus"], code=CODE))
        company = opened(CODE, customers=CUSTOMERS)
        played = play_until(company, TODAY + timedelta(days=DAYS), Desk())
        last = TODAY + timedelta(days=DAYS)

        # Day 365: each day was played, and the books add up.
        assert len(played) == DAYS + 1
        assert problems(ctx_on(company, last)) == ()

        # Every movement of the bank is a line; every line is linked or asks a person, and no link is wrong.
        report = truth.report(company)
        assert report.movements == report.lines == sum(day.movements for day in played)
        assert (report.lost, report.neither, report.foreign, report.wrong) == ((), (), 0, ())
        assert len(report.judgements) + report.waiting == report.lines
        assert len(report.judgements) > report.waiting

        # Twelve months of invoices, some credited, some put off.
        with tenant.scope(company.tenant_id):
            documents = invoicing.all_invoices()
        assert len(documents) == sum(day.issued + day.credited for day in played) > 12 * CUSTOMERS
        assert sum(day.delayed for day in played) > 0
