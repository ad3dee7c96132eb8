"""Play days with the clock: open every company, catch up with today, go on; one process at a time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, ClassVar, Final, Protocol

from kvit.base import clock, login, rows, tenant
from kvit.base.command import Ctx
from kvit.invoicing import queries as invoices
from kvit.kernel.refusals import DomainError
from kvit.world import dealings, doors, founding, letters, playing, queries, talking
from kvit.world.commands import DaysPlayed, Founding
from kvit.world.companies import COMPANIES
from kvit.world.founding import Simulated

SEED: Final = 2026
DAYS: Final = 60
MOST_LATE: Final = 10_000
FOLDER: Final = "world"
"""Below the installation's home: the files of the banks."""

_MORNING: Final = time(5, tzinfo=UTC)
_LOCK: Final = 0x4B79  # advisory: one process plays the world at a time
Progress = Callable[[int], None]


class WorldBusy(DomainError):
    """Another process is playing the world."""

    code: ClassVar[str] = "world.busy"


class Importer(Protocol):
    """Takes a bank's file in, once however often it comes; `banking.jobs.import_file`, which only the top sees."""

    def __call__(self, ctx: Ctx, source: BinaryIO, *, name: str) -> object: ...


@dataclass(frozen=True)
class BankFolder:
    """Where the banks' files are laid down, for people to look at, before they are taken in by the normal way."""

    folder: Path
    importer: Importer

    def __call__(self, ctx: Ctx, *, name: str, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(content)
        self.importer(ctx, BytesIO(content), name=name)


@dataclass
class Player:
    """Plays some companies day by day for an actor; what was played of each, newest last.

    `settle` works off the jobs that a day has left, such as matching; a worker does it by itself.
    """

    companies: Sequence[Simulated]
    intake: BankFolder
    actor: str
    settle: Callable[[], None]
    progress: Progress = lambda _: None
    played: dict[str, list[DaysPlayed]] = field(default_factory=dict)

    def ctx(self, simulated: Simulated) -> Ctx:
        """Of now, for one company."""
        return Ctx(tenant_id=simulated.tenant_id, actor=self.actor, now=clock.current().now())

    def through(self) -> date:
        """The day until which all of them were played."""
        return min(played_through(simulated) for simulated in self.companies)

    def go_on(self, days: int) -> None:
        """Catch up with the clock, then go on with it until so many days were played. Refuses `WorldBusy`."""
        with alone():
            self.reach(max(clock.current().now().date(), self.through() + timedelta(days=days)))

    def missing(self, until: date) -> int:
        """How many days of companies there are to play until a day."""
        return sum(max((until - played_through(simulated)).days, 0) for simulated in self.companies)

    def reach(self, until: date) -> None:
        """Play until a day, and push the clock along where it is behind."""
        today = clock.current().now().date()
        self._catch_up(min(today, until))
        while today < until:
            today += timedelta(days=1)
            push_to(today)
            self._catch_up(today)

    def _catch_up(self, until: date) -> None:
        """Play each company until a day that the clock has reached; match what came in."""
        for simulated in self.companies:
            with tenant.scope(simulated.tenant_id):
                after = queries.played_through()
            for stretch in playing.stretches(simulated.founding, after=after, until=until):
                done = playing.play(self.ctx(simulated), simulated, stretch, take_in=self.intake)
                self.played.setdefault(simulated.company.code, []).append(done)
                self.progress((stretch.last - stretch.first).days + 1)
        self.settle()
        for simulated in self.companies:  # once all money has been matched: only then is a promise known to be broken
            with tenant.scope(simulated.tenant_id):
                late = invoices.invoices_lapsing(today=until, limit=MOST_LATE)
            talking.days_over(self.ctx(simulated), late, today=until)


def played_through(simulated: Simulated) -> date:
    """The last day of a company that was played; the day before its first one where none was."""
    with tenant.scope(simulated.tenant_id):
        return queries.played_through() or simulated.founding.first_day - timedelta(days=1)


def open_companies(actor: str, *, days: int = DAYS, percent: int = 100, progress: Progress) -> list[Simulated]:
    """Open every company of the world, or finish what was begun; repeatable. Refuses `WorldBusy`, `NotOfTheWorld`.

    `percent` scales how many customers each has. A company that is there already keeps what it was founded with.
    """
    now = clock.current().now()
    with alone():
        return [
            founding.open_company(
                Founding(
                    company=company.code,
                    seed=SEED,
                    customers=max(company.customers * percent // 100, 1),
                    first_day=now.date() - timedelta(days=days),
                    opened_on=now.date(),
                ),
                actor=actor,
                now=now,
                progress=progress,
            )
            for company in COMPANIES.values()
        ]


def open_doors(player: Player) -> None:
    """Let people into companies whose past was played; letters, orders, estimates and contracts lie there."""
    for simulated in player.companies:
        opened = doors.open_doors(player.ctx(simulated), simulated)
        if opened is not None:
            letters.write_letters(player.ctx(simulated), simulated, first_party_id=opened.party_id)
        dealings.deal(player.ctx(simulated), simulated)


def all_there() -> list[Simulated]:
    """Every company of the world that stands here, in the order in which they open; empty without any."""
    found = []
    for code in COMPANIES:
        try:
            found.append(founding.load(code))
        except founding.NoWorld:
            continue
    return found


def is_there() -> bool:
    """Whether there is any company of the world."""
    return any(_is_founded(code) for code in COMPANIES)


def _is_founded(code: str) -> bool:
    try:
        tenant_id = login.tenant_by_code(code)
    except login.NoSuchTenant:
        return False
    with tenant.scope(tenant_id):
        return queries.founding() is not None


def push_to(day: date) -> None:
    """Bring the clock of every process to the morning of a day. Refuses `NotInTestMode`."""
    clock.push_forward(datetime.combine(day, _MORNING) - clock.current().now())


@contextmanager
def alone() -> Iterator[None]:
    """Only one process at a time plays: two would push the clock twice. Refuses `WorldBusy`."""
    if not rows.select("SELECT pg_try_advisory_lock(%s)", [_LOCK])[0][0]:
        raise WorldBusy("another process is playing the world; wait until it is done")
    try:
        yield
    finally:
        rows.select("SELECT pg_advisory_unlock(%s)", [_LOCK])
