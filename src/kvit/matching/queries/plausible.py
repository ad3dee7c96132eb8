"""Which credits nobody has linked could be of these debtors: asked before anybody is reminded."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plausible:
    """A waiting credit that may be this customer's: `weight_ppm` in millionths says how plausible, `reasons` why.

    Reasons are codes: suggested (the robot's suggestion or its runner-up), amount_equal (an open item has the amount),
    account_known, name_known, name_equal.
    """

    party_id: int
    line_id: int
    amount_minor: int
    currency: str
    weight_ppm: int
    reasons: tuple[str, ...]


def could_be(party_ids: Sequence[int], *, least_ppm: int = 50_000) -> tuple[Plausible, ...]:
    """Unmatched credits that could plausibly be these customers', by customer, the weightiest first.

    For a run over all debtors: a few statements however many are asked for. Needs the tenant's scope.
    """
    raise NotImplementedError
