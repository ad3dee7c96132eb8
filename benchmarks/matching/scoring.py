"""How right the answers are: shares of right automatic links, false matches, wrong customers, calibration.

An answer to a payment is a set of invoices with one confidence, automatic or only suggested; payments without an answer
are left alone. It is right if its set equals the truth exactly.

right_automatic   right automatic answers / payments that can be matched
precision         right automatic answers / automatic answers, all payments counted
false_match       automatic answers to payments that must not match / such payments
wrong_customer    automatic answers that touch another customer's invoice / automatic answers
right_first       right answers, automatic or suggested / payments that can be matched
link_recall       right pairs of payment and invoice among the automatic ones / all true pairs
calibration_error expected difference between confidence and share of right answers, over ten bins of equal width
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.matching.columns import Integers
from benchmarks.matching.errors import ONE_DIGIT
from benchmarks.matching.options import SCENARIOS
from benchmarks.matching.workload import Workload

Flags = NDArray[np.bool_]
BINS = 10


@dataclass(frozen=True)
class Answers:
    """One row per link: payment, invoice, and of its payment's answer the confidence and whether it is automatic."""

    payment_id: Integers
    invoice_id: Integers
    confidence: NDArray[np.float64]
    is_auto: Flags


@dataclass(frozen=True)
class Score:
    """Shares, None where there is nothing to take a share of; see the module."""

    payments: int
    automatic: int
    right_automatic: float | None
    precision: float | None
    false_match: float | None
    wrong_customer: float | None
    right_first: float | None
    link_recall: float | None


@dataclass(frozen=True)
class Scores:
    """Over all payments, by scenario, and for references with one wrong digit by the kind of error."""

    all: Score
    calibration_error: float | None
    by_scenario: dict[str, Score]
    one_digit: Score
    by_error: dict[str, Score]


@dataclass(frozen=True)
class _Judged:
    """Per payment, in the order of the truth's rows."""

    is_matchable: Flags
    is_auto: Flags
    is_right: Flags
    is_wrong_customer: Flags
    true_links: Integers
    found_links: Integers


def evaluate(workload: Workload, answers: Answers) -> Scores:
    """Score answers against the truth of their workload."""
    truth = workload.tables["truth"]
    judged, confidence, is_answered = _judged(workload, answers)
    error, scenario = truth["error_kind"], truth["scenario"]
    is_typo = pc.equal(scenario, "typo").to_numpy()
    by_error = {kind: pc.equal(error, kind).to_numpy() & is_typo for kind in pc.unique(error).to_pylist() if kind}
    of_scenario = {name: pc.equal(scenario, name).to_numpy() for name in SCENARIOS}
    one_digit = np.zeros(truth.num_rows, bool)
    for kind in ONE_DIGIT:
        one_digit |= by_error.get(kind, np.zeros(truth.num_rows, bool))
    return Scores(
        all=_score(judged, np.ones(truth.num_rows, bool)),
        calibration_error=_calibration_error(confidence[is_answered], judged.is_right[is_answered]),
        by_scenario={name: _score(judged, rows) for name, rows in of_scenario.items() if rows.any()},
        one_digit=_score(judged, one_digit),
        by_error={kind: _score(judged, rows) for kind, rows in sorted(by_error.items()) if rows.any()},
    )


def _judged(workload: Workload, answers: Answers) -> tuple[_Judged, NDArray[np.float64], Flags]:
    ids, customers = workload.column("truth", "payment_id"), workload.column("truth", "customer_id")
    invoices, owners = workload.column("invoices", "invoice_id"), workload.column("invoices", "customer_id")
    many = ids.size
    payment, item = places(ids, answers.payment_id), places(invoices, answers.invoice_id)
    first = np.unique(payment * invoices.size + item, return_index=True)[1]  # a pair told twice counts once
    payment, item = payment[first], item[first]
    true_payment = places(ids, workload.column("truth_links", "payment_id"))
    true_item = places(invoices, workload.column("truth_links", "invoice_id"))
    is_true = np.isin(payment * invoices.size + item, true_payment * invoices.size + true_item)
    told, right = np.bincount(payment, minlength=many), np.bincount(payment[is_true], minlength=many)
    true_links = np.bincount(true_payment, minlength=many)
    is_strange = owners[item] != customers[payment]
    is_auto, confidence = np.zeros(many, bool), np.zeros(many)
    is_auto[payment], confidence[payment] = answers.is_auto[first], answers.confidence[first]
    judged = _Judged(
        is_matchable=workload.tables["truth"]["matchable"].to_numpy(),
        is_auto=is_auto,
        is_right=(true_links > 0) & (told == true_links) & (right == true_links),
        is_wrong_customer=np.bincount(payment[is_strange], minlength=many) > 0,
        true_links=true_links,
        found_links=right,
    )
    return judged, confidence, told > 0


def places(ids: Integers, wanted: Integers) -> Integers:
    """Where each wanted id stands among `ids`."""
    order = np.argsort(ids, kind="stable")
    at = np.searchsorted(ids, wanted, sorter=order)
    places: Integers = order[np.minimum(at, ids.size - 1)]
    if (ids[places] != wanted).any():
        raise ValueError("an answer names a payment or an invoice that is not in the workload")
    return places


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _score(judged: _Judged, rows: Flags) -> Score:
    matchable, auto = rows & judged.is_matchable, rows & judged.is_auto
    other = rows & ~judged.is_matchable
    right = int((auto & judged.is_right).sum())
    automatic, can_match = int(auto.sum()), int(matchable.sum())
    return Score(
        payments=int(rows.sum()),
        automatic=automatic,
        right_automatic=_share(right, can_match),
        precision=_share(right, automatic),
        false_match=_share(int((other & auto).sum()), int(other.sum())),
        wrong_customer=_share(int((auto & judged.is_wrong_customer).sum()), automatic),
        right_first=_share(int((matchable & judged.is_right).sum()), can_match),
        link_recall=_share(int(judged.found_links[auto].sum()), int(judged.true_links[matchable].sum())),
    )


def _calibration_error(confidence: NDArray[np.float64], is_right: Flags) -> float | None:
    if not confidence.size:
        return None
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    claimed = np.bincount(bins, weights=confidence, minlength=BINS)
    kept = np.bincount(bins, weights=is_right.astype(np.float64), minlength=BINS)
    return float(np.abs(claimed - kept).sum() / confidence.size)


def lines(scores: Scores) -> Iterator[str]:
    """A table of the scores by scenario and by error, in per cent."""
    head = ("", "payments", "auto", "right auto", "precision", "false", "wrong cust", "right first", "links")
    yield "{:22}{:>10}{:>10}{:>12}{:>11}{:>9}{:>12}{:>13}{:>9}".format(*head)
    rows = {
        "all": scores.all,
        **scores.by_scenario,
        "one wrong digit": scores.one_digit,
        **{f"  {kind}": score for kind, score in scores.by_error.items()},
    }
    for name, score in rows.items():
        shares = (
            _shown(value)
            for value in (
                *(score.right_automatic, score.precision, score.false_match),
                *(score.wrong_customer, score.right_first, score.link_recall),
            )
        )
        counts = (name, score.payments, score.automatic)
        yield "{:22}{:>10}{:>10}{:>12}{:>11}{:>9}{:>12}{:>13}{:>9}".format(*counts, *shares)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.3f}"
