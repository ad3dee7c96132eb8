"""The lifecycles of a link, of a payer learnt and of a refund."""

from enum import StrEnum
from typing import Final

from kvit.kernel.lifecycle import Lifecycle


class LinkState(StrEnum):
    """A link holds until somebody undoes it; linking again makes a new one."""

    LIVE = "live"
    UNDONE = "undone"


class LinkKind(StrEnum):
    """What a link booked: a customer's payment, money that goes back to one, or a line set aside to an account."""

    PAYMENT = "payment"
    REFUND = "refund"
    ASIDE = "aside"


class UndoneAs(StrEnum):
    """Why a link was undone. Only what was wrong counts against the robot: a payment that came back does not."""

    WRONG = "wrong"
    CHANGED = "changed"
    RETURNED = "returned"


class PayerState(StrEnum):
    """What was learnt of a payer counts until somebody removes it."""

    LIVE = "live"
    REMOVED = "removed"


class RefundState(StrEnum):
    """Asked for; then paid by a line that went out, or withdrawn. Undoing the line's link asks for it again."""

    ASKED = "asked"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


LINK: Final = Lifecycle(
    kind="link",
    table="matching_link",
    moves={LinkState.LIVE: frozenset({LinkState.UNDONE}), LinkState.UNDONE: frozenset()},
)
PAYER: Final = Lifecycle(
    kind="matching.payer",
    table="matching_payer",
    moves={PayerState.LIVE: frozenset({PayerState.REMOVED}), PayerState.REMOVED: frozenset()},
)
REFUND: Final = Lifecycle(
    kind="matching.refund",
    table="matching_refund",
    moves={
        RefundState.ASKED: frozenset({RefundState.PAID, RefundState.WITHDRAWN}),
        RefundState.PAID: frozenset({RefundState.ASKED}),
        RefundState.WITHDRAWN: frozenset(),
    },
)
