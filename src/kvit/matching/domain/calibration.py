"""How much surer than shipped the robot has to be with one company's payments, fitted on its own history in bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.matching.domain.rule import WHOLE_PPM

STRICTEST_PPM: Final = 200_000
SHIPPED_PPM: Final = WHOLE_PPM
LOOSEST_PPM: Final = 2_000_000
ENOUGH: Final = 5_000
"""So many payments must have been judged before less may be asked than is shipped."""
_STEP_PPM: Final = 100_000
_CAUTION: Final = 2


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the engine thought likeliest of one past payment: how sure it was, and whether it was right."""

    confidence_ppm: int
    is_right: bool


def asked(least_ppm: int, factor_ppm: int) -> int:
    """The least confidence of an automatic decision, in millionths: what is missing to certainty times the factor.

    A factor below one asks for more than is shipped, one above it for less; it is kept in its bounds here too.
    """
    factor = min(LOOSEST_PPM, max(STRICTEST_PPM, factor_ppm))
    return max(0, WHOLE_PPM - (WHOLE_PPM - least_ppm) * factor // WHOLE_PPM)


def fitted(weighed: Sequence[Weighed], *, least_ppm: int, target_ppm: int) -> int:
    """The largest factor, in millionths, with which the company's own payments would have reached the target.

    Within bounds: never under a fifth, where nothing reaches it; above one only if enough payments were judged, and
    with two wrong ones added for caution. One where nothing speaks against what is shipped.
    """
    top = LOOSEST_PPM if len(weighed) >= ENOUGH else SHIPPED_PPM
    for factor in range(top, STRICTEST_PPM, -_STEP_PPM):
        least = asked(least_ppm, factor)
        booked = [one for one in weighed if one.confidence_ppm >= least]
        wrong = sum(not one.is_right for one in booked) + (_CAUTION if factor > SHIPPED_PPM else 0)
        if wrong * WHOLE_PPM <= len(booked) * (WHOLE_PPM - target_ppm):
            return factor
    return STRICTEST_PPM
