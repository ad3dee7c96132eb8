"""Reads MT940 and MT942 files: one statement for each message, one line for each statement line (:61:)."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from kvit.formats.bank import rows
from kvit.formats.bank import statement as model
from kvit.formats.bank.mt940.message import Field, Message
from kvit.formats.bank.pieces import MAX_BYTES, MAX_PROBLEMS, Stopped, pieces
from kvit.formats.bank.statement import Event
from kvit.kernel.results import Problem, Read

_NAMES: Final = "20 21 25 25P 28 28C 34F 13 13D 60F 60M 61 86 62F 62M 64 65 64F 65F 90C 90D NS"
_TAGS: Final = frozenset(f":{name}:" for name in _NAMES.split())
_CLOSING: Final = frozenset({":62F:", ":62M:", ":90C:", ":90D:", ":64:", ":65:", ":64F:", ":65F:", ":86:"})
_END: Final = re.compile(r"-(?:\}.*|[A-Z]{0,3})\s*")
# What banks put around messages: SWIFT blocks, the bank's address and the type of the message.
_FRAME: Final = re.compile(
    r"\s*(?:\{.*|:?94[02]:?|94[02] 0\d|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3,4})?|\d{4} 01[A-Z]{6}.*)?\s*"
)
_CONTROL: Final = "\x01\x02\x03\x1a\x00"
MAX_FIELD_LINES: Final = 500


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[model.Statement]:
    """All statements of an MT940 or MT942 file held in memory; see `stream`."""
    return model.collected(stream(io.BytesIO(data), max_bytes=max_bytes))


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[Event]:
    """The events of an MT940 or MT942 file as they come; never raises on what the file holds.

    Every :61: gives a Line or a Problem with the place "line 12"; remarks on it stand at "line 12, value
    date". A Problem at the place of the statement says where balances or declared totals do not agree with
    the lines. Lines that belong to no message are reported together as "lines 3 to 7". The currency is that
    of the opening balance, of :34F:, or of three letters behind the account; without any a statement line is
    a problem. Source: SWIFT Standards MT, category 9, MT940 and MT942.
    """
    return events(pieces(source, max_bytes))


def events(data: Iterable[bytes]) -> Iterator[Event]:
    """The same from pieces of bytes, which may refuse Stopped while they are read."""
    reader = _Reader()
    problem_count = number = 0
    try:
        for number, line in rows.texts(data):
            for event in reader.take(number, line):
                problem_count += isinstance(event, Problem)
                yield event
            if problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield from reader.end()
        yield Problem(f"after line {number}", f"reading stopped here: {refusal}; what stands before was kept")
        return
    yield from reader.end()
    if not reader.message_count:
        yield Problem("file", "no statement stands in this file")


class _Reader:
    """Cuts the lines into fields and the fields into messages."""

    def __init__(self) -> None:
        self.message_count = 0
        self._message: Message | None = None
        self._field: Field | None = None
        self._stray_from = self._stray_to = 0

    def take(self, number: int, line: str) -> Iterator[Event]:
        """The events of one more line."""
        if line[:1] == ":" and (colon := line.find(":", 1)) > 0 and line[: colon + 1] in _TAGS:
            yield from self._field_begins(number, line[: colon + 1], line[colon + 1 :])
            return
        if line[:1] in ("-", "{", "\x01", "\x03", ""):
            line = line.strip(_CONTROL)
            if _END.fullmatch(line) or line.startswith("{"):
                yield from self._close()
                return
        if self._field is not None and len(self._field.lines) < MAX_FIELD_LINES and not _is_address(line):
            self._field.lines.append(line)
        elif not _FRAME.fullmatch(line):
            yield from self._stray(number)

    def end(self) -> Iterator[Event]:
        """What is left at the end of the file."""
        yield from self._close()
        yield from self._told_strays()

    def _field_begins(self, number: int, tag: str, value: str) -> Iterator[Event]:
        if self._stray_from:
            yield from self._told_strays()
        if tag == ":20:" or (self._message is not None and self._message.is_closed and tag not in _CLOSING):
            yield from self._close()
        elif self._field is not None and self._message is not None:
            yield from self._message.take(self._field)
        if self._message is None:
            self._message = Message(number)
            self.message_count += 1
            if tag != ":20:":
                yield Problem(f"line {number}", f"the statement begins with {tag} and not with its reference (:20:)")
        self._field = Field(tag, number, [value])

    def _close(self) -> Iterator[Event]:
        message, field, self._message, self._field = self._message, self._field, None, None
        if message is not None:
            if field is not None:
                yield from message.take(field)
            yield from message.end()

    def _stray(self, number: int) -> Iterator[Event]:
        if self._stray_to and self._stray_to != number - 1:
            yield from self._told_strays()
        self._stray_from = self._stray_from or number
        self._stray_to = number

    def _told_strays(self) -> Iterator[Problem]:
        if self._stray_from:
            where = f"line {self._stray_from}"
            if self._stray_to > self._stray_from:
                where = f"lines {self._stray_from} to {self._stray_to}"
            yield Problem(where, "what stands here belongs to no statement; not read")
        self._stray_from = self._stray_to = 0


def _is_address(line: str) -> bool:
    return line in ("940", "942", ":940:", ":942:", "940 00")
