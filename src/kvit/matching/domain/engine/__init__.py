"""The matching engine: arrays of open items and payments in, decisions with evidence out; pure."""

from kvit.matching.domain.engine.evidence import Code, RivalReason
from kvit.matching.domain.engine.fitting import Confirmed, fit
from kvit.matching.domain.engine.index import Index, UnknownItem
from kvit.matching.domain.engine.matching import match
from kvit.matching.domain.engine.prior import Prior, UnreadablePrior, read_prior
from kvit.matching.domain.engine.tables import (
    ColumnsDiffer,
    CreditorRule,
    Customers,
    DecisionKind,
    Decisions,
    Items,
    PayerHistory,
    Payments,
    ReferenceKind,
)
from kvit.matching.domain.engine.texts import Texts, fold
from kvit.matching.domain.engine.wording import Explanation, Reason, explain

__all__ = [
    "Code",
    "ColumnsDiffer",
    "Confirmed",
    "CreditorRule",
    "Customers",
    "DecisionKind",
    "Decisions",
    "Explanation",
    "Index",
    "Items",
    "PayerHistory",
    "Payments",
    "Prior",
    "Reason",
    "ReferenceKind",
    "RivalReason",
    "Texts",
    "UnknownItem",
    "UnreadablePrior",
    "explain",
    "fit",
    "fold",
    "match",
    "read_prior",
]
