"""What must hold of a bank line before anybody may say what it is."""

from typing import ClassVar

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.kernel.refusals import DomainError
from kvit.matching import queries
from kvit.matching.commands.writing import AlreadyLinked


class NotLinkable(DomainError):
    """The line, an invoice or an amount does not fit; the text says which and why."""

    code: ClassVar[str] = "matching.not_linkable"


def free_line(line_id: int) -> BankLine:
    """The line, locked: booked, not linked, not taken back by the bank. Refuses `NotLinkable`, `AlreadyLinked`."""
    line = next(iter(banking.locked_lines([line_id])), None)
    if line is None:
        raise NotLinkable(f"there is no booked line {line_id}")
    if banking.settled_by_return([line_id]):
        raise NotLinkable(f"the bank took the payment of line {line_id} back; it pays nothing")
    if queries.linked([line_id]):
        raise AlreadyLinked(f"line {line_id} is linked already; undo the link first")
    return line


def free_payment(line_id: int) -> BankLine:
    """The same for money that came in. Refuses `NotLinkable`, `AlreadyLinked`."""
    line = free_line(line_id)
    if line.amount_minor <= 0:
        raise NotLinkable(f"line {line_id} is no payment that came in")
    return line
