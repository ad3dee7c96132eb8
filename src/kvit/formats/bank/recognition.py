"""Tells from a file's first bytes which format it has, whatever its name, and opens the reader for it."""

import codecs
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import BinaryIO, Final

from kvit.formats.bank.bgmax import reader as bgmax
from kvit.formats.bank.camt import reader as camt
from kvit.formats.bank.pieces import MAX_BYTES, Stopped, pieces
from kvit.formats.bank.statement import Event, Statement, collected
from kvit.kernel.results import Problem, Read

HEAD: Final = 1 << 16


class Format(StrEnum):
    """The bank file formats there are readers for."""

    CAMT_052 = "camt.052"
    CAMT_053 = "camt.053"
    CAMT_054 = "camt.054"
    BGMAX = "bgmax"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose format is known (or None), and the events of reading it, still to be taken."""

    format: Format | None
    events: Iterator[Event]


@dataclass(frozen=True, slots=True)
class FileRead:
    """A whole file: its format (None where it is not known), its statements and its problems."""

    format: Format | None
    read: Read[Statement]


_MESSAGES: Final = {
    "BkToCstmrAcctRpt": Format.CAMT_052,
    "BkToCstmrStmt": Format.CAMT_053,
    "BkToCstmrDbtCdtNtfctn": Format.CAMT_054,
}
_ELEMENT: Final = re.compile(r"<(?:[^\s<>:/]+:)?(BkToCstmr(?:AcctRpt|Stmt|DbtCdtNtfctn))(?:V01)?[\s/>]")
_NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[234])\.001\.[0-9]{2}")
_BGMAX: Final = re.compile(rb"(?:[^\n]*\n){0,12}01BGMAX ")
_READERS: Final[dict[Format, Callable[[Iterable[bytes]], Iterator[Event]]]] = {
    Format.CAMT_052: camt.events,
    Format.CAMT_053: camt.events,
    Format.CAMT_054: camt.events,
    Format.BGMAX: bgmax.events,
}


def recognise(head: bytes) -> Format | None:
    """The format of a file that begins with `head` (64 KiB are always enough); None when none is known.

    A camt message is known by its message element, under any prefix and inside any envelope, else by its
    namespace; BgMax by its start record, also below a few title lines.
    """
    if _BGMAX.match(head.removeprefix(codecs.BOM_UTF8)):
        return Format.BGMAX
    text = _decoded(head).lstrip()
    if not text.startswith("<"):
        return None
    if element := _ELEMENT.search(text):
        return _MESSAGES[element[1]]
    if namespace := _NAMESPACE.search(text):
        return Format(namespace[1])
    return None


def open_reader(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Opened:
    """Recognise the format of `source` and open its reader; `source` is read as the events are taken.

    A file of no known format, or above `max_bytes`, gives one Problem.
    """
    data = pieces(source, max_bytes)
    head: list[bytes] = []
    try:
        for piece in data:
            head.append(piece)
            if sum(map(len, head)) >= HEAD:
                break
    except Stopped as refusal:
        return Opened(None, iter([Problem("file", str(refusal))]))
    found = recognise(b"".join(head))
    if found is None:
        what = "the file is empty" if not head else "the file is in no format that is known here"
        return Opened(None, iter([Problem("file", what)]))
    return Opened(found, _READERS[found](chain(head, data)))


def recognise_stream(source: BinaryIO) -> Format | None:
    """The format of a seekable `source`, which stands where it stood afterwards."""
    here = source.tell()
    head = source.read(HEAD)
    source.seek(here)
    return recognise(head)


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[Event]:
    """The events of a file of any known format; see `open_reader`."""
    return open_reader(source, max_bytes=max_bytes).events


def read_file(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> FileRead:
    """Read a whole file of any known format into memory."""
    opened = open_reader(source, max_bytes=max_bytes)
    return FileRead(opened.format, collected(opened.events))


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> FileRead:
    """Read a file of any known format that is already in memory."""
    return read_file(io.BytesIO(data), max_bytes=max_bytes)


def _decoded(head: bytes) -> str:
    """The head as text, as far as needed to find ASCII names in it."""
    if head.startswith(codecs.BOM_UTF8):
        return head.removeprefix(codecs.BOM_UTF8).decode("iso-8859-1")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="ignore")
    if head.startswith(b"<\0"):
        return head.decode("utf-16-le", errors="ignore")
    if head.startswith(b"\0<"):
        return head.decode("utf-16-be", errors="ignore")
    return head.decode("iso-8859-1")
