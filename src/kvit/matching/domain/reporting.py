"""From trials of past payments to the report that people read. Loads the engine: imported by who tries only."""

from collections import Counter
from collections.abc import Sequence

from kvit.matching.domain.backtest import Trial, Verdict
from kvit.matching.domain.calibration import Weighed, asked, fitted
from kvit.matching.domain.history import MOST_CASES, Case, Figures, HistoryReport, months
from kvit.matching.domain.outcomes import Outcome
from kvit.matching.domain.past import Past
from kvit.matching.domain.rule import WHOLE_PPM


def reported(
    past: Past, trials: Sequence[Trial], *, least_ppm: int, factor_ppm: int, target_ppm: int, unknown_dates: int
) -> HistoryReport:
    """The report of a history, tried with the calibration in force.

    `least_ppm` is the shipped least confidence for the target; the trials were booked from `asked(least, factor)` on.
    """
    numbers = {one.item_id: one.number for one in past.invoices}
    counts = Counter(trial.verdict for trial in trials)
    of_invoices = [trial for trial in trials if trial.payment.pays]
    waiting = [trial for trial in trials if trial.verdict is Verdict.ASKED]
    days = [trial.payment.payment_date for trial in trials]
    sure = [trial for trial in trials if trial.may_book and _was_weighed(trial)]
    weighed = [Weighed(trial.decided.confidence_ppm, trial.first_is_right) for trial in sure]
    return HistoryReport(
        payments=len(trials),
        of_invoices=len(of_invoices),
        straight=sum(trial.verdict is Verdict.RIGHT for trial in of_invoices),
        suggested_right=sum(trial.first_is_right for trial in waiting),
        target_ppm=target_ppm,
        from_date=min(days, default=None),
        to_date=max(days, default=None),
        shipped=Figures(
            factor_ppm,
            asked(least_ppm, factor_ppm),
            right=counts[Verdict.RIGHT],
            wrong=counts[Verdict.WRONG],
            asked=counts[Verdict.ASKED],
        ),
        fitted=_fitted(trials, weighed, least_ppm, target_ppm),
        unknown_dates=unknown_dates,
        months=months([(trial.payment.payment_date, trial.verdict.value) for trial in trials]),
        cases=tuple(_case(trial, numbers) for trial in trials if trial.verdict is Verdict.WRONG)[:MOST_CASES],
        asked_because=tuple(Counter(_because(trial) for trial in waiting).most_common()),
    )


def _was_weighed(trial: Trial) -> bool:
    """Whether the engine weighed it at all: a payment of a closed invoice is known, not weighed."""
    return trial.decided.outcome in (Outcome.BOOKED, Outcome.UNSURE)


def _fitted(trials: Sequence[Trial], weighed: Sequence[Weighed], least_ppm: int, target_ppm: int) -> Figures:
    """What the same decisions would have been with the factor that fits them."""
    factor_ppm = fitted(weighed, least_ppm=least_ppm, target_ppm=target_ppm)
    least = asked(least_ppm, factor_ppm)
    booked = [one for one in weighed if one.confidence_ppm >= least]
    known = sum(trial.verdict is Verdict.RIGHT and not trial.may_book for trial in trials)
    right = sum(one.is_right for one in booked)
    return Figures(factor_ppm, least, right + known, len(booked) - right, len(trials) - len(booked) - known)


def _case(trial: Trial, numbers: dict[int, str]) -> Case:
    payment = trial.payment
    return Case(
        line=payment.line,
        payment_date=payment.payment_date,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        would_pay=tuple(numbers[item] for item, _ in trial.decided.items),
        paid=tuple(numbers[item] for item, _ in payment.pays),
        confidence_ppm=min(trial.decided.confidence_ppm, WHOLE_PPM),
        reasons=trial.evidence.reasons,
    )


def _because(trial: Trial) -> str:
    """Why a person would have been asked: nothing, closed, twice, another_payer, or unsure."""
    found = trial.decided
    if found.outcome is Outcome.UNSURE:
        return "unsure" if trial.may_book else "another_payer"
    return found.outcome.value
