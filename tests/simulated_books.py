"""A company of the simulated world with books: opened, played by a desk that takes the banks' files in and matches."""

import io
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from cast import NOW, keyed
from kvit.banking import jobs
from kvit.banking.domain import StatementState
from kvit.banking.events import StatementBooked
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.flows import matching as flow
from kvit.world import founding, playing, queries
from kvit.world.commands import DaysPlayed, Founding
from kvit.world.founding import Simulated
from receivables import counts

TODAY = NOW.date()
ACTOR = "world:test"


@dataclass
class Desk:
    """Takes files in by the normal way and lets the robot match, as the jobs would; keeps what came."""

    is_matching: bool = True
    files: dict[str, bytes] = field(default_factory=dict)
    fails_at: str = ""

    def __call__(self, ctx: Ctx, *, name: str, content: bytes) -> None:
        if self.fails_at and self.fails_at in name:
            raise ConnectionError(f"the power went out at {name}")
        self.files[name] = content
        report = jobs.import_file(ctx, io.BytesIO(content), name=name)
        for one in report.statements:
            if self.is_matching and one.state is StatementState.BOOKED and one.taken:
                flow.match_statement(
                    replace(keyed(ctx, f"{one.statement_id}:match"), actor="robot:matching.match_statement"),
                    StatementBooked(one.statement_id, 0, one.taken),
                )


def wanted(code: str, *, customers: int, past: int, seed: int = 7) -> Founding:
    """A company with so many days of a past, which end on NOW's day."""
    return Founding(code, seed, customers, TODAY - timedelta(days=past), TODAY)


def opened(code: str, *, customers: int = 12, past: int = 0) -> Simulated:
    """A company of the world, open and not yet played."""
    return founding.open_company(wanted(code, customers=customers, past=past), actor=ACTOR, now=NOW)


def ctx_on(simulated: Simulated, day: date) -> Ctx:
    """The world acts on the morning of a day."""
    return Ctx(tenant_id=simulated.tenant_id, actor=ACTOR, now=NOW + (day - TODAY))


def play_until(simulated: Simulated, until: date, desk: Desk) -> list[DaysPlayed]:
    """Play all that was not played yet, until a day."""
    with tenant.scope(simulated.tenant_id):
        after = queries.played_through()
    return [
        playing.play(ctx_on(simulated, max(stretch.last, TODAY)), simulated, stretch, take_in=desk)
        for stretch in playing.stretches(simulated.founding, after=after, until=until)
    ]


def rows_of(simulated: Simulated) -> dict[str, int]:
    """How many rows each table of the books has."""
    return counts(ctx_on(simulated, TODAY))
