"""Reads the first sheet of an XLSX of strangers as rows of plain cells: texts, exact numbers, days.

openpyxl reads the format. What it is given was looked at before: an office file is an archive of XML, with the dangers
of both (RELIABILITY 15). The archive is unfolded under a budget, a part with a DTD, in a code page that no sheet has or
with more elements than a ledger needs is refused, and the library gets a new archive of what was looked at.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from kvit.formats.bank import archive
from kvit.formats.bank.fields import shown
from kvit.formats.bank.pieces import Stopped
from kvit.formats.books.workbook import ILLEGAL
from kvit.kernel.results import Problem, Read

Cell = str | Decimal | datetime.date | None
MAX_BYTES: Final = 5_000_000
MAX_UNFOLDED: Final = 60_000_000
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 200
MAX_ELEMENTS: Final = 1_000_000
"""Of rows, cells and texts: 50 000 rows of nine cells."""
_MAX_OTHERS: Final = 40_000
"""Of styles and of what stands around the rows: each is a thing with many parts to the library."""
_PARTS: Final = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/.+\.(?:xml|rels)", re.IGNORECASE)
_LEFT_OUT: Final = re.compile(r"xl/(?:drawings|charts|media|externalLinks|pivot|comments|theme|worksheets/_rels)")
_PLAIN: Final = re.compile(r"<(?:\w+:)?(?:row|c|v|is|t|r|si|f)[\s/>]")
_CODE_PAGE: Final = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_SPELLED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BROKEN: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
"""What the library raises on a file that is not as it expects; a broken XML is a `SyntaxError`."""


class _Wrong(Exception):
    """This is no sheet; the words say why."""


def read(data: bytes) -> Read[tuple[Cell, ...]]:
    """Rows from the first on, cells at their columns; empty rows are empty. Never raises on what the file holds."""
    try:
        return Read(tuple(_rows(_looked_at(data))), ())
    except (_Wrong, Stopped) as refusal:
        reason = str(refusal)
    except _BROKEN as error:
        reason = f"its parts are not as they should be ({shown(str(error).splitlines()[0] if str(error) else '')})"
    return Read((), (Problem("file", f"this is no XLSX that can be read: {reason}"),))


def _looked_at(data: bytes) -> io.BytesIO:
    """A new archive of the parts that matter, each of which was looked at."""
    if len(data) > MAX_BYTES:
        raise _Wrong(f"it has more than {MAX_BYTES} bytes")
    parts: dict[str, bytes] = {}
    for member in archive.members([data], MAX_UNFOLDED):
        if isinstance(member, Problem):
            raise _Wrong(member.reason)
        if _PARTS.fullmatch(member.name) and not _LEFT_OUT.match(member.name):
            parts[member.name] = b"".join(member.pieces)
    if sum(_require_harmless(part) for part in parts.values()) > MAX_ELEMENTS:
        raise _Wrong(f"it has more than {MAX_ELEMENTS} elements")
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as safe:
        for name, part in parts.items():
            safe.writestr(name, part)
    return kept


def _require_harmless(part: bytes) -> int:
    """How many elements it has. Refuses `_Wrong`: a DTD, a code page that sheets never have, too much beside rows."""
    code_page = "utf-16" if part.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = part.decode(code_page)
    except UnicodeDecodeError:
        raise _Wrong("a part of it is in another code page than sheets are in (UTF-8)") from None
    named = _CODE_PAGE.match(text.lstrip("\ufeff"))
    if named and named[1].lower() not in (code_page, "us-ascii"):
        raise _Wrong(f"a part of it is in {shown(named[1])}; sheets are in UTF-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _Wrong("it has a DTD (DOCTYPE), which no sheet has")
    count = text.count("<") - text.count("</")
    if count > MAX_ELEMENTS or count - len(_PLAIN.findall(text)) > _MAX_OTHERS:
        raise _Wrong("it has more elements than a ledger needs")
    return count


def _rows(safe: io.BytesIO) -> Iterator[tuple[Cell, ...]]:
    from openpyxl import load_workbook  # by whoever reads or writes a sheet
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(safe, read_only=True, data_only=True, keep_links=False)
    except InvalidFileException as error:
        raise ValueError(str(error)) from error
    try:
        if not book.worksheets:
            raise _Wrong("there is no sheet in it")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # they are what the file says of itself
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):
            if number > MAX_ROWS:
                raise _Wrong(f"it has more than {MAX_ROWS} rows")
            yield _cells(row)
    finally:
        book.close()


def _cells(row: Sequence[Any]) -> tuple[Cell, ...]:
    width = max((place for place, value in enumerate(row, 1) if value is not None), default=0)
    return tuple(_value(value) for value in row[:width])


def _value(value: Any) -> Cell:
    if value is None or isinstance(value, str):
        return _unspelled(value) if value else value
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, datetime.time | datetime.timedelta | bool):
        return str(value)
    return _exact(value)


def _unspelled(text: str) -> str:
    return ILLEGAL.sub("\ufffd", _SPELLED.sub(lambda found: chr(int(found[1], 16)), text))


def _exact(value: Any) -> Cell:
    """Sheets keep binary fractions: 125.10000000000001 is 125.10."""
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > 10**15:
        return str(value)
    return round(number, 6).normalize()
