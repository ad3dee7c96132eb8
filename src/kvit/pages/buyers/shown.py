"""What stands on a document, written out for its page: the same sheet that its PDF is drawn from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kvit.base import texts
from kvit.documents.domain import wording
from kvit.documents.domain.face import Row, faced
from kvit.documents.domain.pieces import BREAK, Writer
from kvit.documents.domain.sheet import Line, Sheet
from kvit.documents.domain.tables import Table
from kvit.kernel import figures


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line: what it is, small below how it is reckoned and its details, and its net amount."""

    description: str
    reckoned: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """Lines under a head; `total` is their sum where there are several groups. `table` is the same in columns."""

    heading: str
    lines: tuple[LineShown, ...]
    total: str
    table: Table


@dataclass(frozen=True, slots=True)
class Shown:
    """The document below its head. `vat` is there where the sums do not say it all, `changes` on a correction."""

    groups: tuple[GroupShown, ...]
    changes: Table | None
    totals: tuple[Row, ...]
    vat: Table | None
    national: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    head: str


def shown(sheet: Sheet) -> Shown:
    """The sheet in its language."""
    words = texts.catalogue(sheet.language)
    w, face = Writer(words, sheet.language, sheet.currency), faced(sheet, words=words)
    tables = [_unbroken(table) for table in face.tables]
    is_plain = len(sheet.vat) <= 1 and not face.national and not any(row.reason for row in sheet.vat)
    return Shown(
        groups=tuple(
            GroupShown(table.heading, tuple(_line(w, line) for line in section.lines), table.total, table)
            for section, table in zip(sheet.sections, tables[: len(sheet.sections)], strict=True)
        ),
        changes=tables[len(sheet.sections)] if sheet.changes else None,
        totals=face.totals,
        vat=None if is_plain or face.vat is None else _unbroken(face.vat),
        national=face.national,
        facts=tuple((row.label, row.value.replace(BREAK, "")) for row in face.facts),
        notes=tuple(note.replace(BREAK, "") for note in face.notes),
        head=face.headline.label,
    )


def _unbroken(table: Table) -> Table:
    """The table without the places where paper may break a word: a page breaks by itself."""
    return replace(table, rows=tuple(tuple(map(_cell, row)) for row in table.rows))


def _cell(cell: str | tuple[str, str]) -> str | tuple[str, str]:
    return (
        cell.replace(BREAK, "") if isinstance(cell, str) else (cell[0].replace(BREAK, ""), cell[1].replace(BREAK, ""))
    )


def _line(w: Writer, line: Line) -> LineShown:
    return LineShown(line.description, " · ".join(_reckoned(w, line)), line.detail, w.money(line.net_minor, bare=True))


def _reckoned(w: Writer, line: Line) -> Iterator[str]:
    if line.quantity is None:
        return
    quantity = w.number(line.quantity)
    counted = f"{quantity}{figures.NO_BREAK_SPACE}{line.unit}" if line.unit else quantity
    yield f"{counted} × {w.price(line.unit_price)}" if line.unit_price is not None else counted
    known = wording.CATEGORIES.get(line.vat_category)
    if known:
        yield w.said(known)
    elif line.vat_rate is not None:
        yield f"{w.words.gettext('VAT')} {w.percent(line.vat_rate)}"
