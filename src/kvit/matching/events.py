"""What happened to links, to what the robot may do, and to what is known of payers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PaymentsLinked:
    """Bank lines were booked to customers; one event per set."""

    link_ids: tuple[int, ...]


@dataclass(frozen=True)
class LinkUndone:
    """A link no longer holds; the money waits again."""

    link_id: int
    line_id: int


@dataclass(frozen=True)
class SuggestionsChanged:
    """The robot looked at waiting lines anew and sees something else than before; one event per set."""

    line_ids: tuple[int, ...]


@dataclass(frozen=True)
class PayersChanged:
    """Accounts or names of payers of these customers were learnt or removed."""

    party_ids: tuple[int, ...]


@dataclass(frozen=True)
class RuleChanged:
    """The company lets the robot do something else from now on."""

    rule_id: int


@dataclass(frozen=True)
class RobotReviewed:
    """The robot asks more than before, or less again: what it has been wrong about has changed."""

    review_id: int


@dataclass(frozen=True)
class RefundAsked:
    """Money is to go back to who sent it."""

    refund_id: int


@dataclass(frozen=True)
class HistoryGiven:
    """A file of confirmed links is to be tried."""

    history_id: int


@dataclass(frozen=True)
class HistoryAccepted:
    """The robot is calibrated on a history; the payers that it tells of are to be learnt."""

    history_id: int
