"""Reads BgMax files: one statement for each section (deposit), one line for each payment or deduction."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from kvit.formats.bank import statement as model
from kvit.formats.bank.bgmax import records
from kvit.formats.bank.bgmax.records import Record
from kvit.formats.bank.bgmax.section import Section
from kvit.formats.bank.fields import Unreadable
from kvit.formats.bank.pieces import MAX_BYTES, MAX_PROBLEMS, Stopped, pieces
from kvit.formats.bank.statement import Event
from kvit.kernel.results import Problem, Read

MAX_LINE: Final = 1_000
MAX_SECTION: Final = 128_000_000
_TITLE_LINES: Final = 3
_START: Final = "01"
_OPENING: Final = "05"
_DEPOSIT: Final = "15"
_END: Final = "70"
_CODES: Final = frozenset(["01", "05", "15", "20", "21", "22", "23", "25", "26", "27", "28", "29", "70"])
_FRAME: Final = frozenset([_START, _OPENING, _DEPOSIT, _END])
_BLANK: Final = re.compile(rb"[\s\x1a]*")

# The counts of the trailer (TK70): columns, and the records they count.
_TRAILER: Final = (
    (3, 10, ("20",), "payments (TK20)"),
    (11, 18, ("21",), "deductions (TK21)"),
    (19, 26, ("22", "23"), "extra references (TK22 and TK23)"),
    (27, 34, ("15",), "deposits (TK15)"),
)


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[model.Statement]:
    """All sections of a BgMax file held in memory; see `stream`."""
    return model.collected(stream(io.BytesIO(data), max_bytes=max_bytes))


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[Event]:
    """The events of a BgMax file, section by section; never raises on what the file holds.

    The day of a payment stands at the end of its section (TK15), so a section's bytes are held until then;
    everything else is passed on at once. A section without TK15 gives a Problem for each payment, for a day
    is not invented. Every TK20 and TK21 gives a Line or a Problem with the place "line 12"; remarks on a
    payment stand at "line 12, extra references" or "line 14, characters". The deposit's count and sum
    and the trailer's four counts are compared with what was read.
    """
    return events(pieces(source, max_bytes))


def events(data: Iterable[bytes]) -> Iterator[Event]:
    """The same from pieces of bytes, which may refuse Stopped while they are read."""
    reader = _Reader()
    problem_count = 0
    number = 0
    try:
        for number, line in _lines(data):
            for event in reader.take(number, line):
                problem_count += isinstance(event, Problem)
                yield event
            if problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield Problem(f"after line {number}", f"reading stopped here: {refusal}; what stands before was kept")
    yield from reader.end()


def _lines(data: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers from 1, without line ends. Refuses Stopped for a line of absurd length."""
    number, rest = 0, b""
    for piece in data:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            number += 1
            if len(line) > MAX_LINE:
                raise Stopped(f"a line is longer than {MAX_LINE} bytes")
            yield number, line
        if len(rest) > MAX_LINE:
            raise Stopped(f"a line is longer than {MAX_LINE} bytes")
    if rest:
        yield number + 1, rest


class _Reader:
    """Cuts the file into sections and checks the frame around them."""

    def __init__(self) -> None:
        self._start: Record | None = None
        self._is_started = self._is_ended = False
        self._skipped = 0
        self._opening: Record | None = None
        self._body = io.BytesIO()
        self._counts: Counter[str] = Counter()

    def take(self, number: int, line: bytes) -> Iterator[Event]:
        """The events of one more line. Refuses Stopped when this is no BgMax file."""
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if _BLANK.fullmatch(line):
            return
        code = line[:2].decode("iso-8859-1")
        if self._opening is not None and code not in _FRAME:
            self._counts[code] += code in _CODES
            self._hold(number, line)
            return
        record = records.record(number, line)
        if not self._is_started and code != _START:
            yield from self._before_start(record)
            if not self._is_started:
                return
        self._counts[code] += code in _CODES
        if record.damage:
            yield Problem(f"{record.place}, characters", record.damage)
        yield from self._frame(record)

    def end(self) -> Iterator[Event]:
        """What is left at the end of the file."""
        yield from self._close(None)
        if not self._is_started:
            yield Problem("file", "no BgMax start record (TK01) stands in this file")
        elif not self._is_ended:
            yield Problem("end of file", "the trailer record (TK70) is missing; the file may be cut off")

    def _before_start(self, record: Record) -> Iterator[Problem]:
        """A title or ruler line above the start record is passed over; another record starts the file."""
        if record.code in _CODES:
            self._is_started = True
            yield Problem("file", "the start record (TK01) is missing")
            return
        self._skipped += 1
        if self._skipped > _TITLE_LINES:
            raise Stopped("this is not a BgMax file")

    def _hold(self, number: int, line: bytes) -> None:
        """Keep a line of the open section, behind its number, until the deposit is known."""
        self._body.write(b"%d %s\n" % (number, line.rstrip(b"\r")))
        if self._body.tell() > MAX_SECTION:
            raise Stopped(f"a section is larger than {MAX_SECTION} bytes")

    def _frame(self, record: Record) -> Iterator[Event]:
        if self._is_ended and record.code != _START:
            yield Problem(record.place, "a record after the trailer (TK70)")
        elif record.code == _START:
            yield from self._close(None)
            yield from self._started(record)
        elif record.code == _OPENING:
            yield from self._close(None)
            self._opening = record
        elif record.code == _DEPOSIT and self._opening is not None:
            yield from self._close(record)
        elif record.code == _END:
            yield from self._close(None)
            yield from self._trailer(record)
        elif record.code in _CODES:
            yield Problem(record.place, f"a record TK{record.code} outside a section (TK05 to TK15)")
        else:
            yield Problem(record.place, "no BgMax record")

    def _started(self, record: Record) -> Iterator[Problem]:
        if self._is_started and not self._is_ended:
            yield Problem(record.place, "a second start record (TK01) without a trailer (TK70) before it")
        self._start, self._is_started, self._is_ended = record, True, False
        self._counts = Counter({_START: 1})
        if (layout := record.columns(3, 22)) != "BGMAX":
            yield Problem(record.place, f"the layout is {layout}, not BGMAX")
        if (version := record.columns(23, 24)) != "01":
            yield Problem(record.place, f"version {version} of BgMax is not known; read as version 01")
        if record.columns(45, 45) == "T":
            yield Problem(record.place, "the file is marked as a test: its payments are no money")

    def _close(self, deposit: Record | None) -> Iterator[Event]:
        if self._opening is None:
            return
        section = Section(
            self._opening,
            deposit,
            message_id=self._start.columns(25, 44) if self._start else "",
            is_test=self._start is not None and self._start.columns(45, 45) == "T",
        )
        body, self._body, self._opening = self._body, io.BytesIO(), None
        body.seek(0)
        yield from section.events(_held(body))

    def _trailer(self, record: Record) -> Iterator[Problem]:
        self._is_ended = True
        for first, last, codes, name in _TRAILER:
            try:
                declared = records.count(record.columns(first, last))
            except Unreadable as refusal:
                yield Problem(record.place, f"the count of {name}: {refusal}")
                continue
            found = sum(self._counts[code] for code in codes)
            if declared != found:
                yield Problem(record.place, f"{declared} {name} are declared, {found} stand in the file")


def _held(body: io.BytesIO) -> Iterator[Record]:
    for line in body:
        number, _, data = line.rstrip(b"\n").partition(b" ")
        yield records.record(int(number), data)
