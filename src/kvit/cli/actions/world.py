"""`kvit world`: open the simulated companies, play their days, and judge the books by what the payers meant."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from getpass import getuser
from io import BytesIO
from pathlib import Path
from typing import ClassVar, Final

from kvit.banking import jobs
from kvit.base import clock, job, rows, tenant
from kvit.base.command import Ctx
from kvit.cli.actions import show
from kvit.invoicing import queries as invoices
from kvit.kernel.refusals import DomainError
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.matching import queries as matching
from kvit.world import founding, playing, queries, truth
from kvit.world.commands import DaysPlayed, Founding
from kvit.world.companies import COMPANIES
from kvit.world.founding import Simulated

SEED: Final = 2026
DAYS: Final = 60
_MORNING: Final = time(5, tzinfo=UTC)
_LOCK: Final = 0x4B79  # advisory: one process plays the world at a time
_MOST_SHOWN: Final = 20


class WorldBusy(DomainError):
    """Another process is playing the world."""

    code: ClassVar[str] = "cli.world_busy"


@dataclass(frozen=True)
class BankFolder:
    """Where the banks' files are laid down, for people to look at, before they are taken in by the normal way."""

    folder: Path

    def __call__(self, ctx: Ctx, *, name: str, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(content)
        jobs.import_file(ctx, BytesIO(content), name=name)


@dataclass
class Player:
    """Plays some companies day by day; what was played of each, newest last."""

    companies: Sequence[Simulated]
    intake: BankFolder
    played: dict[str, list[DaysPlayed]]

    def through(self) -> date:
        """The day until which all of them were played."""
        return min(_through(simulated) for simulated in self.companies)

    def catch_up(self, until: date, bar: show.Bar) -> None:
        """Play each company until a day that the clock has reached; match what came in."""
        for simulated in self.companies:
            after = _played_through(simulated)
            for stretch in playing.stretches(simulated.founding, after=after, until=until):
                done = playing.play(_ctx(simulated), simulated, stretch, take_in=self.intake)
                self.played[simulated.company.code].append(done)
                bar.advance((stretch.last - stretch.first).days + 1)
        job.run_until_empty()


def _ctx(simulated: Simulated) -> Ctx:
    return Ctx(tenant_id=simulated.tenant_id, actor=f"world:{getuser()}", now=clock.current().now())


def _played_through(simulated: Simulated) -> date | None:
    with tenant.scope(simulated.tenant_id):
        return queries.played_through()


def _through(simulated: Simulated) -> date:
    return _played_through(simulated) or simulated.founding.first_day - timedelta(days=1)


def populate(folder: Path, *, days: int = DAYS, percent: int = 100) -> list[Simulated]:
    """Open every company of the world with its past of so many days, or finish what was begun; repeatable.

    `percent` scales how many customers each has. A company that is there already keeps what it was founded with.
    """
    now = clock.current().now()
    opened = []
    with _alone(), show.progress("opening companies") as bar:
        for company in COMPANIES.values():
            wanted = Founding(
                company=company.code,
                seed=SEED,
                customers=max(company.customers * percent // 100, 1),
                first_day=now.date() - timedelta(days=days),
                opened_on=now.date(),
            )
            actor = f"world:{getuser()}"
            opened.append(founding.open_company(wanted, actor=actor, now=now, progress=bar.advance))
    _play(opened, folder, days=0)
    return opened


def run(folder: Path, *, days: int, code: str | None = None) -> Player:
    """Play the next days of every company of the world, or of one; the clock moves with them."""
    companies = [founding.load(code)] if code else _all_there()
    return _play(companies, folder, days=days)


def _all_there() -> list[Simulated]:
    found = []
    for code in COMPANIES:
        try:
            found.append(founding.load(code))
        except founding.NoWorld:
            continue
    if not found:
        raise founding.NoWorld("there is no simulated company here; kvit demo opens some")
    return found


def _play(companies: Sequence[Simulated], folder: Path, *, days: int) -> Player:
    """Catch up with the clock, then go on with it until so many days were played."""
    player = Player(companies, BankFolder(folder), {simulated.company.code: [] for simulated in companies})
    with _alone():
        today, through = clock.current().now().date(), player.through()
        until = max(today, through + timedelta(days=days))
        missing = sum((until - _through(simulated)).days for simulated in companies)
        with show.progress("playing days", missing) as bar:
            player.catch_up(min(today, until), bar)
            while today < until:
                today += timedelta(days=1)
                _push_to(today)
                player.catch_up(today, bar)
    return player


def _push_to(day: date) -> None:
    """Bring the clock of every process to the morning of a day. Refuses `NotInTestMode`."""
    clock.push_forward(datetime.combine(day, _MORNING) - clock.current().now())


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process at a time plays: two would push the clock twice. Refuses `WorldBusy`."""
    if not rows.select("SELECT pg_try_advisory_lock(%s)", [_LOCK])[0][0]:
        raise WorldBusy("another process is playing the world; wait until it is done")
    try:
        yield
    finally:
        rows.select("SELECT pg_advisory_unlock(%s)", [_LOCK])


@dataclass(frozen=True)
class Standing:
    """Where a company stands: documents, links and questions; what its customers owe, in minor units."""

    name: str
    documents: int
    linked: int
    asking: int
    owed: str


def standing(simulated: Simulated) -> Standing:
    """Where a company stands now."""
    company = simulated.company
    with tenant.scope(simulated.tenant_id):
        owed = ledger.account_balance(Accounts.RECEIVABLE, company.currency).balance_minor
        return Standing(
            name=f"{company.name} ({company.code})",
            documents=len(invoices.issued_since(simulated.founding.first_day)),
            linked=matching.count_live(),
            asking=len(matching.waiting_lines()),
            owed=show.money(owed, company.currency),
        )


def tell_standings(companies: Sequence[Simulated]) -> None:
    """Print where companies stand."""
    show.table(
        "",
        ("company", ">documents", ">payments linked by themselves", ">ask", ">owed by customers"),
        (
            (found.name, str(found.documents), str(found.linked), str(found.asking), found.owed)
            for found in map(standing, companies)
        ),
    )


def tell_played(player: Player) -> None:
    """Print what was played, company by company, and where they stand."""
    show.say(f"Played until {player.through()}; the clock of this installation has moved with it.")
    show.table(
        "",
        ("company", ">invoices", ">credited", ">due dates moved", ">bank movements"),
        (
            (
                code,
                *(str(sum(getattr(d, what) for d in days)) for what in ("issued", "credited", "delayed", "movements")),
            )
            for code, days in player.played.items()
        ),
    )
    tell_standings(player.companies)


def judge(code: str | None, *, as_json: bool) -> int:
    """Print how the links in the books stand up to what the payers meant; 1 where the robot's are wrong, else 0."""
    companies = [founding.load(code)] if code else _all_there()
    reports = {simulated.company.code: truth.report(simulated) for simulated in companies}
    if as_json:
        show.as_json({name: _plain(report) for name, report in reports.items()})
    else:
        show.table(
            "Links, by what the payers meant:",
            (
                "company",
                *(f">{verdict}" for verdict in truth.Verdict),
                ">wrong by the robot",
                ">neither linked nor asking",
            ),
            (
                (
                    name,
                    *(str(report.counts.get(verdict, 0)) for verdict in truth.Verdict),
                    str(len(report.wrong)),
                    str(len(report.neither)),
                )
                for name, report in reports.items()
            ),
        )
        for name, report in reports.items():
            for wrong in report.wrong[:_MOST_SHOWN]:
                show.say(f"{name}, line {wrong.line_id}: {wrong.verdict}; settled {wrong.settled}, meant {wrong.meant}")
    return 1 if any(report.wrong or report.neither or report.lost for report in reports.values()) else 0


def _plain(report: truth.Report) -> dict[str, object]:
    return {
        "movements": report.movements,
        "lines": report.lines,
        "waiting": report.waiting,
        "verdicts": {verdict.value: report.counts.get(verdict, 0) for verdict in truth.Verdict},
        "wrong": report.wrong,
        "neither": report.neither,
        "lost": len(report.lost),
        "foreign": report.foreign,
    }
