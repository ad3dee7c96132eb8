"""Why a payment was linked or waits, as it is kept: stable codes with parameters, and the same in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Reason = tuple[str, int]
"""(code of `engine.Code` in lower case, its parameter), e.g. `("digit_missing", 7)`."""


@dataclass(frozen=True, slots=True)
class Rival:
    """The best alternative: the items it would have paid, how likely it was (ppm), and the code why it lost."""

    item_ids: tuple[int, ...] = ()
    confidence_ppm: int = 0
    reason: str = "no_rival"


@dataclass(slots=True)
class Evidence:
    """`code` is the first reason, `words` all of them in English, `about` what they speak of.

    `reasons` are all codes with their parameters; `change` is the code of what would change the decision.
    """

    code: str
    words: str
    about: Mapping[str, str | int] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    rival: Rival = field(default_factory=Rival)
    change: tuple[str, ...] = ()


_WHOLE_REFERENCE: Final = frozenset(
    {"reference_equal", "reference_without_check_digits", "invoice_number_equal", "all_quoted"}
)
_WHOLE_AMOUNT: Final = frozenset({"amount_equal", "sum_equal"})
_OTHER_PAYER: Final = "payer_known_as_other"


def speaks_for_two(reasons: Sequence[Reason]) -> bool:
    """Whether money of a payer who is known as somebody else may be booked by the robot.

    It needs two evidences that agree without a fault: the whole reference, and the whole amount. A slip in the
    reference, a part of the amount or a sum found without a reference is not enough: then a person decides.
    """
    codes = {code for code, _ in reasons}
    if _OTHER_PAYER not in codes:
        return True
    return bool(codes & _WHOLE_REFERENCE) and bool(codes & _WHOLE_AMOUNT)
