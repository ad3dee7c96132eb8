"""The prior: what it reads and refuses, how it is calibrated, that fitting finds what speaks for a match."""

import json
from dataclasses import replace

import numpy as np
import pytest

from kvit.matching.domain.engine import Confirmed, DecisionKind, Prior, UnreadablePrior, fit, match, read_prior
from kvit.matching.domain.engine.fitting import calibration
from kvit.matching.domain.shipped_prior import shipped_prior
from open_items import TODAY, Payment, index_of, payments_of, town

pytestmark = pytest.mark.timeout(900)  # the first run compiles


class TestThePrior:
    def test_is_read_as_it_was_written(self) -> None:
        prior = shipped_prior()
        again = read_prior(prior.text())
        assert again.text() == prior.text()
        assert again.about

    def test_is_small(self) -> None:
        assert len(shipped_prior().text()) < 20_000

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"version": 99}, "version 2 is read"),
            ({"cells": [0.5]}, "train the prior again"),
            ({"begins": [0, 1]}, "needs a calibration"),
            ({"levels": [0.9]}, "belong together"),
            ({"cells": "many"}, "no prior"),
        ],
    )
    def test_is_refused_when_it_does_not_fit(self, change: dict[str, object], says: str) -> None:
        text = json.dumps({**json.loads(shipped_prior().text()), **change})
        with pytest.raises(UnreadablePrior, match=says):
            read_prior(text)

    def test_is_refused_when_its_calibration_does_not_rise(self) -> None:
        told = json.loads(shipped_prior().text())
        told["levels"].reverse()
        with pytest.raises(UnreadablePrior, match="does not rise"):
            read_prior(json.dumps(told))

    def test_is_refused_when_it_is_no_json(self) -> None:
        with pytest.raises(UnreadablePrior, match="the text is no prior"):
            read_prior("<prior/>")

    def test_asks_for_more_confidence_the_higher_the_target(self) -> None:
        prior = shipped_prior()
        least = [prior.threshold(target) for target in (0.9, 0.99, 0.999, 0.9995, 0.9999)]
        assert least == sorted(least)
        assert least[0] < least[-1]


class TestACalibration:
    def test_rises_and_gives_the_share_of_right_ones(self) -> None:
        chance = np.linspace(0.01, 0.99, 20_000)
        right = np.arange(20_000) * 7919 % 1000 < chance**2 * 1000  # surer than it should be
        bounds, levels = calibration(chance, right)
        assert np.all(np.diff(levels) >= 0)
        assert np.abs(np.interp([0.3, 0.5, 0.8], bounds, levels) - np.array([0.09, 0.25, 0.64])).max() < 0.05

    def test_of_a_shuffled_truth_is_flat(self) -> None:
        chance = np.linspace(0.01, 0.99, 20_000)
        _, levels = calibration(chance, np.arange(20_000) % 2 == 0)
        assert levels.max() - levels.min() < 0.1


def confirmed(right: bool) -> Confirmed:
    """A batch where every payment quotes its item with an error or not at all; its truth, or a turned one."""
    items, customers = town(500)
    index = index_of(items, customers)
    payments, rows = [], []
    for number, item in enumerate(items):
        customer = customers[item.customer]
        typed = item.reference[:4] + item.reference[5:] if number % 2 else ""
        day = TODAY + number % 7
        payments.append(
            Payment(number, item.amount_minor, typed, name=customer.name, account=customer.accounts[0], day=day)
        )
        rows.append(number if right else (number + 1) % len(items))
    everyone = np.arange(len(items), dtype=np.int32)
    return Confirmed(index, payments_of(payments), everyone, np.array(rows, np.int32), np.zeros(0, np.int64))


def automatic(prior: Prior, batch: Confirmed) -> int:
    decisions = match(batch.index, batch.payments, prior=prior, threshold=0.9)
    return int((decisions.decision == DecisionKind.AUTO).sum())


class TestFitting:
    def test_learns_from_confirmed_matches_and_unlearns_from_wrong_ones(self) -> None:
        batch = confirmed(right=True)
        taught = fit([batch], about="a test")
        assert taught.about == "a test"
        assert automatic(taught, batch) > batch.payments.rows * 0.8
        misled = fit([confirmed(right=False)], about="turned round")
        assert automatic(misled, batch) < batch.payments.rows * 0.2

    def test_leaves_the_index_as_it_was(self) -> None:
        batch = confirmed(right=True)
        before = batch.index.ledger.items.copy()
        fit([batch])
        assert (batch.index.ledger.items == before).all()

    def test_does_without_what_is_left_out(self) -> None:
        batch = confirmed(right=True)
        nothing = replace(batch, leave_out=np.arange(len(batch.payment) // 2))
        assert fit([nothing]).text() != fit([batch]).text()
