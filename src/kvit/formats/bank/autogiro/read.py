"""Reads Autogiro files of both layouts: orders, and everything Bankgirot answers, one record per section."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from kvit.formats.bank import columns, rows
from kvit.formats.bank.autogiro import layout, totals
from kvit.formats.bank.autogiro.records import AutogiroFile, Entry, Kind, Mandate
from kvit.formats.bank.columns import Row
from kvit.formats.bank.fields import Unreadable
from kvit.formats.bank.pieces import MAX_BYTES, MAX_PROBLEMS, Stopped, pieces
from kvit.kernel.results import Problem, Read

CODE_PAGES: Final = ("cp1252", "cp850")
MAX_ENTRIES: Final = 1_000_000
_CLOSINGS: Final = {"09", "59"}
_CLOSED: Final = frozenset(Kind) - {Kind.ORDERS, Kind.MANDATE_REGISTER}


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[AutogiroFile]:
    """All sections of an Autogiro file held in memory; see `stream`."""
    found = list(stream(io.BytesIO(data), max_bytes=max_bytes))
    return Read(
        tuple(one for one in found if isinstance(one, AutogiroFile)),
        tuple(one for one in found if isinstance(one, Problem)),
    )


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[AutogiroFile | Problem]:
    """The sections of an Autogiro file and its problems; never raises on what the file holds.

    Every record but openings and closings becomes an entry of its section, or a Problem with the place
    "line 12"; TK53 to TK56 go to the application (TK52) above them. Counts and sums of closing records and
    of deposits are compared with the entries. A seal (TK00 HMAC and TK99) is passed over, not verified.
    """
    return records(pieces(source, max_bytes))


def records(data: Iterable[bytes]) -> Iterator[AutogiroFile | Problem]:
    """The same from pieces of bytes, which may refuse Stopped while they are read."""
    reader = _Reader()
    problem_count = number = 0
    try:
        for number, line in rows.texts(data, candidates=CODE_PAGES):
            for found in reader.take(columns.row(number, line)):
                problem_count += isinstance(found, Problem)
                yield found
            if problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield Problem(f"after line {number}", f"reading stopped here: {refusal}; what stands before was kept")
    yield from reader.end()


class _Reader:
    """Cuts the file into sections."""

    def __init__(self) -> None:
        self.section_count = 0
        self._file: AutogiroFile | None = None
        self._entries: list[Entry] = []
        self._record_count = 0
        self._is_closed = False

    def take(self, row: Row) -> Iterator[AutogiroFile | Problem]:
        """The events of one more line. Refuses Stopped for a section too large to hold."""
        if not row.text or _is_seal(row):
            return
        try:
            opened = layout.opening(row)
        except Unreadable as refusal:
            yield from self._close()
            yield Problem(row.place, str(refusal))
            return
        if opened is not None:
            yield from self._open(opened)
        elif self._file is not None and row.code in _CLOSINGS and self._file.kind in _CLOSED:
            yield from self._closing(row)
        elif self._file is None and layout.is_register_line(row.text):
            yield from self._open(AutogiroFile(place=row.place, kind=Kind.MANDATE_REGISTER))
            yield from self._record(row)
        else:
            yield from self._record(row)

    def end(self) -> Iterator[AutogiroFile | Problem]:
        """The last section."""
        yield from self._close()
        if not self.section_count:
            yield Problem("file", "no Autogiro section stands in this file")

    def _open(self, opened: AutogiroFile) -> Iterator[AutogiroFile | Problem]:
        yield from self._close()
        self._file = opened
        self.section_count += 1

    def _record(self, row: Row) -> Iterator[Problem]:
        if self._file is None or self._is_closed:
            yield Problem(row.place, "this line belongs to no section; not read")
            return
        self._record_count += 1
        if len(self._entries) >= MAX_ENTRIES:
            raise Stopped(f"a section has more than {MAX_ENTRIES} records")
        try:
            entry = self._completed(row) or layout.entry(row, self._file)
        except Unreadable as refusal:
            yield Problem(row.place, str(refusal))
            return
        if entry is None:
            yield Problem(row.place, f"no record of a section of this kind ({self._file.kind})")
        elif entry.place == row.place:
            self._entries.append(entry)
        else:
            self._entries[-1] = entry

    def _completed(self, row: Row) -> Entry | None:
        """The application above with name and address from TK53 to TK56; None for another record."""
        if self._file is None or self._file.kind is not Kind.E_MANDATES or row.code not in ("53", "54", "55", "56"):
            return None
        last = self._entries[-1] if self._entries else None
        if not isinstance(last, Mandate):
            raise Unreadable(f"a record TK{row.code} with no application (TK52) before it")
        if row.code == "53":
            return replace(last, text=" ".join(filter(None, [last.text, row.columns(3, 38)])))
        if row.code == "54":
            extra = row.columns(39, 74)
            return replace(last, name=row.columns(3, 38), address=(*last.address, *filter(None, [extra])))
        lines = (row.columns(3, 38), row.columns(39, 74))
        if row.code == "56":
            lines = (" ".join(filter(None, [row.number_at(3, 7), row.columns(8, 43)])), "")
        return replace(last, address=(*last.address, *filter(None, lines)))

    def _closing(self, row: Row) -> Iterator[Problem]:
        if self._file is None or self._is_closed:
            yield Problem(row.place, "a closing record without a section before it")
            return
        self._is_closed = True
        yield from totals.closing(row, replace(self._file, entries=tuple(self._entries)), self._record_count)

    def _close(self) -> Iterator[AutogiroFile | Problem]:
        if self._file is None:
            return
        file = replace(self._file, entries=tuple(self._entries))
        is_closed = self._is_closed
        self._file, self._entries, self._record_count, self._is_closed = None, [], 0, False
        yield from totals.deposits(file)
        if file.kind in _CLOSED and not is_closed:
            yield Problem(file.place, "the closing record (TK09, TK59) of this section is missing; cut off?")
        yield file


def _is_seal(row: Row) -> bool:
    return (row.code == "00" and row.columns(9, 12) == "HMAC") or (row.code == "99" and len(row.text) >= 70)
