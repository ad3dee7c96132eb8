"""`kvit world`: open the simulated companies, play their days, and judge the books by what the payers meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from getpass import getuser
from pathlib import Path
from typing import Final

from kvit.banking.jobs import import_file
from kvit.base import clock, job, tenant
from kvit.cli.actions import show
from kvit.invoicing import queries as invoices
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.matching import queries as matching
from kvit.world import days as world_days
from kvit.world import founding, truth
from kvit.world.commands import DaysPlayed
from kvit.world.days import BankFolder, Player
from kvit.world.founding import Simulated

_MOST_SHOWN: Final = 20


def populate(folder: Path, *, days: int = world_days.DAYS, percent: int = 100) -> list[Simulated]:
    """Open every company of the world with its past of so many days and its doors; repeatable.

    `percent` scales how many customers each has. A company that is there already keeps what it was founded with.
    """
    with show.progress("opening companies") as bar:
        opened = world_days.open_companies(_actor(), days=days, percent=percent, progress=bar.advance)
    player = _play(opened, folder, days=0)
    world_days.open_doors(player)
    return opened


def run(folder: Path, *, days: int, code: str | None = None) -> Player:
    """Play the next days of every company of the world, or of one; the clock moves with them."""
    return _play([founding.load(code)] if code else _all_there(), folder, days=days)


def _all_there() -> list[Simulated]:
    found = world_days.all_there()
    if not found:
        raise founding.NoWorld("there is no simulated company here; kvit demo opens some")
    return found


def _play(companies: Sequence[Simulated], folder: Path, *, days: int) -> Player:
    player = Player(
        companies, BankFolder(folder, import_file), _actor(), settle=partial(job.run_until_empty, slow_too=False)
    )
    until = max(clock.current().now().date(), player.through() + timedelta(days=days))
    with show.progress("playing days", player.missing(until)) as bar:
        player.progress = bar.advance
        player.go_on(days)
    return player


def _actor() -> str:
    return f"world:{getuser()}"


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


def _played(player: Player) -> list[tuple[str, list[DaysPlayed]]]:
    return [(one.company.code, player.played.get(one.company.code, [])) for one in player.companies]


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
            for code, days in _played(player)
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
