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


@dataclass(frozen=True)
class LinesReturned:
    """Movements that take earlier ones back: (line, the line it takes back)."""

    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class PaymentFileMade:
    """A file of payments waits for its signatures."""

    payment_file_id: int


@dataclass(frozen=True)
class PaymentFileSigned:
    """Two persons have signed a payment file; it may be sent, once."""

    payment_file_id: int


@dataclass(frozen=True)
class PaymentFileDiscarded:
    """A payment file is never sent; what it would have paid may be paid otherwise."""

    payment_file_id: int


@dataclass(frozen=True)
class PaymentFileSending:
    """The file is about to be handed to the bank; its sender tells the outcome, or is lost."""

    payment_file_id: int


@dataclass(frozen=True)
class PaymentFileSent:
    """The bank has the file."""

    payment_file_id: int


@dataclass(frozen=True)
class PaymentFileDoubted:
    """Whether the bank has the file is unknown; nothing of it is paid otherwise until that is known."""

    payment_file_id: int


@dataclass(frozen=True)
class PaymentFileAnswered:
    """The bank has answered: how many payments it took on now, and how many it rejected now."""

    payment_file_id: int
    accepted: int
    rejected: int
