"""What happened at the bank's side of the books."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileReceived:
    """A kept file waits to be taken in."""

    intake_id: int
    file_id: int


@dataclass(frozen=True)
class StatementBooked:
    """A statement's new lines are in the books and wait to be matched."""

    statement_id: int
    account_id: int
    lines: int


@dataclass(frozen=True)
class StatementHeld:
    """A statement is kept but not booked; a person decides."""

    statement_id: int
    hold_code: str


@dataclass(frozen=True)
class StatementRejected:
    """A person decided that a held statement is never booked."""

    statement_id: int
