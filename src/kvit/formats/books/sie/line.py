"""One line of a SIE file as its label and fields, and fields as amounts, days and objects.

Source: SIE-Gruppen, SIE filformat, edition 4B, chapters 4 to 6.
"""

import datetime
import re
import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kvit.formats.bank.fields import Unreadable, shown
from kvit.formats.books.sie.records import ObjectRef

_FIELD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(\{(?:[^}"]|"(?:[^"\\]|\\.)*")*\})|([^\s{}"]+)')
_QUOTE: Final = re.compile(r"\\(.)")
_AMOUNT: Final = re.compile(r"([+-]?)(\d{1,15})(?:\.(\d*))?", re.ASCII)
_QUANTITY: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SieLine:
    """A line with a label: its number, the label in capitals without "#", its fields.

    An object list ("{1 456}") is a tuple of its texts. `damage` says what could not be taken apart.
    """

    number: int
    label: str
    fields: tuple[str | tuple[str, ...], ...]
    damage: str = ""

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"line {self.number}"

    def text(self, at: int) -> str:
        """A field as text, "" where the line ends before it."""
        field = self.fields[at] if at < len(self.fields) else ""
        return field if isinstance(field, str) else ""

    def needed(self, at: int, what: str) -> str:
        """A field that must be there. Refuses Unreadable."""
        if not (text := self.text(at)):
            raise Unreadable(f"the {what} is missing")
        return text

    def amount_minor(self, at: int) -> int:
        """An amount in hundredths. Refuses Unreadable: missing, no number, more than two decimals."""
        text = self.needed(at, "amount")
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise Unreadable(f"{shown(text)} is not an amount")
        fraction = (found[3] or "").rstrip("0")
        if len(fraction) > 2:
            raise Unreadable(f"{shown(text)} has more than two decimals")
        minor = int(found[2] + fraction.ljust(2, "0"))
        return -minor if found[1] == "-" else minor

    def quantity(self, at: int) -> Decimal | None:
        """A quantity, None where there is none. Refuses Unreadable."""
        text = self.text(at)
        if text and not _QUANTITY.fullmatch(text):
            raise Unreadable(f"{shown(text)} is not a quantity")
        return Decimal(text) if text else None

    def day(self, at: int) -> datetime.date | None:
        """A day as YYYYMMDD, None where there is none. Refuses Unreadable."""
        text = self.text(at)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) == 8):
            raise Unreadable(f"{shown(text)} is not a date")
        try:
            return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            raise Unreadable(f"{shown(text)} is not a day of the calendar") from None

    def objects(self, at: int) -> tuple[ObjectRef, ...]:
        """An object list as pairs of dimension and object. Refuses Unreadable."""
        field = self.fields[at] if at < len(self.fields) else ()
        if isinstance(field, str):
            raise Unreadable(f"{shown(field)} is not an object list in braces")
        if len(field) % 2:
            raise Unreadable("the object list does not hold pairs of dimension and object")
        return tuple(ObjectRef(*pair) for pair in zip(field[::2], field[1::2], strict=True))


def parse(number: int, text: str) -> SieLine | None:
    """A line of text; None for one without a label (blank, a brace, or what belongs nowhere)."""
    text = text.strip()
    if not text.startswith("#"):
        return None
    found, rest = _fields(text[1:])
    label, *fields = found or [""]
    damage = f"a quote or brace is not closed: {shown(rest)}" if rest else ""
    return SieLine(number, label.upper() if isinstance(label, str) else "", tuple(fields), damage)


def _fields(text: str) -> tuple[list[str | tuple[str, ...]], str]:
    """The fields of a text, and what stands from the first place on where there is none."""
    found: list[str | tuple[str, ...]] = []
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        match = _FIELD.match(text, at)
        if match is None:
            return found, text[at:]
        quoted, braced, bare = match.groups()
        if braced is not None:
            inner, _ = _fields(braced[1:-1])
            found.append(tuple(one for one in inner if isinstance(one, str)))
        else:
            found.append(bare if bare is not None else _QUOTE.sub(r"\1", quoted))
        at = match.end()
    return found, ""


class Checksum:
    """The checksum of #KSUMMA: CRC-32 over labels and fields in CP437, without blanks, quotes and braces."""

    def __init__(self) -> None:
        self._crc = 0

    def add(self, line: SieLine) -> None:
        """One more line."""
        texts = [f"#{line.label}"]
        for field in line.fields:
            texts += [field] if isinstance(field, str) else field
        self._crc = zlib.crc32("".join(texts).encode("cp437", errors="replace"), self._crc)

    @property
    def value(self) -> int:
        """The checksum of the lines so far."""
        return self._crc


def decimal_text(minor: int) -> str:
    """Hundredths for a person to read in a reason: "-12.50"."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"
