"""Reads a customer's own ledger of us, CSV or XLSX as any program exports it: document, amount, day, row by row."""

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kvit.formats import encoding
from kvit.formats.books import sheet_read
from kvit.formats.books.sheet_read import Cell
from kvit.kernel.money import Money, NotRepresentable
from kvit.kernel.results import Problem, Read

MAX_BYTES: Final = sheet_read.MAX_BYTES
_HEAD_WITHIN: Final = 30
"""The names of the columns stand in one of the first rows; above them stands who made the file."""
_NUMBERS: Final = frozenset(
    [
        "number",
        "document",
        "documentno",
        "invoice",
        "invoiceno",
        "invoicenumber",
        "reference",
        "docno",
        "faktura",
        "fakturanr",
        "fakturanummer",
        "dokument",
        "verifikation",
        "verifikat",
        "numer",
        "nrfaktury",
        "numerfaktury",
        "nrdokumentu",
        "numerdokumentu",
        "factura",
        "nrfactura",
        "numar",
        "numarfactura",
        "document",
        "nrdocument",
        "nrdoc",
        "fakturanumer",
    ]
)
_AMOUNTS: Final = (
    frozenset(
        {"open", "openamount", "left", "lefttopay", "balance", "rest", "restbelopp", "kvar", "attbetala", "saldo"}
        | {"dozaplaty", "pozostalo", "sold", "restdeplata", "deplata"}
    ),
    frozenset(
        {"amount", "belopp", "summa", "kwota", "kwotabrutto", "brutto", "wartosc", "suma", "valoare", "total", "gross"}
    ),
)
"""What is open of a document before what it came to."""
_DEBITS: Final = frozenset(["debit", "debet", "wn", "debitor"])
_CREDITS: Final = frozenset(["credit", "kredit", "ma", "creditor"])
_DAYS: Final = frozenset(
    ["date", "day", "datum", "data", "invoicedate", "fakturadatum", "datawystawienia", "datafakturii", "documentdate"]
)
_FOLDS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "s"})
_BLANKS: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_CURRENCY: Final = re.compile(r"^[A-Za-z]{2,3}\.?(?=[\s\d+-])|(?<=[\s\d])[A-Za-zł]{2,3}\.?$")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,4})?")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d{1,4})?")
_DATES: Final = (
    (re.compile(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d\d?)[./-](\d\d?)[./-](\d{4})(?: .*)?"), (3, 2, 1)),
    (re.compile(r"(\d{4})(\d\d)(\d\d)"), (1, 2, 3)),
)


@dataclass(frozen=True, slots=True)
class TheirItem:
    """One row of a customer's ledger: the amount is in minor units, signed as it stands there."""

    place: str
    number: str
    amount_minor: int
    day: datetime.date | None


@dataclass(frozen=True, slots=True)
class _Columns:
    number: int
    amount: int | None
    debit: int | None
    credit: int | None
    day: int | None


def read(data: bytes, *, currency: str) -> Read[TheirItem]:
    """Every row below the names of the columns ends in an item or in a problem with its place; empty rows are none.

    Columns are known by their names in four languages; the amount is what is open where there is such a column, or
    debit minus credit. A row without a number and an amount (sums, notes) is a problem, never a guess.
    """
    if len(data) > MAX_BYTES:
        return Read((), (Problem("file", f"the file has more than {MAX_BYTES} bytes"),))
    table = sheet_read.read(data) if data.startswith(b"PK") else _csv(data)
    if table.problems:
        return Read((), table.problems)
    head = next((n for n, row in enumerate(table.records[:_HEAD_WITHIN]) if _columns(row) is not None), None)
    columns = _columns(table.records[head]) if head is not None else None
    if head is None or columns is None:
        reason = "no row names its columns: one with the document's number and one with the amount are needed"
        return Read((), (Problem("file", reason),))
    items: list[TheirItem] = []
    problems: list[Problem] = []
    for number, row in enumerate(table.records[head + 1 :], head + 2):
        if not any(cell not in (None, "") for cell in row):
            continue
        found = _item(f"row {number}", row, columns, currency)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            items.append(found)
    return Read(tuple(items), tuple(problems))


def _csv(data: bytes) -> Read[tuple[Cell, ...]]:
    text = data.decode(encoding.guess(data), errors="replace")
    first = "\n".join(text.split("\n", _HEAD_WITHIN)[:_HEAD_WITHIN])
    delimiter = max(";\t,|", key=first.count)
    rows: list[tuple[Cell, ...]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= sheet_read.MAX_ROWS:
                return Read((), (Problem("file", f"the file has more than {sheet_read.MAX_ROWS} rows"),))
            rows.append(tuple(cells[: sheet_read.MAX_COLUMNS]))
    except csv.Error as error:
        return Read((), (Problem("file", f"this is no CSV: {error}"),))
    return Read(tuple(rows), ())


def folded(text: str) -> str:
    """A name without case, marks and signs: `Nr faktury` is `nrfaktury`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDS))
    return "".join(letter for letter in plain if letter.isalnum())


def _columns(row: Sequence[Cell]) -> _Columns | None:
    names = [folded(cell) if isinstance(cell, str) else "" for cell in row]

    def place(wanted: frozenset[str]) -> int | None:
        return next((at for at, name in enumerate(names) if name in wanted), None)

    number = place(_NUMBERS)
    amount = next((at for wanted in _AMOUNTS if (at := place(wanted)) is not None), None)
    debit, credit = place(_DEBITS), place(_CREDITS)
    if number is None or (amount is None and (debit is None or credit is None)):
        return None
    return _Columns(number, amount, debit, credit, place(_DAYS))


def _item(place: str, row: Sequence[Cell], columns: _Columns, currency: str) -> TheirItem | Problem:
    def cell(at: int | None) -> Cell:
        return row[at] if at is not None and at < len(row) else None

    number = _written(cell(columns.number))
    if columns.amount is not None:
        amount = _amount(cell(columns.amount), currency)
    else:
        sides = [
            _amount(cell(at), currency) if cell(at) not in (None, "") else 0 for at in (columns.debit, columns.credit)
        ]
        amount = None if None in sides else (sides[0] or 0) - (sides[1] or 0)
    if not number:
        return Problem(place, "has no number of a document")
    if amount is None:
        return Problem(place, f"{number}: its amount cannot be read")
    return TheirItem(place, number[:100], amount, _day(cell(columns.day)))


def _written(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return " ".join(str(cell).split()).lstrip("'") if cell is not None else ""


def _amount(cell: Cell, currency: str) -> int | None:
    """Minor units; None for what is no amount, or might be two."""
    if isinstance(cell, Decimal):
        number = cell
    elif isinstance(cell, str) and (spelled := _decimal(cell)):
        number = Decimal(spelled)
    else:
        return None
    try:
        return Money.from_decimal(number, currency).minor
    except NotRepresentable:
        return None


def _decimal(text: str) -> str:
    """The number with a point; nothing where it is none. `1.250` may be a thousand or not: it is none."""
    bare = _BLANKS.sub("", _CURRENCY.sub("", text.strip().lstrip("'")).replace("\u2212", "-"))
    if bare.endswith("-"):
        bare = f"-{bare[:-1]}"
    grouped = _GROUPED.fullmatch(bare)
    if grouped and (bare.count(grouped[1]) > 1 or len(set(re.findall(r"[.,]", bare))) > 1):
        bare = bare.replace(grouped[1], "")
    elif grouped:
        return ""
    spelled = bare.replace(",", ".")
    return spelled if _NUMBER.fullmatch(spelled) else ""


def _day(cell: Cell) -> datetime.date | None:
    if isinstance(cell, datetime.date):
        return cell
    text = _written(cell)
    for pattern, order in _DATES:
        if found := pattern.fullmatch(text):
            try:
                return datetime.date(*(int(found[group]) for group in order))
            except ValueError:
                return None
    return None
