"""The journal as XLSX: every text is a string cell marked as quoted, amounts are numbers, days are days.

Written by openpyxl in its write-only mode. A string cell is never computed; `quotePrefix` keeps it so when a
person edits the cell or saves the sheet in another format (ECMA-376, part 1, 18.8.45).
"""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from kvit.formats.bank.writing import Note, Unwritable, Written, totals
from kvit.formats.books.journal.rows import HEAD, JournalRow, require_balanced
from kvit.kernel.currencies import minor_units
from kvit.kernel.results import Problem

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_ROWS: Final = 1_048_575
_MOST_CHARACTERS: Final = 32_767
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Office programs read _x000D_ in a string cell as the character it spells; the underscore is spelled itself then.
_SPELLED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write(rows: Sequence[JournalRow]) -> Written:
    """The workbook; a note for each text with characters that XML cannot hold, written as U+FFFD, or cut.

    Refuses `Unwritable` where an entry does not balance or a sheet cannot hold so many rows.
    """
    require_balanced(rows)
    if len(rows) > MOST_ROWS:
        raise Unwritable([Problem("file", f"{len(rows)} rows; a sheet holds {MOST_ROWS}. Write CSV, or less at once")])
    book = Workbook(write_only=True)
    sheet = book.create_sheet("journal")
    sheet.append(list(HEAD))
    notes: list[Note] = []
    for number, row in enumerate(rows):
        sheet.append(_cells(sheet, f"rows[{number}]", row, notes))
    kept = io.BytesIO()
    book.save(kept)
    debits = totals(row.amount for row in rows if row.amount.minor > 0)
    return Written(kept.getvalue(), tuple(notes), len(rows), debits)


def _cells(sheet: "WriteOnlyWorksheet", place: str, row: JournalRow, notes: list[Note]) -> list[Any]:
    def text(name: str) -> WriteOnlyCell:
        return _text(sheet, _fitted(f"{place}/{name}", getattr(row, name), notes))

    amount = _amount(sheet, row)
    return [
        text("entry"),
        row.date,
        text("account"),
        text("account_name"),
        amount if row.amount.minor >= 0 else None,
        amount if row.amount.minor < 0 else None,
        _text(sheet, row.amount.currency),
        text("text"),
        text("document"),
        text("party"),
    ]


def _amount(sheet: "WriteOnlyWorksheet", row: JournalRow) -> WriteOnlyCell:
    decimals = minor_units(row.amount.currency)
    cell = WriteOnlyCell(sheet, value=abs(row.amount).to_decimal())
    cell.number_format = "0." + "0" * decimals if decimals else "0"
    return cell


def _text(sheet: "WriteOnlyWorksheet", text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # whatever it begins with; openpyxl takes "=…" for a formula otherwise
    cell.quotePrefix = True
    return cell


def _fitted(place: str, text: str, notes: list[Note]) -> str:
    fitted = _ILLEGAL.sub("\ufffd", text)
    if fitted != text:
        notes.append(Note(place, "has control characters, which are written as U+FFFD"))
    if len(fitted) > _MOST_CHARACTERS:
        notes.append(Note(place, f"has {len(fitted)} characters and is cut to {_MOST_CHARACTERS}"))
    return _SPELLED.sub("_x005F_", fitted[:_MOST_CHARACTERS])
