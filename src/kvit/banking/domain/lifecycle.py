"""The lifecycles of a file's intake and of a statement."""

from enum import StrEnum

from kvit.kernel.lifecycle import Lifecycle


class IntakeState(StrEnum):
    """A file is open until each of its statements is booked or rejected."""

    OPEN = "open"
    DONE = "done"


class StatementState(StrEnum):
    """Received until it is known to be whole; then booked at once, or held until a person decides.

    Held for want of its account, it is received again when that is known: its lines were not taken yet.
    """

    RECEIVED = "received"
    HELD = "held"
    BOOKED = "booked"
    REJECTED = "rejected"


SETTLED = frozenset({StatementState.BOOKED, StatementState.REJECTED})
"""A statement that stands here takes no more lines."""

INTAKE = Lifecycle(
    kind="bank_intake",
    table="banking_intake",
    moves={IntakeState.OPEN: frozenset({IntakeState.DONE}), IntakeState.DONE: frozenset()},
)
STATEMENT = Lifecycle(
    kind="bank_statement",
    table="banking_statement",
    moves={
        StatementState.RECEIVED: frozenset({StatementState.HELD, StatementState.BOOKED}),
        StatementState.HELD: frozenset({StatementState.RECEIVED, StatementState.BOOKED, StatementState.REJECTED}),
        StatementState.BOOKED: frozenset(),
        StatementState.REJECTED: frozenset(),
    },
)
