"""`kvit match report`: what the robot would have done with a firm's own history, and calibrating it on that."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kvit.base import files, job, login, tenant
from kvit.cli.actions import show
from kvit.cli.boot import Edge
from kvit.formats.books.link_history import MAX_BYTES
from kvit.kernel.refusals import DomainError
from kvit.matching import commands, jobs, queries
from kvit.matching.domain.history import Case, Figures, HistoryReport

MOST_SHOWN: Final = 50
_BECAUSE: Final = {
    "nothing": "no invoice explains the payment",
    "closed": "what it quotes is paid already",
    "twice": "the same was paid before",
    "unsure": "probably one, not surely",
    "another_payer": "the payer is known as somebody else",
}


class TooLarge(DomainError):
    """The file is larger than a history may be."""

    code = "cli.too_large"


@dataclass(frozen=True)
class Wanted:
    """What was asked for; without a currency the company's is of the rows that name none."""

    file: Path
    currency: str
    learn: bool
    as_json: bool


def report(edge: Edge, wanted: Wanted) -> int:
    """Print what the robot would have done; 0, or 2 with each problem and its place: nothing was tried then.

    With `learn` the robot is calibrated on it and learns its payers. Refuses `TooLarge`.
    """
    file = wanted.file
    if file.stat().st_size > MAX_BYTES:
        raise TooLarge(f"{file.name} has more than {MAX_BYTES} bytes")
    with file.open("rb") as source:
        kept = files.keep(edge.ctx(), source, name=file.name)
    with tenant.scope(edge.tenant_id):
        currency = wanted.currency or login.own_currency()
    given = commands.give_history(edge.ctx(), file_id=kept.file_id, currency=currency)
    show.warn("trying it (the first time the engine is compiled, which takes a minute or two)")
    found = jobs.report_on(edge.ctx(), given.history_id) or HistoryReport()
    if wanted.as_json:
        show.as_json(found)
    elif found.faults:
        _refused(file, found)
    else:
        _tell(found)
    if found.faults:
        return 2
    if wanted.learn:
        calibrated = commands.calibrate(edge.ctx(), history_id=given.history_id)
        job.run_until_empty(slow_too=False)
        with tenant.scope(edge.tenant_id):
            known = len(queries.payer_columns()["party_id"])
        show.say(f"calibrated: the factor is {_share(calibrated.factor_ppm)}; {known} payers are known")
    return 0


def _refused(file: Path, found: HistoryReport) -> None:
    for fault in found.faults[:MOST_SHOWN]:
        show.warn(f"{file.name}, {fault.place}: {fault.reason}")
    if found.fault_count > MOST_SHOWN:
        show.warn(f"and {found.fault_count - MOST_SHOWN} more")
    show.warn("nothing was tried and nothing learnt; mend the file and give it again")


def _tell(found: HistoryReport) -> None:
    straight = _share(found.straight_through_ppm)
    show.say(
        f"{found.payments} payments from {found.from_date} to {found.to_date}; straight through: {straight} of the "
        f"{found.of_invoices} that pay invoices; a person asked would have found the right one first "
        f"{found.suggested_right} times"
    )
    figures = [("as the robot is now", found.shipped), ("calibrated on this history", found.fitted)]
    show.table(
        "What the robot would have done:",
        ("", ">asked from", ">right", ">wrong", ">asked", ">precision"),
        ((name, *_figures(one)) for name, one in figures if one is not None),
    )
    show.table("Why it would have asked:", ("", ">payments"), ((_BECAUSE[c], str(n)) for c, n in found.asked_because))
    if found.unknown_dates:
        show.say(f"{found.unknown_dates} invoices have no dates; they count as issued 30 days before they were paid")
    show.table(
        "Wrong:",
        (">line", "day", ">amount", "would have paid", "paid", ">sure", "because"),
        (_case(case) for case in found.cases[:MOST_SHOWN]),
    )


def _figures(one: Figures) -> tuple[str, ...]:
    return _share(one.least_ppm), str(one.right), str(one.wrong), str(one.asked), _share(one.precision_ppm)


def _case(case: Case) -> tuple[str, ...]:
    return (
        str(case.line),
        case.payment_date.isoformat(),
        show.money(case.amount_minor, case.currency),
        ", ".join(case.would_pay),
        ", ".join(case.paid) or "nothing",
        _share(case.confidence_ppm),
        ", ".join(code.replace("_", " ") for code, _ in case.reasons),
    )


def _share(ppm: int | None) -> str:
    return "-" if ppm is None else f"{ppm // 10_000}.{ppm % 10_000:04d} %"
