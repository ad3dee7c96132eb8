"""Opens a bank file of any known format: recognises it and streams what its reader finds."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO, Final, TypeAlias

from kvit.formats.bank import archive, recognition
from kvit.formats.bank.autogiro import read as autogiro
from kvit.formats.bank.autogiro.records import AutogiroFile
from kvit.formats.bank.bgmax import reader as bgmax
from kvit.formats.bank.camt import reader as camt
from kvit.formats.bank.lb import read as lb
from kvit.formats.bank.lb.records import LbFile
from kvit.formats.bank.mt940 import reader as mt940
from kvit.formats.bank.pain import status as pain
from kvit.formats.bank.pain.records import OrderStatus
from kvit.formats.bank.pieces import MAX_BYTES, Stopped, pieces
from kvit.formats.bank.recognition import REPORTS, Format
from kvit.formats.bank.statement import Event, Line, Statement, StatementClosed, StatementOpened, collected
from kvit.formats.bank.tabular import read as tabular
from kvit.formats.bank.tabular.profile import Profile
from kvit.formats.bank.tabular.shipped import SHIPPED
from kvit.kernel.results import Problem, Read

# What a report on orders or mandates holds.
Report: TypeAlias = AutogiroFile | LbFile | OrderStatus
Item: TypeAlias = Event | Report


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose format is known (or None), and the events of reading it, still to be taken."""

    format: Format | None
    events: Iterator[Event]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The same for any format: beside the events of statements, the records of reports."""

    format: Format | None
    items: Iterator[Item]


@dataclass(frozen=True, slots=True)
class FileRead:
    """A whole file: its format (None where it is not known), its statements and problems, its reports."""

    format: Format | None
    read: Read[Statement]
    records: tuple[Report, ...] = ()


_NAMES: Final = {
    Format.PAIN_002: "a payment status report (pain.002)",
    Format.AUTOGIRO: "an Autogiro file",
    Format.LB: "a file of Leverantörsbetalningar",
}
_READERS: Final[dict[Format, Callable[[Iterable[bytes]], Iterator[Item]]]] = {
    Format.CAMT_052: camt.events,
    Format.CAMT_053: camt.events,
    Format.CAMT_054: camt.events,
    Format.MT940: mt940.events,
    Format.MT942: mt940.events,
    Format.BGMAX: bgmax.events,
    Format.PAIN_002: pain.records,
    Format.AUTOGIRO: autogiro.records,
    Format.LB: lb.records,
}


def open_file(source: BinaryIO, *, max_bytes: int = MAX_BYTES, profiles: Sequence[Profile] = SHIPPED) -> OpenedFile:
    """Recognise the format of `source` and open its reader; `source` is read as the items are taken.

    A file of no known format, or above `max_bytes`, gives one Problem. The files in a ZIP come one after the
    other, their places behind their names ("march.xml: Stmt[1]"). A CSV is read by the first profile that fits.
    """
    return _opened(pieces(source, max_bytes), profiles, max_bytes)


def open_reader(source: BinaryIO, *, max_bytes: int = MAX_BYTES, profiles: Sequence[Profile] = SHIPPED) -> Opened:
    """The same for whoever wants movements on accounts: a report instead of them gives one Problem."""
    opened = open_file(source, max_bytes=max_bytes, profiles=profiles)
    if opened.format in REPORTS:
        return Opened(opened.format, iter([_no_statement("file", opened.format)]))
    return Opened(opened.format, _statements_only(opened.items))


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[Event]:
    """The events of a file of any known format; see `open_reader`."""
    return open_reader(source, max_bytes=max_bytes).events


def read_file(source: BinaryIO, *, max_bytes: int = MAX_BYTES, profiles: Sequence[Profile] = SHIPPED) -> FileRead:
    """Read a whole file of any known format into memory."""
    opened = open_file(source, max_bytes=max_bytes, profiles=profiles)
    reports: list[Report] = []
    read = collected(_events(opened.items, reports))
    return FileRead(opened.format, read, tuple(reports))


def read(data: bytes, *, max_bytes: int = MAX_BYTES, profiles: Sequence[Profile] = SHIPPED) -> FileRead:
    """Read a file of any known format that is already in memory."""
    return read_file(io.BytesIO(data), max_bytes=max_bytes, profiles=profiles)


def _opened(data: Iterator[bytes], profiles: Sequence[Profile], max_bytes: int) -> OpenedFile:
    head: list[bytes] = []
    try:
        for piece in data:
            head.append(piece)
            if sum(map(len, head)) >= recognition.HEAD:
                break
    except Stopped as refusal:
        return OpenedFile(None, iter([Problem("file", str(refusal))]))
    start, whole = b"".join(head), chain(head, data)
    found = recognition.recognise(start, profiles=profiles)
    if found is Format.ZIP:
        return OpenedFile(found, _of_archive(whole, profiles, max_bytes))
    if found is Format.CSV and (profile := recognition.csv_profile(start, profiles)) is not None:
        return OpenedFile(found, tabular.events(whole, profile))
    if found is None:
        what = "the file is empty" if not start else "the file is in no format that is known here"
        return OpenedFile(None, iter([Problem("file", what)]))
    return OpenedFile(found, _READERS[found](whole))


def _of_archive(data: Iterable[bytes], profiles: Sequence[Profile], max_bytes: int) -> Iterator[Item]:
    for member in archive.members(data, max_bytes):
        if isinstance(member, Problem):
            yield member
            continue
        opened = _opened(member.pieces, profiles, max_bytes)
        if opened.format is Format.ZIP:
            yield Problem(member.name, "an archive inside an archive is not opened")
            continue
        for item in opened.items:
            yield _placed(item, member.name)


def _placed(item: Item, name: str) -> Item:
    if isinstance(item, StatementOpened):
        return StatementOpened(replace(item.statement, place=f"{name}: {item.statement.place}"))
    if isinstance(item, StatementClosed):
        return StatementClosed(replace(item.statement, place=f"{name}: {item.statement.place}"))
    return replace(item, place=f"{name}: {item.place}")


def _events(items: Iterable[Item], reports: list[Report]) -> Iterator[Event]:
    for item in items:
        if isinstance(item, AutogiroFile | LbFile | OrderStatus):
            reports.append(item)
        else:
            yield item


def _statements_only(items: Iterable[Item]) -> Iterator[Event]:
    """The events; a report inside an archive gives a Problem with its name."""
    told: set[str] = set()
    for item in items:
        if isinstance(item, Line | Problem | StatementOpened | StatementClosed):
            yield item
            continue
        name = item.place.rpartition(": ")[0]
        if name not in told:
            told.add(name)
            yield _no_statement(name or "file", _format_of(item))


def _format_of(report: Report) -> Format:
    if isinstance(report, AutogiroFile):
        return Format.AUTOGIRO
    return Format.LB if isinstance(report, LbFile) else Format.PAIN_002


def _no_statement(place: str, found: Format | None) -> Problem:
    what = _NAMES.get(found, "a report") if found else "a report"
    return Problem(place, f"this is {what}, which holds no movements on an account; nothing was taken from it")
