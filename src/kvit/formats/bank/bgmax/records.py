"""The records of a BgMax file: 80 columns, a transaction code (TK) in the first two.

Source: Bankgirot, Bankgiro Inbetalningar, technical manual, November 2019, chapter 3.
"""

import datetime
import re
from dataclasses import dataclass, field
from typing import Final

from kvit.formats.bank.fields import Unreadable, decimals, shown
from kvit.formats.bank.statement import Part

WIDTH: Final = 80
MAX_FOLLOWING: Final = 10_000

# Codes of a payment's reference (column 56): 0 and 1 stand for no reference, 3 and 5 for one that the
# clearing house did not find correct; these two it checked, on an OCR slip and on a registered form.
_CHECKED: Final = frozenset("24")
_TAIL: Final = {
    False: re.compile(r"[0-9][0-9](?:[0-9]{12}[01]| {13}) {10}", re.ASCII),
    True: re.compile(r"[0-9][0-9](?:[0-9]{12}[01]| {13})[0-9] {9}", re.ASCII),
}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file: its number from 1, its transaction code, its text padded to 80 columns.

    `damage` says in words what is wrong with its characters or length, "" where nothing is.
    """

    number: int
    code: str
    text: str
    damage: str = ""

    def columns(self, first: int, last: int) -> str:
        """The text of the columns first to last, counted from 1 as the manual does, blanks stripped."""
        return self.text[first - 1 : last].strip()

    @property
    def place(self) -> str:
        return f"line {self.number}"


def record(number: int, data: bytes) -> Record:
    """A line of bytes as a record. BgMax is ISO 8859-1; a line that is valid UTF-8 is taken as that.

    Some systems convert files on the way, and no Swedish text in ISO 8859-1 happens to be UTF-8. Tabs are
    expanded to the columns they stand for. Control characters become U+FFFD.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("iso-8859-1")
    text = text.expandtabs(8).rstrip()
    damage = "" if len(text) <= WIDTH else f"the line is longer than {WIDTH} columns"
    text = _CONTROL.sub("\ufffd", text)
    if "\ufffd" in text:
        damage = "characters were lost or garbled before the file came here"
    return Record(number, text[:2], text.ljust(WIDTH), damage)


def amount_minor(text: str, currency: str) -> int:
    """A BgMax amount: 18 digits, in hundredths. Refuses Unreadable."""
    if not (text.isascii() and text.isdecimal() and len(text) == 18):
        raise Unreadable(f"{shown(text)} is not an amount")
    if decimals(currency) != 2:
        raise Unreadable(f"BgMax states hundredths, which {currency} does not have")
    return int(text)


def check_tail(of: Record) -> None:
    """Refuse Unreadable where the columns behind the amount show that the line is shifted.

    A character lost or doubled in the reference would else give another amount: columns 56 to 80 hold two
    codes, a serial number with an image mark (both or neither), a deduction code in TK21, and blanks.
    """
    if not _TAIL[of.code == "21"].fullmatch(of.text, 55):
        raise Unreadable("the columns behind the amount (56 to 80) do not hold their codes; a shifted line?")


def day(text: str) -> datetime.date:
    """A date as YYYYMMDD. Refuses Unreadable."""
    if not (text.isascii() and text.isdecimal() and len(text) == 8):
        raise Unreadable(f"{shown(text)} is not a date")
    try:
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unreadable(f"{shown(text)} is not a day of the calendar") from None


def count(text: str) -> int:
    """A count of records. Refuses Unreadable."""
    if not (text.isascii() and text.isdecimal()):
        raise Unreadable(f"{shown(text)} is not a count")
    return int(text)


@dataclass(slots=True)
class Payment:
    """A payment (TK20) or deduction (TK21) with the records that follow it (TK22 to TK29).

    The amount of a deduction is negative. Its code says: 0 the whole deduction, nothing is left; 1 a part,
    the rest follows; 2 the last part.
    """

    main: Record
    extra: list[Record] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    address: list[str] = field(default_factory=list)
    payer_id: str = ""
    following: int = 0

    @property
    def is_deduction(self) -> bool:
        return self.main.code == "21"

    def add(self, more: Record) -> bool:
        """Take in one of the records TK22 to TK29; False when there are too many."""
        self.following += 1
        if self.following > MAX_FOLLOWING:
            return False
        if more.code in ("22", "23"):
            self.extra.append(more)
        elif more.code == "25":
            self.texts.append(more.columns(3, 52))
        elif more.code == "26":
            self.names += [more.columns(3, 37), more.columns(38, 72)]
        elif more.code == "27":
            self.address += [more.columns(3, 37), more.columns(38, 46)]
        elif more.code == "28":
            self.address += [more.columns(3, 37), more.columns(38, 72) or more.columns(73, 74)]
        else:
            self.payer_id = more.columns(3, 14).removeprefix("00")
        return True

    def reference(self) -> tuple[str, str]:
        """The payment's one reference and its type ("OCR" when the clearing house found it correct).

        It is that of the payment record, else of the only extra reference; several extra ones are parts.
        """
        own = _reference(self.main)
        source = self.extra[0] if not own and len(self.extra) == 1 else self.main
        text = _reference(source)
        return text, "OCR" if text and source.columns(56, 56) in _CHECKED else ""

    def own_references(self) -> list[str]:
        """The numbers in the payment record's own reference field, which payers fill with several."""
        own = _reference(self.main)
        words = re.split(r"[ ,]+", own) if self.main.columns(56, 56) not in _CHECKED else [own]
        return words if all(word.isdecimal() for word in words) else [own]

    def text(self) -> str:
        """What the payer wrote, and the extra references that are named nowhere else."""
        written = " ".join(" ".join(self.texts).split())
        known = {*written.split(), *self.own_references()}
        missing = [number for number in map(_reference, self.extra) if number and number not in known]
        return " ".join(filter(None, [written, *missing]))


def extra_part(of: Record, currency: str) -> Part:
    """An extra reference with its amount, negative for TK23, None for zero. Refuses Unreadable."""
    check_tail(of)
    amount = amount_minor(of.columns(38, 55), currency)
    return Part(_reference(of), (-amount if of.code == "23" else amount) or None)


def bare_part(of: Record) -> Part:
    """An extra reference whose amount cannot be read."""
    return Part(_reference(of))


def _reference(of: Record) -> str:
    return " ".join(of.columns(13, 37).split())
