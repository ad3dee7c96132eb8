"""How right the robot has been, and how much surer it must be while it is less right than it should."""

from dataclasses import dataclass
from typing import Final

from kvit.matching.domain.rule import WHOLE_PPM

WINDOW_DAYS: Final = 90
_STRICTEST_PPM: Final = WHOLE_PPM - 1


@dataclass(frozen=True, slots=True)
class Measured:
    """The robot's links of a window, and how many of them a person has undone as wrong."""

    linked: int
    wrong: int

    @property
    def right_ppm(self) -> int | None:
        """How many in a million were right, rounded down; None before there is any link."""
        return (self.linked - self.wrong) * WHOLE_PPM // self.linked if self.linked else None


def is_below(measured: Measured, target_ppm: int) -> bool:
    """Whether more were wrong than the target allows."""
    return measured.wrong * WHOLE_PPM > measured.linked * (WHOLE_PPM - target_ppm)


def in_force_ppm(measured: Measured, target_ppm: int) -> int:
    """The precision to aim at: the target, or while the robot is below it, stricter by the measured excess.

    Errors allowed shrink as errors found exceed them: allowed x allowed / found. Found is the share that a company
    with as many further links exactly on target would show (as many as it takes to expect one error), so that one
    error among ten links does not stop a robot, and one among ten thousand changes nothing.
    """
    if not is_below(measured, target_ppm):
        return target_ppm
    allowed = WHOLE_PPM - target_ppm
    expecting_one = -(-WHOLE_PPM // allowed)
    # found = (wrong + 1) / (linked + expecting_one); stricter = allowed * allowed / found, all in millionths
    stricter = allowed * allowed * (measured.linked + expecting_one) // ((measured.wrong + 1) * WHOLE_PPM)
    return min(_STRICTEST_PPM, max(target_ppm, WHOLE_PPM - stricter))
