"""Bank files read into statements: `open_reader` or `stream` for big files, `read_file` and `read` for the rest.

Each reader gives records and problems and never raises on what a file holds; see `statement` for the model
and for the events of reading.
"""

from kvit.formats.bank.plain import plain
from kvit.formats.bank.recognition import (
    FileRead,
    Format,
    Opened,
    open_reader,
    read,
    read_file,
    recognise,
    recognise_stream,
    stream,
)
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
    "Event",
    "FileRead",
    "Format",
    "Line",
    "Opened",
    "Part",
    "Statement",
    "StatementClosed",
    "StatementOpened",
    "Totals",
    "collected",
    "open_reader",
    "plain",
    "read",
    "read_file",
    "recognise",
    "recognise_stream",
    "stream",
]
