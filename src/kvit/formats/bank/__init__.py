"""Bank files of every format: `open_file`, `open_reader` or `stream` for big ones, `read_file` and `read` for the rest.

Each reader gives records and problems and never raises on what a file holds; see `statement` for accounts'
movements and the events of reading them, and `Report` for what is about orders and mandates.
"""

from kvit.formats.bank.opening import (
    FileRead,
    Item,
    Opened,
    OpenedFile,
    Report,
    open_file,
    open_reader,
    read,
    read_file,
    stream,
)
from kvit.formats.bank.plain import plain
from kvit.formats.bank.recognition import REPORTS, Format, recognise, recognise_stream
from kvit.formats.bank.statement import (
    Event,
    Line,
    Part,
    Statement,
    StatementClosed,
    StatementOpened,
    Totals,
    collected,
)

__all__ = [
    "REPORTS",
    "Event",
    "FileRead",
    "Format",
    "Item",
    "Line",
    "Opened",
    "OpenedFile",
    "Part",
    "Report",
    "Statement",
    "StatementClosed",
    "StatementOpened",
    "Totals",
    "collected",
    "open_file",
    "open_reader",
    "plain",
    "read",
    "read_file",
    "recognise",
    "recognise_stream",
    "stream",
]
