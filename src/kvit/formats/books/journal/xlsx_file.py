"""The journal as XLSX: every text is a string cell marked as quoted, amounts are numbers, days are days.

Written by hand, row by row, and not by a library: the five parts of one sheet are small, equal journals give equal
bytes, and no library decides what is a formula. An inline string is never computed; `quotePrefix` keeps it so when a
person edits the cell or saves the sheet in another format (ECMA-376, part 1, 18.3.1.53 and 18.8.45).
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from kvit.formats.books.journal.rows import HEAD, JournalRow, require_balanced
from kvit.formats.writing import Note, Unwritable, Written, totals
from kvit.kernel.currencies import minor_units
from kvit.kernel.results import Problem

MOST_ROWS: Final = 1_048_575
_MOST_CHARACTERS: Final = 32_767
_EXACT_DIGITS: Final = 15
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Office programs read _x000D_ in a string as the character it spells; an underscore that would begin so is spelled.
_SPELLED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DAY_ZERO: Final = datetime.date(1899, 12, 30)
_FIRST_DAY: Final = datetime.date(1900, 3, 1)  # before it, programs disagree about 29 February 1900
_ALWAYS: Final = (1980, 1, 1, 0, 0, 0)
_HEADER: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Cell styles, by their place in `cellXfs` below.
_TEXT, _DATE, _FIRST_AMOUNT = 1, 2, 3
_DECIMALS: Final = (0, 2, 3, 4)
_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_KIND}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_KIND}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="journal" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="0.000"/><numFmt numFmtId="166" formatCode="0.0000"/>'
        '<numFmt numFmtId="167" formatCode="0.00"/></numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
        + "".join(
            f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
            for number in (164, 1, 167, 165, 166)
        )
        + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def write(rows: Sequence[JournalRow]) -> Written:
    """The workbook; a note for each text with characters that XML cannot hold (written as U+FFFD), or that is cut.

    Refuses `Unwritable` where an entry does not balance or a sheet cannot hold so many rows.
    """
    require_balanced(rows)
    if len(rows) > MOST_ROWS:
        raise Unwritable([Problem("file", f"{len(rows)} rows; a sheet holds {MOST_ROWS}. Write CSV, or less at once")])
    notes: list[Note] = []
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _PARTS.items():
            archive.writestr(_entry(name), _HEADER + part)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            for piece in _sheet(rows, notes):
                sheet.write(piece.encode())
    debits = totals(row.amount for row in rows if row.amount.minor > 0)
    return Written(kept.getvalue(), tuple(notes), len(rows), debits)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ALWAYS)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _sheet(rows: Sequence[JournalRow], notes: list[Note]) -> Iterator[str]:
    yield f'{_HEADER}<worksheet xmlns="{_MAIN}"><sheetData><row>{"".join(map(_text, HEAD))}</row>'
    for number, row in enumerate(rows):
        yield f"<row>{''.join(_cells(f'rows[{number}]', row, notes))}</row>"
    yield "</sheetData></worksheet>"


def _cells(place: str, row: JournalRow, notes: list[Note]) -> Iterator[str]:
    def text(name: str, value: str) -> str:
        return _text(_fitted(f"{place}/{name}", value, notes))

    yield text("entry", row.entry)
    yield _day(row.date)
    yield text("account", row.account)
    yield text("account_name", row.account_name)
    amount = _amount(place, row, notes)
    yield from (amount, "<c/>") if row.amount.minor >= 0 else ("<c/>", amount)
    yield _text(row.amount.currency)
    yield text("text", row.text)
    yield text("document", row.document)
    yield text("party", row.party)


def _text(text: str) -> str:
    spelled = escape(_SPELLED.sub("_x005F_", text)).replace("\r", "_x000D_")
    return f'<c s="{_TEXT}" t="inlineStr"><is><t xml:space="preserve">{spelled}</t></is></c>'


def _day(day: datetime.date) -> str:
    if day < _FIRST_DAY:
        return _text(day.isoformat())
    return f'<c s="{_DATE}"><v>{(day - _DAY_ZERO).days}</v></c>'


def _amount(place: str, row: JournalRow, notes: list[Note]) -> str:
    number = f"{abs(row.amount).to_decimal():f}"
    if len(number.replace(".", "").lstrip("0")) > _EXACT_DIGITS:
        notes.append(Note(f"{place}/amount", f"{number} has more digits than office programs keep ({_EXACT_DIGITS})"))
    return f'<c s="{_FIRST_AMOUNT + _DECIMALS.index(minor_units(row.amount.currency))}"><v>{number}</v></c>'


def _fitted(place: str, text: str, notes: list[Note]) -> str:
    fitted = _ILLEGAL.sub("\ufffd", text)
    if fitted != text:
        notes.append(Note(place, "has control characters, which are written as U+FFFD"))
    if len(fitted) > _MOST_CHARACTERS:
        notes.append(Note(place, f"has {len(fitted)} characters and is cut to {_MOST_CHARACTERS}"))
    return fitted[:_MOST_CHARACTERS]
