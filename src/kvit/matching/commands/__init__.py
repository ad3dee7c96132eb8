"""What may be done about payments: match, link, confirm, undo, pay back, set aside, learn, and rule the robot."""

from kvit.matching.commands.confirming import Confirmed, NotSuggested, confirm_many, confirm_suggestion
from kvit.matching.commands.learning import (
    Forgotten,
    Learnt,
    NoSuchPayer,
    NotLearnable,
    forget_payer,
    forget_person,
    learn_payer,
)
from kvit.matching.commands.lines import NotLinkable
from kvit.matching.commands.linking import (
    SHORT_PAID,
    Adjustment,
    Linked,
    SeveralCustomers,
    Target,
    Terms,
    WriteOffTooLarge,
    link_payment,
)
from kvit.matching.commands.matching import Matched, match_lines
from kvit.matching.commands.refunding import (
    REFUNDS,
    Asked,
    NoSuchRefund,
    NotRefundable,
    RefundLinked,
    ask_refund,
    link_refund,
    withdraw_refund,
)
from kvit.matching.commands.returning import ReturnsAsked, ReturnsUndone, ask_about_returns, undo_returned
from kvit.matching.commands.ruling import LESS_RIGHT, Reviewed, RuleSet, review_robot, set_rule
from kvit.matching.commands.setting_aside import set_aside
from kvit.matching.commands.undoing import NotLinked, Undone, undo_link
from kvit.matching.commands.writing import ADVANCE, LINE, WAITS, AlreadyLinked

__all__ = [
    "ADVANCE",
    "LESS_RIGHT",
    "LINE",
    "REFUNDS",
    "SHORT_PAID",
    "WAITS",
    "Adjustment",
    "AlreadyLinked",
    "Asked",
    "Confirmed",
    "Forgotten",
    "Learnt",
    "Linked",
    "Matched",
    "NoSuchPayer",
    "NoSuchRefund",
    "NotLearnable",
    "NotLinkable",
    "NotLinked",
    "NotRefundable",
    "NotSuggested",
    "RefundLinked",
    "ReturnsAsked",
    "ReturnsUndone",
    "Reviewed",
    "RuleSet",
    "SeveralCustomers",
    "Target",
    "Terms",
    "Undone",
    "WriteOffTooLarge",
    "ask_about_returns",
    "ask_refund",
    "confirm_many",
    "confirm_suggestion",
    "forget_payer",
    "forget_person",
    "learn_payer",
    "link_payment",
    "link_refund",
    "match_lines",
    "review_robot",
    "set_aside",
    "set_rule",
    "undo_link",
    "undo_returned",
    "withdraw_refund",
]
