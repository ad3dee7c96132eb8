"""Reads SIE files of types 1 to 4, whatever code page they are in; names what does not balance."""

import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from kvit.formats import encoding
from kvit.formats.bank import rows
from kvit.formats.bank.fields import shown
from kvit.formats.bank.pieces import MAX_PROBLEMS, Stopped, pieces
from kvit.formats.books.sie.build import Builder
from kvit.formats.books.sie.line import Checksum, SieLine, decimal_text, parse
from kvit.formats.books.sie.records import SieFile
from kvit.kernel.results import Problem, Read

MAX_BYTES: Final = 50_000_000


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[SieFile]:
    """The one file of types 1 to 4 held in memory; never raises on what it holds.

    Every labelled line is taken in, or is a Problem with the place "line 12". The characters are CP437 by the
    standard; a file in UTF-8 or ISO 8859 is read as that. A voucher that does not balance is kept and a
    Problem at its place; where the file states balances of the year, they are compared with its vouchers; the
    checksum (#KSUMMA) is verified. Source: SIE-Gruppen, SIE filformat, edition 4B.
    """
    problems: list[Problem] = []
    reader = _Reader()
    number = 0
    try:
        for number, text in rows.texts(pieces(io.BytesIO(data), max_bytes), candidates=encoding.NORDIC):
            problems += reader.take(number, text)
            if len(problems) > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
            if not reader.is_sie and number > _TITLE_LINES:
                break
    except Stopped as refusal:
        problems.append(Problem(f"after line {number}", f"reading stopped here: {refusal}"))
    problems += reader.builder.close()
    if not reader.is_sie:
        return Read((), (Problem("file", f"this is no SIE file of type 1 to 4: {_what(data)}"),))
    file = reader.builder.file(_code_page(data))
    problems += reader.checksum_problems()
    problems += _balance_problems(file)
    return Read((file,), tuple(problems))


_TITLE_LINES: Final = 50
_LABELS: Final = frozenset({"FLAGGA", "SIETYP", "PROGRAM", "KONTO", "VER", "RAR", "FNAMN", "FORMAT", "GEN", "KSUMMA"})


class _Reader:
    def __init__(self) -> None:
        self.builder = Builder()
        self.is_sie = False
        self._checksum: Checksum | None = None
        self._declared: tuple[str, str] | None = None

    def take(self, number: int, text: str) -> Iterator[Problem]:
        """One more line of text."""
        line = parse(number, text)
        if line is None:
            yield from self._unlabelled(number, text.strip())
        elif line.label == "KSUMMA":
            self.is_sie = True
            self._ksumma(line)
        else:
            self.is_sie = self.is_sie or line.label in _LABELS
            if self._checksum is not None and self._declared is None:
                self._checksum.add(line)
            yield from self.builder.take(line)

    def checksum_problems(self) -> Iterator[Problem]:
        """What does not agree with #KSUMMA."""
        if self._checksum is None:
            return
        if self._declared is None:
            yield Problem("end of file", "#KSUMMA opens a checksum and none closes it; the file may be cut off")
            return
        place, told = self._declared
        value = str(self._checksum.value)
        if value not in (told, told.lstrip("0")) and told != str(self._checksum.value - (1 << 32)):
            yield Problem(place, f"the checksum is {shown(told)}, the lines make {value}: the file was changed")

    def _ksumma(self, line: SieLine) -> None:
        if line.text(0):
            self._declared = (line.place, line.text(0))
        else:
            self._checksum = Checksum()

    def _unlabelled(self, number: int, text: str) -> Iterator[Problem]:
        if not text:
            return
        if text in ("{", "}"):
            yield from self.builder.brace(text, f"line {number}")
        elif self.is_sie:
            yield Problem(f"line {number}", f"a line without a label; not read: {shown(text)}")


def _balance_problems(file: SieFile) -> Iterator[Problem]:
    """Closing balances and results of the year (#UB, #RES) that its vouchers do not make.

    Checked in a file of type 4 that states an account's balances and has vouchers, where the vouchers can be
    all of the year: a file whose vouchers leave most accounts unexplained is an extract.
    """
    moved: dict[str, int] = defaultdict(int)
    for voucher in file.vouchers:
        for entry in voucher.transactions:
            moved[entry.account] += entry.amount_minor if entry.label == "TRANS" else 0
    opening = {one.account: one.amount_minor for one in file.balances if one.label == "IB" and one.year == 0}
    stated = [one for one in file.balances if one.label in ("UB", "RES") and one.year == 0]
    if file.sie_type != "4" or not moved or not stated:
        return
    off = []
    for one in stated:
        made = moved[one.account] + (opening.get(one.account, 0) if one.label == "UB" else 0)
        if made != one.amount_minor:
            off.append((one, made))
    if len(off) * 2 > len(stated):
        yield Problem(
            "balances", f"the vouchers do not make {len(off)} of {len(stated)} balances: an extract of a year?"
        )
        return
    for one, made in off:
        told, found = decimal_text(one.amount_minor), decimal_text(made)
        yield Problem(one.place, f"#{one.label} of account {one.account} is {told}, the vouchers make {found}")


def _code_page(data: bytes) -> str:
    return "cp437" if data.isascii() else encoding.guess(data, encoding.NORDIC).removesuffix("-sig")


def _what(data: bytes) -> str:
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"<") and b"sie" in start.lower():
        return "it is SIE 5 (XML), which is another format"
    return "it is empty" if not start else f"it begins with {shown(start[:40].decode('latin-1'))}"
