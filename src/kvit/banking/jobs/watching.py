"""Take in what lies where files arrive: each once, with a report for whoever put it there."""

from dataclasses import dataclass

from kvit.banking import jobs
from kvit.banking.domain.ports import Inbox
from kvit.base.command import Ctx
from kvit.kernel.refusals import DomainError


@dataclass(frozen=True)
class Settled:
    """What became of one file that arrived."""

    name: str
    is_good: bool
    report: str


def take_arrived(ctx: Ctx, inbox: Inbox, *, account_id: int | None = None) -> tuple[Settled, ...]:
    """Take in every file that waits, and say of each what became of it; `account_id` where one account's files arrive.

    Good is a file of which something was taken, now or before; one that gave nothing is failed. A crash leaves a
    file where it comes again: taking it in once more changes nothing.
    """
    settled = []
    for arrived in inbox.arrived():
        if arrived.source is None:
            is_good, report = False, f"{arrived.name}: {arrived.refused}\n"
        else:
            with arrived.source as source:
                try:
                    taken = jobs.import_file(ctx, source, name=arrived.name[:255], account_id=account_id)
                except DomainError as refusal:
                    is_good, report = False, f"{arrived.name}: {refusal}\n"
                else:
                    is_good = bool(taken.statements or taken.told or taken.repeated)
                    report = told(arrived.name, taken)
        inbox.settle(arrived, is_good=is_good, report=report)
        settled.append(Settled(arrived.name, is_good, report))
    return tuple(settled)


def told(name: str, report: jobs.ImportReport) -> str:
    """What became of a file, in lines for a person."""
    lines = [f"{name}: {report.format}, SHA-256 {report.sha256}"]
    if report.repeated:
        lines.append("taken in before; nothing changed")
    for one in report.statements:
        lines.append(f"{one.place} of {one.account}: {one.state}, {one.taken} new and {one.known} known lines")
        if one.hold_reason:
            lines.append(f"  {one.hold_reason}")
    lines += report.told
    lines += [f"{problem.place}: {problem.reason}" for problem in report.problems]
    return "".join(f"{line}\n" for line in lines)
