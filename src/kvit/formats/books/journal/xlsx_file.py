"""The journal as XLSX: see `kvit.formats.books.workbook` for how its cells are written."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final

from kvit.formats.books import workbook
from kvit.formats.books.journal.rows import HEAD, JournalRow, balanced
from kvit.formats.books.workbook import ILLEGAL, Value
from kvit.formats.writing import Note, Written, totals

_ILLEGAL: Final = ILLEGAL
_WIDTHS: Final = (14, 11, 12, 32, 14, 14, 9, 40, 24, 32)


def write(rows: Sequence[JournalRow]) -> Written:
    """The workbook; a note for each text with characters that XML cannot hold (written as U+FFFD), or that is cut.

    Refuses `Unwritable` where an entry does not balance or a sheet cannot hold so many rows.
    """
    kept = io.BytesIO()
    count, notes = write_to(kept, rows)
    return Written(kept.getvalue(), notes, count, totals(row.amount for row in rows if row.amount.minor > 0))


def write_to(out: BinaryIO, rows: Iterable[JournalRow]) -> tuple[int, tuple[Note, ...]]:
    """The same as rows come, entry by entry, into a file: how many, and the notes. Refuses as `write` does."""
    return workbook.write(out, name="journal", head=HEAD, rows=_values(balanced(rows)), widths=_WIDTHS)


def _values(rows: Iterable[JournalRow]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        is_debit = row.amount.minor >= 0
        yield (
            row.entry,
            row.date,
            row.account,
            row.account_name,
            row.amount if is_debit else None,
            None if is_debit else -row.amount,
            row.amount.currency,
            row.text,
            row.document,
            row.party,
        )
