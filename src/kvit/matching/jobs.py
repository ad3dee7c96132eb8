"""Try a firm's own history in the background, and learn its payers once somebody has said so."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kvit.base import files, job, tenant
from kvit.base.command import Ctx
from kvit.formats.books import link_history
from kvit.kernel.results import Problem
from kvit.matching import commands, queries
from kvit.matching.domain.calibration import SHIPPED_PPM
from kvit.matching.domain.history import Fault, HistoryReport
from kvit.matching.domain.past import payers
from kvit.matching.events import HistoryAccepted, HistoryGiven
from kvit.matching.queries.histories import HistoryRow
from kvit.matching.queries.past import Assembled, assembled

log = logging.getLogger("kvit.matching")
CHUNK: Final = 5000
MOST_FAULTS: Final = 200


@job.on(HistoryGiven, "matching.try_history")
def try_history(ctx: Ctx, event: HistoryGiven) -> None:
    """Keep what the robot would have done with a history; one that has its report already is left as it is."""
    report_on(ctx, event.history_id)


@job.on(HistoryAccepted, "matching.learn_history")
def learn_history(ctx: Ctx, event: HistoryAccepted) -> None:
    """Learn the payers of a history, chunk by chunk; customers that are not in the books are left out."""
    with tenant.scope(ctx.tenant_id):
        history = queries.history(event.history_id)
        found = _assembled(history) if history is not None else None
    if found is None or found.problems:
        return
    known = [(*who, times) for who, times in sorted(payers(found.past).items()) if who[0] in found.known_party_ids]
    for start in range(0, len(known), CHUNK):
        keyed = replace(ctx, key=f"{ctx.key}:{start}")
        commands.learn_history(keyed, history_id=event.history_id, payers=known[start : start + CHUNK])


def report_on(ctx: Ctx, history_id: int) -> HistoryReport | None:
    """Try a history and keep its report, unless that stands already; the report, None for a history there is not."""
    with tenant.scope(ctx.tenant_id):
        history = queries.history(history_id)
        if history is None or history.report is not None:
            return history.report if history is not None else None
        found = _assembled(history)
        report = HistoryReport(faults=_faults(found.problems), fault_count=len(found.problems))
        if not found.problems:
            report = _tried(found)
    commands.report_history(ctx, history_id=history_id, report=report)
    return report


def _assembled(history: HistoryRow) -> Assembled:
    data = b"".join(files.read_parts(history.sha256))
    read = link_history.read(data, currency=history.currency)
    if read.problems or not read.records:
        empty = Problem("file", "there is no payment in the file", link_history.NO_PAYMENT)
        return replace(assembled(()), problems=read.problems or (empty,))
    return assembled(read.records)


def _tried(found: Assembled) -> HistoryReport:
    """What the robot would have done. Needs the tenant's scope."""
    log.info("trying a history of %s payments; the engine is compiled the first time", len(found.past.payments))
    from kvit.matching.domain import backtest, calibration, outcomes, reporting  # by whoever tries, by no page
    from kvit.matching.domain.engine import CreditorRule
    from kvit.matching.domain.shipped_prior import shipped_prior

    rule, prior, now = queries.rule(), shipped_prior(), queries.calibration()
    creditor = CreditorRule(
        rule.short_minor, rule.short_permille, rule.reminder_fee_minor, rule.rounds_up_to_minor, rule.most_items
    )
    factor = now.factor_ppm if now is not None else SHIPPED_PPM
    least, whole = outcomes.threshold(prior, rule.target_ppm)
    asked = calibration.asked(least, factor)
    trials = list(backtest.trials(found.past, rule=creditor, prior=prior, least=(asked, whole)))
    return reporting.reported(
        found.past,
        trials,
        least_ppm=least,
        factor_ppm=factor,
        target_ppm=rule.target_ppm,
        unknown_dates=found.unknown_dates,
    )


def _faults(problems: Sequence[Problem]) -> tuple[Fault, ...]:
    """The first problems as they are kept."""
    return tuple(
        Fault(one.place, one.reason, one.told[0].code, dict(one.told[0].values)) for one in problems[:MOST_FAULTS]
    )
