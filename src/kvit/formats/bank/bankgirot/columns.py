"""Records of 80 columns as Bankgirot takes them: numbers filled with zeros, texts with blanks, ISO 8859-1, CRLF."""

from collections.abc import Iterable
from typing import Final

from kvit.formats.writing import BANKGIROT, Checks
from kvit.kernel.identifiers import se_bankgiro
from kvit.kernel.money import Money

WIDTH: Final = 80
MOST_MINOR: Final = 10**12 - 1
KRONOR: Final = frozenset({"SEK"})
_DIGITS: Final = frozenset("0123456789")


def record(*fields: str) -> str:
    """The fields one after the other, filled up to 80 columns. A field that runs over is a bug."""
    line = "".join(fields)
    if len(line) > WIDTH:
        raise ArithmeticError(f"a record of {len(line)} columns")
    return line.ljust(WIDTH)


def file(records: Iterable[str]) -> bytes:
    """The records as the bytes of a file."""
    return "".join(f"{line}\r\n" for line in records).encode("iso-8859-1")


class Columns:
    """Fields of fixed width; what does not fit is a problem (numbers) or cut with a note (texts)."""

    def __init__(self, checks: Checks) -> None:
        self.checks = checks

    def number(self, place: str, digits: str, *, width: int) -> str:
        """Digits only, right in the field behind zeros."""
        fits = digits != "" and _DIGITS.issuperset(digits) and len(digits) <= width
        return digits.zfill(width) if self.checks.require(fits, place, f"has 1 to {width} digits") else "0" * width

    def text(self, place: str, text: str, *, width: int, required: bool = False) -> str:
        """Words, left in the field."""
        return self.checks.text(place, text, limit=width, required=required, charset=BANKGIROT).ljust(width)

    def exact(self, place: str, text: str, *, width: int, required: bool = False) -> str:
        """A reference, left in the field: one that does not fit or has characters outside is a problem, never cut."""
        self.checks.require(text != "" or not required, place, "is missing")
        fits = len(text) <= width and BANKGIROT.allowed.issuperset(text) and text == text.strip()
        self.checks.require(fits, place, f"{text!r} has more than {width} characters, or some that Bankgirot lacks")
        return text[:width].ljust(width)

    def amount(self, place: str, amount: Money, *, width: int = 12) -> str:
        """Öre behind zeros; SEK above zero."""
        self.checks.amount(place, amount, currencies=KRONOR, most_minor=10**width - 1)
        return str(max(amount.minor, 0)).zfill(width)[:width]

    def bankgiro(self, place: str, number: str) -> str:
        """Ten columns."""
        return self.checks.identifier(place, se_bankgiro.validate, number).zfill(10)
