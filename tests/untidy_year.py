"""A company of the world whose customers pay untidily, played day by day with a clerk who decides the rest."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.matching import commands, queries
from kvit.matching.domain import RobotRule
from kvit.work import queries as work
from kvit.world import clerk, judging, playing
from kvit.world import queries as world
from kvit.world.clerk import DayAtTheDesk
from kvit.world.companies import COMPANIES, Payers
from kvit.world.founding import Simulated
from kvit.world.judging import Record
from simulated_books import TODAY, Desk, ctx_on, opened

WRITE_OFF = 3000
CLERK = "user:clerk"


@dataclass
class Office:
    """The company with its robot, live from the first day, and its clerk; what the clerk did, by day."""

    simulated: Simulated
    desk: Desk
    days: dict[date, DayAtTheDesk]

    def ctx(self, day: date) -> Ctx:
        """Somebody of the office on a day."""
        return replace(ctx_on(self.simulated, day), actor=CLERK)

    def play(self, until: date) -> None:
        """Each day: invoices, the banks' files, the robot; then the clerk."""
        with tenant.scope(self.simulated.tenant_id):
            after = world.played_through()
        for stretch in playing.stretches(self.simulated.founding, after=after, until=until):
            ctx = ctx_on(self.simulated, stretch.last)
            playing.play(ctx, self.simulated, stretch, take_in=self.desk)
            self.days[stretch.last] = clerk.work_a_day(self.ctx(stretch.last), self.simulated, stretch.last)

    def record(self) -> Record:
        """The robot's links by the truth."""
        return judging.record(self.simulated)

    def state(self) -> queries.RobotState:
        """How sure the robot has to be."""
        with tenant.scope(self.simulated.tenant_id):
            return queries.state_of_the_robot()

    def robot_asks(self) -> list[str]:
        """The codes of what waits about the robot itself."""
        with tenant.scope(self.simulated.tenant_id):
            return [item.reason_code for item in work.items_about("robot", 1) if item.closed_at is None]


def open_office(
    monkeypatch: pytest.MonkeyPatch, code: str, *, customers: int, crossed: tuple[date, date] | None = None
) -> Office:
    """A new company like nordljus, of untidy payers; `crossed` as in `companies.Company`."""
    untidy = replace(COMPANIES["nordljus"], code=code, payers=Payers.UNTIDY, crossed=crossed)
    monkeypatch.setitem(COMPANIES, code, untidy)
    simulated = opened(code, customers=customers)
    rule = RobotRule(write_off_up_to_minor=WRITE_OFF)
    commands.set_rule(ctx_on(simulated, TODAY), rule=rule, reason="small rests are written off")
    return Office(simulated, Desk(), {})


def day(number: int) -> date:
    """So many days after the opening."""
    return TODAY + timedelta(days=number)
