"""Which payment pays what: the engine, and what stands around its decisions."""

from kvit.matching.domain.evidence import Evidence, Reason, Rival, speaks_for_two
from kvit.matching.domain.lifecycle import (
    LINK,
    PAYER,
    REFUND,
    LinkKind,
    LinkState,
    PayerState,
    RefundState,
    UndoneAs,
)
from kvit.matching.domain.rule import SHIPPED_RULE, BadRule, Mode, RobotRule

__all__ = [
    "LINK",
    "PAYER",
    "REFUND",
    "SHIPPED_RULE",
    "BadRule",
    "Evidence",
    "LinkKind",
    "LinkState",
    "Mode",
    "PayerState",
    "Reason",
    "RefundState",
    "Rival",
    "RobotRule",
    "UndoneAs",
    "speaks_for_two",
]
