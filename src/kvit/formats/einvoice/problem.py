"""What is wrong with an invoice: the rule by its official number, the place, and plain words."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem stops: an error the invoice, a warning nothing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that an invoice breaks.

    `rule` is the official number (BR-CO-10, PEPPOL-EN16931-R003, BR-RO-110), FA-… for the rules of our own on FA(3), or
    SYNTAX where the file cannot be read at all. `place` is for a person: "line 3", "seller", or the path in the file.
    `values` are what the words were filled with, for whoever says them in another language.
    """

    rule: str
    place: str
    words: str
    severity: Severity = Severity.ERROR
    values: tuple[tuple[str, str], ...] = ()


SYNTAX = "SYNTAX"
"""The rule of whatever makes a file unreadable before any numbered rule can be asked."""
