"""The prior: weights, calibration and thresholds that ship with the engine, as a small versioned text."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from kvit.kernel.refusals import DomainError
from kvit.matching.domain.engine import features as f
from kvit.matching.domain.engine.fast import CLASSES
from kvit.matching.domain.engine.score import Weights
from kvit.matching.domain.engine.tables import Chances

VERSION: Final = 2
_DIGITS: Final = 6


class UnreadablePrior(DomainError):
    """The text is no prior, of another version, or its parts do not fit this engine."""

    code: ClassVar[str] = "matching.unreadable_prior"


@dataclass(frozen=True)
class Prior:
    """Weights of the features' cells, confidences of the fast path's classes, calibration, thresholds for precisions.

    Kind k of hypotheses (`features.kind_of`) has places `begins[k]` to `begins[k + 1]` of `bounds` and `levels`.
    `thresholds[i]` is the least confidence that gave precision `targets[i]` among automatic decisions; targets ascend.
    `about` says what it was trained on.
    """

    cells: Chances
    plain: Chances
    bounds: Chances
    levels: Chances
    begins: Chances
    targets: Chances
    thresholds: Chances
    about: str = ""

    def __post_init__(self) -> None:
        if len(self.cells) != f.CELLS or len(self.plain) != CLASSES:
            raise UnreadablePrior(f"this engine has {f.CELLS} cells and {CLASSES} classes; train the prior again")
        if len(self.bounds) != len(self.levels) or len(self.targets) != len(self.thresholds):
            raise UnreadablePrior("bounds and levels, targets and thresholds belong together")
        self._require_rising()

    def _require_rising(self) -> None:
        begins = self.begins.astype(np.int64)
        if len(begins) != f.KINDS + 1 or begins[-1] != len(self.bounds) or np.any(np.diff(begins) < 1):
            raise UnreadablePrior(f"each of {f.KINDS} kinds needs a calibration; bounds and begins belong together")
        within = np.ones(max(0, len(self.bounds) - 1), bool)
        within[begins[1:-1] - 1] = False
        if np.any(np.diff(self.bounds)[within] <= 0) or np.any(np.diff(self.levels)[within] < 0):
            raise UnreadablePrior("the calibration does not rise")

    @property
    def weights(self) -> Weights:
        """The prior as compiled code reads it."""
        return Weights(self.cells, self.plain, self.bounds, self.levels, self.begins.astype(np.int64))

    def threshold(self, target_precision: float) -> float:
        """The least confidence of an automatic decision for a creditor who wants this precision (0 to 1).

        Linear between the targets that were measured.
        """
        return float(np.interp(target_precision, self.targets, self.thresholds))

    def text(self) -> str:
        """The prior as JSON, numbers to six digits."""
        return json.dumps(
            {
                "version": VERSION,
                "about": self.about,
                **{name: _numbers(getattr(self, name)) for name in _COLUMNS},
            },
            indent=None,
            separators=(",", ":"),
        )


_COLUMNS: Final = ("cells", "plain", "bounds", "levels", "begins", "targets", "thresholds")


def _numbers(column: Chances) -> list[float]:
    return [round(float(number), _DIGITS) for number in column]


def read_prior(text: str) -> Prior:
    """The prior in a text that `Prior.text` made. Refuses `UnreadablePrior`."""
    try:
        found: Any = json.loads(text)
        if found["version"] != VERSION:
            raise UnreadablePrior(f"version {VERSION} is read, this is version {found['version']}")
        columns = {name: np.array(found[name], np.float32) for name in _COLUMNS}
        about = str(found["about"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise UnreadablePrior(f"the text is no prior: {wrong!r}") from wrong
    return Prior(**columns, about=about)
