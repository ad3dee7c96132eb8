"""A year of untidy payments: every automatic link judged by the truth; confident errors make the robot ask more.

`python -m benchmarks year` measures the same at its full size, with the jobs of a worker.
"""

from collections import Counter
from datetime import timedelta

import pytest

from kvit.matching.domain import SHIPPED_RULE
from kvit.world.truth import Verdict
from receivables import problems
from soak import long_form
from untidy_year import day, open_office

LEAST_PRECISION_PPM = 999_500
LEAST_STRAIGHT_PPM = 940_000


class TestAYearOfUntidyPayments:
    @pytest.mark.parametrize(("customers", "days"), [pytest.param(40, 365, id="small"), long_form(300, 365)])
    def test_is_booked_rightly_and_straight_through(
        self, live: None, monkeypatch: pytest.MonkeyPatch, customers: int, days: int
    ) -> None:
        office = open_office(monkeypatch, f"untidy-{customers}", customers=customers)
        office.play(day(days))
        record = office.record()
        verdicts = Counter(ruling.verdict for ruling in record.rulings)

        # Every automatic link is right; most payments of invoices need nobody.
        assert record.payments > 10 * customers
        assert len(record.rulings) > 0.9 * record.payments
        assert record.precision_ppm >= LEAST_PRECISION_PPM, record.wrong
        assert record.straight_through_ppm >= LEAST_STRAIGHT_PPM, verdicts

        # What the robot left was decided by the clerk within days, and the books add up.
        decided = sum(one.decided for one in office.days.values())
        assert decided > 0
        assert not office.state().is_stricter
        assert problems(office.ctx(day(days))) == ()


class TestErrorsThatAreConfident:
    FIRST, LAST = 75, 96

    def test_make_the_robot_ask_more_until_its_window_is_clean(
        self, live: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """For three weeks payers quote each other's references: whole reference, whole amount, the wrong customer."""
        first, last = day(self.FIRST), day(self.LAST)
        office = open_office(monkeypatch, "crossed", customers=40, crossed=(first, last))

        # Day 74: nothing is wrong, the target itself is in force.
        office.play(first - timedelta(days=1))
        assert office.record().wrong == ()
        assert (office.state().in_force_ppm, office.robot_asks()) == (SHIPPED_RULE.target_ppm, [])

        # Day 106: payers have called, their links were undone as wrong; the robot says so and asks more.
        office.play(last + timedelta(days=10))
        wrong = office.record().wrong
        assert {ruling.verdict for ruling in wrong} == {Verdict.WRONG_CUSTOMER}
        assert all(first <= ruling.booking_date <= last and ruling.link.undone_as == "wrong" for ruling in wrong)
        state = office.state()
        assert state.is_stricter
        assert state.measured is not None
        assert state.measured.wrong == len(wrong) > 2
        assert office.robot_asks() == ["matching.robot_less_right"]
        asked = {r.link.threshold_ppm for r in office.record().between(last + timedelta(days=8), day(365))}
        before = {r.link.threshold_ppm for r in office.record().between(day(0), first - timedelta(days=1))}
        assert min(asked) > max(before)  # type: ignore[type-var]

        # Day 200: the errors are older than the window; the target is in force again and nobody need look.
        office.play(last + timedelta(days=104))
        assert (office.state().in_force_ppm, office.robot_asks()) == (SHIPPED_RULE.target_ppm, [])
        assert problems(office.ctx(last + timedelta(days=104))) == ()

    def test_would_pass_unseen_if_nobody_undid_them(self, live: None, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: payers never call, so no link is undone as wrong; the judge sees it all the same."""
        from kvit.world import clerk

        monkeypatch.setattr(clerk, "_COMPLAINT", timedelta(days=1000))
        first, last = day(self.FIRST), day(self.LAST)
        office = open_office(monkeypatch, "unheard", customers=40, crossed=(first, last))
        office.play(last + timedelta(days=7))
        assert office.record().wrong
        assert office.record().precision_ppm < LEAST_PRECISION_PPM
        assert not office.state().is_stricter
        assert office.robot_asks() == []
