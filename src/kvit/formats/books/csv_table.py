"""A table as CSV (RFC 4180): UTF-8 with a byte order mark, comma, CRLF, written row by row in bounded memory."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

_BOM: Final = b"\xef\xbb\xbf"
_PIECE: Final = 2000


def write(out: BinaryIO, *, head: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",") -> int:
    """Write head and rows as they come; how many rows.

    Cells are written as they are: whoever makes them has quoted what a program might take for a formula
    (`journal.rows.quoted`, RELIABILITY 18). Excel needs the byte order mark.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", delimiter=delimiter)
    writer.writerow(head)
    out.write(_BOM)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
        if count % _PIECE == 0:
            out.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    out.write(text.getvalue().encode())
    return count
