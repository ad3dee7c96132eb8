"""Opens an electronic invoice of any syntax: recognises it by its root and reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kvit.formats.einvoice import cii, ksef, ubl
from kvit.formats.einvoice.model import Invoice
from kvit.formats.einvoice.nodes import Reading, Unreadable, root
from kvit.formats.einvoice.problem import SYNTAX, Problem, Severity
from kvit.formats.einvoice.profile import Profile, profile_of
from kvit.formats.einvoice.rules import validate


class Syntax(StrEnum):
    """The languages that invoices are written in."""

    UBL = "ubl"
    CII = "cii"
    FA3 = "fa3"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose syntax is known (or None), what was read of it, and the profile that it names."""

    syntax: Syntax | None
    reading: Reading

    @property
    def profile(self) -> Profile | None:
        """The agreement that the invoice names; None for an FA, which knows none."""
        if self.reading.invoice is None or self.syntax is Syntax.FA3:
            return None
        return profile_of(self.reading.invoice)


_READERS: Final[dict[Syntax, Callable[[bytes], Reading]]] = {
    Syntax.UBL: ubl.read,
    Syntax.CII: cii.read,
    Syntax.FA3: ksef.read,
}
_WRITERS: Final[dict[Syntax, Callable[[Invoice], bytes]]] = {
    Syntax.UBL: ubl.write,
    Syntax.CII: cii.write,
    Syntax.FA3: ksef.write,
}
_ROOTS: Final = {
    "Invoice": Syntax.UBL,
    "CreditNote": Syntax.UBL,
    "CrossIndustryInvoice": Syntax.CII,
    "Faktura": Syntax.FA3,
}


def read(data: bytes) -> Opened:
    """Read an invoice of any syntax; never raises on what it holds."""
    try:
        name = root(data).tag.rpartition("}")[2]
    except Unreadable as refusal:
        return Opened(None, Reading(None, (Problem(SYNTAX, "file", str(refusal)),)))
    syntax = _ROOTS.get(name)
    if syntax is None:
        words = f"{name[:60]!r} is no invoice that is known here: UBL, CII or FA(3)"
        return Opened(None, Reading(None, (Problem(SYNTAX, "file", words),)))
    return Opened(syntax, _READERS[syntax](data))


def write(invoice: Invoice, syntax: Syntax) -> bytes:
    """The document in a syntax. Refuses `NotWritable`, `UnknownCurrency`."""
    return _WRITERS[syntax](invoice)


def check(opened: Opened) -> tuple[Problem, ...]:
    """What is wrong with a file: what the reader told, then the rules of its syntax and profile."""
    reading = opened.reading
    if reading.invoice is None or opened.syntax is None:
        return reading.problems
    return (*reading.problems, *validate(reading.invoice, syntax=opened.syntax))


def is_clean(problems: tuple[Problem, ...]) -> bool:
    """Whether there is nothing but warnings."""
    return all(one.severity is Severity.WARNING for one in problems)
