"""What identifies a line, what makes a statement fit to be booked, and the states of both."""

from kvit.banking.domain.account_kind import AccountKind, account_kind
from kvit.banking.domain.identity import LineKeys, account_key
from kvit.banking.domain.lifecycle import INTAKE, SETTLED, STATEMENT, IntakeState, StatementState
from kvit.banking.domain.taking import Header, LineToTake
from kvit.banking.domain.verdict import Sums, Verdict, judge

__all__ = [
    "INTAKE",
    "SETTLED",
    "STATEMENT",
    "AccountKind",
    "Header",
    "IntakeState",
    "LineKeys",
    "LineToTake",
    "StatementState",
    "Sums",
    "Verdict",
    "account_key",
    "account_kind",
    "judge",
]
