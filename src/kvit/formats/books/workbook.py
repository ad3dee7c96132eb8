"""One sheet as XLSX through openpyxl, row by row: every text a quoted string, amounts numbers, days days.

The library writes the format; what is ours is that nothing in a text is ever a formula (`quotePrefix` keeps it so when
a person edits the cell or saves the sheet in another format: ECMA-376, part 1, 18.3.1.53 and 18.8.45), that what a
sheet cannot hold is noted, and that equal rows give equal bytes: no entry of the archive and no property has a time.
"""

import datetime
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from typing_extensions import override

from kvit.formats.writing import Note, Unwritable
from kvit.kernel.currencies import minor_units
from kvit.kernel.money import Money
from kvit.kernel.results import Problem

Value = str | datetime.date | Money | int | None
"""What a cell holds; nothing where it is None."""

MOST_ROWS: Final = 1_048_575
_MOST_CHARACTERS: Final = 32_767
_EXACT_DIGITS: Final = 15
ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold; it is written as U+FFFD."""
# Office programs read _x000D_ in a string as the character it spells; an underscore that would begin so is spelled.
_SPELLED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BARRED: Final = re.compile(r"[\\*?:/\[\]]")
_FIRST_DAY: Final = datetime.date(1900, 3, 1)  # before it, programs disagree about 29 February 1900
_ALWAYS: Final = datetime.datetime(1980, 1, 1)  # noqa: DTZ001 - of no place: the first that an archive can say
_TEXT, _HEAD, _DATE, _WHOLE = "text", "head", "date", "whole"
_FORMATS: Final = {_TEXT: "@", _HEAD: "@", _DATE: "yyyy\\-mm\\-dd", _WHOLE: "0"}
_DECIMALS: Final = {0: "0", 2: "0.00", 3: "0.000", 4: "0.0000"}
_Cells = Mapping[str | int, Any]
"""A cell of each style, by its name or number of decimals: it is filled, written and filled again."""


def write(
    out: BinaryIO, *, name: str, head: Sequence[str], rows: Iterable[Sequence[Value]], widths: Sequence[int] = ()
) -> tuple[int, tuple[Note, ...]]:
    """Write a sheet with its head and rows as they come; how many rows, and what of them the sheet could not hold.

    Of `name` 31 characters are taken, what a sheet's name may not have as a dash; `widths` are in characters. A note
    says where a text had characters that XML cannot hold (written as U+FFFD), was cut, or where a number has more
    digits than office programs keep. Refuses `Unwritable` where there are more rows than a sheet holds.
    """
    from openpyxl import Workbook  # by whoever writes or reads a sheet: it brings NumPy and a library of pictures
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.utils import get_column_letter
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_BARRED.sub("-", name)[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    cells = _styled(sheet)
    notes: list[Note] = []
    count = 0
    try:
        sheet.append(_text(cells[_HEAD], _fitted("head", each, [])) for each in head)
        for row in rows:
            if count == MOST_ROWS:
                reason = f"more than {MOST_ROWS} rows; a sheet holds {MOST_ROWS}. Write CSV, or less at once"
                raise Unwritable([Problem("file", reason)])
            sheet.append(_filled(cells, count, head, row, notes))
            count += 1
    except BaseException:
        sheet.close()
        sheet._writer.cleanup()  # or its temporary file stays until the process ends
        raise
    book.properties = DocumentProperties(creator="Kvit", created=_ALWAYS, modified=_ALWAYS)
    with _Timeless(out, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()
    return count, tuple(notes)


class _Timeless(zipfile.ZipFile):
    """An archive whose entries all have the same time."""

    @override
    def writestr(self, zinfo_or_arcname: zipfile.ZipInfo | str, data: Any, *others: Any, **named: Any) -> None:
        """Write `data` under a name."""
        super().writestr(_entry(str(zinfo_or_arcname)), data)

    @override
    def write(self, filename: Any, arcname: Any = None, *others: Any, **named: Any) -> None:
        """Write a file under the name `arcname`."""
        with Path(os.fspath(filename)).open("rb") as source, self.open(_entry(arcname), "w", force_zip64=True) as entry:
            shutil.copyfileobj(source, entry)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ALWAYS.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _styled(sheet: Any) -> _Cells:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    found: dict[str | int, Any] = {}
    for style, code in (_FORMATS | _DECIMALS).items():
        found[style] = WriteOnlyCell(sheet)
        found[style].number_format = code
        found[style].quotePrefix = code == "@"
    found[_HEAD].font = Font(bold=True)
    return found


def _filled(cells: _Cells, number: int, head: Sequence[str], row: Sequence[Value], notes: list[Note]) -> Iterator[Any]:
    for name, value in zip(head, row, strict=True):
        if value is None:
            yield None
        elif isinstance(value, str):
            yield _text(cells[_TEXT], _fitted(f"rows[{number}]/{name}", value, notes))
        elif isinstance(value, Money):
            yield _amount(cells[minor_units(value.currency)], f"rows[{number}]/{name}", value, notes)
        elif isinstance(value, datetime.date) and value < _FIRST_DAY:
            yield _text(cells[_TEXT], value.isoformat())
        else:
            cell = cells[_DATE if isinstance(value, datetime.date) else _WHOLE]
            cell.value = value
            yield cell


def _text(cell: Any, text: str) -> Any:
    cell.value = _SPELLED.sub("_x005F_", text).replace("\r", "_x000D_")
    cell.data_type = "s"  # the library takes what begins with = for a formula, and #N/A for an error
    return cell


def _amount(cell: Any, place: str, amount: Money, notes: list[Note]) -> Any:
    cell.value = amount.to_decimal()
    number = f"{cell.value:f}"
    if len(number.lstrip("-").replace(".", "").lstrip("0")) > _EXACT_DIGITS:
        notes.append(Note(place, f"{number} has more digits than office programs keep ({_EXACT_DIGITS})"))
    return cell


def _fitted(place: str, text: str, notes: list[Note]) -> str:
    fitted = ILLEGAL.sub("\ufffd", text)
    if fitted != text:
        notes.append(Note(place, "has control characters, which are written as U+FFFD"))
    if len(fitted) > _MOST_CHARACTERS:
        notes.append(Note(place, f"has {len(fitted)} characters and is cut to {_MOST_CHARACTERS}"))
    return fitted[:_MOST_CHARACTERS]
