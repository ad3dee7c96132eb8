"""The tables of a document, written out: heads, cells, and the sums that are carried from page to page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from kvit.documents.domain import wording
from kvit.documents.domain.kinds import SectionName
from kvit.documents.domain.pieces import Writer, breakable, surely_fits, width_of
from kvit.documents.domain.sheet import InterestRow, Line, OpenItem, Section, Sheet, VatRow
from kvit.kernel import figures

START, END = False, True
REST: Final = 0
NARROW: Final = 1
_WIDEST: Final = 1800


@dataclass(frozen=True, slots=True)
class Room:
    """How wide a table is and how far its columns stand apart, in hundredths of an em, as `parts.typ` places it.

    Heads are set in so many hundredths of the size of cells.
    """

    width: int
    gap: int
    head_size: int


_LINES: Final = Room(5070, 148, 85)
_VAT: Final = Room(2460, 165, 95)


Cell = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, whether its cells stand at the end of the line, and its width in hundredths of an em.

    0 takes what is left. Widths are reckoned here, since a template that measures its cells first draws them twice.
    """

    label: str
    is_end: bool
    width: int = NARROW


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a cell is a text, or a text and what stands small below. `sums` go on from each row, or none.

    `lines` is how many lines of text the head and each row are sure to have; 0 where one has to be measured, which
    draws it twice.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[str, ...] = ()
    total: str = ""
    total_label: str = ""
    lines: tuple[int, ...] = ()


def _fitted(table: Table, *, room: Room = _LINES) -> Table:
    """The table with a width for each column, that of its widest cell or head within bounds, and its rows' lines."""
    cells = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    heads = [width_of(column.label) * room.head_size // 100 for column in table.columns]
    widths = [
        min(_WIDEST, max(head, _widest(found))) if column.width else REST
        for column, head, found in zip(table.columns, heads, cells, strict=True)
    ]
    left = room.width - sum(widths) - room.gap * (len(widths) - 1)
    rooms = [each or left for each in widths]
    has_narrow_heads = all(head <= each for head, each in zip(heads, rooms, strict=True))
    return replace(
        table,
        columns=tuple(replace(column, width=each) for column, each in zip(table.columns, widths, strict=True)),
        lines=(int(has_narrow_heads), *(_lines(row, rooms) for row in table.rows)),
    )


def _widest(cells: Sequence[Cell]) -> int:
    return max((width_of(text) for text in {cell if isinstance(cell, str) else cell[0] for cell in cells}), default=0)


def _lines(row: Sequence[Cell], rooms: Sequence[int]) -> int:
    most = 1
    for cell, room in zip(row, rooms, strict=True):
        texts = (cell,) if isinstance(cell, str) else cell
        if not all(surely_fits(text, room) for text in texts):
            return 0
        most = max(most, len(texts))
    return most


def tables(w: Writer, sheet: Sheet) -> tuple[Table, ...]:
    """Everything but VAT, in the order in which it stands."""
    found = [_section(w, section, of=len(sheet.sections)) for section in sheet.sections]
    found += [_changes(w, sheet)] if sheet.changes else []
    found += [_entries(w, sheet)] if sheet.entries else []
    found += [_items(w, sheet.items)] if sheet.items else []
    found += [_interest(w, sheet.interest)] if sheet.interest else []
    found += [_settled(w, sheet)] if sheet.settled else []
    return tuple(_fitted(table) for table in found)


def vat_table(w: Writer, sheet: Sheet) -> Table | None:
    """VAT by rate; in the national currency too where one is given."""
    if not sheet.vat:
        return None
    _ = w.words.gettext
    columns = [Column(_("VAT rate"), START, REST), Column(_("Net"), END), Column(_("VAT"), END)]
    national = sheet.national
    if national is not None:
        columns.append(Column(_("VAT in %(currency)s") % {"currency": national.currency}, END))
    rows = []
    for row in sheet.vat:
        label = breakable(_rate(w, row))
        cells: list[Cell] = [(label, breakable(row.reason)) if row.reason else label]
        cells += [w.money(row.base_minor, bare=True), w.money(row.vat_minor, bare=True)]
        if national is not None:
            cells.append(figures.money_text(row.national_minor or 0, national.currency, w.language, bare=True))
        rows.append(tuple(cells))
    return _fitted(Table("", tuple(columns), tuple(rows)), room=_VAT)


def _rate(w: Writer, row: VatRow | Line) -> str:
    known = wording.CATEGORIES.get(row.vat_category)
    return w.said(known) if known else w.percent(row.vat_rate) if row.vat_rate is not None else ""


def _section(w: Writer, section: Section, *, of: int) -> Table:
    _ = w.words.gettext
    columns = (
        Column(_("Description"), START, REST),
        Column(_("Quantity"), END),
        Column(_("Unit price"), END),
        Column(_("VAT"), END),
        Column(_("Amount"), END),
    )
    has_vat = any(_rate(w, line) for line in section.lines)
    has_price = any(line.unit_price is not None for line in section.lines)
    kept = [True, has_price, has_price, has_vat, True]
    rows = tuple(
        tuple(cell for cell, is_kept in zip(_line(w, line), kept, strict=True) if is_kept) for line in section.lines
    )
    sums = tuple(w.money(total) for total in accumulate(line.net_minor for line in section.lines))
    return Table(
        w.said(wording.SECTIONS[section.name]) or (_("What it is for") if of > 1 else ""),
        tuple(column for column, is_kept in zip(columns, kept, strict=True) if is_kept),
        rows,
        sums,
        sums[-1] if sums and section.name is not SectionName.LINES else "",
        _("Sum"),
    )


def _line(w: Writer, line: Line) -> Sequence[Cell]:
    quantity = w.number(line.quantity) if line.quantity is not None else ""
    description = breakable(line.description)
    return (
        (description, breakable(line.detail)) if line.detail else description,
        f"{quantity}{figures.NO_BREAK_SPACE}{line.unit}" if line.unit else quantity,
        w.price(line.unit_price) if line.unit_price is not None else "",
        _rate(w, line),
        w.money(line.net_minor, bare=True),
    )


def _changes(w: Writer, sheet: Sheet) -> Table:
    """The corrected document's sums before and after, and by how much they differ."""
    _ = w.words.gettext
    columns = (
        Column(_("The whole document"), START, REST),
        Column(_("Before"), END),
        Column(_("After"), END),
        Column(_("Difference"), END),
    )
    rows = tuple(
        (
            w.said(wording.TOTALS[each.name]),
            w.money(each.before_minor, bare=True),
            w.money(each.after_minor, bare=True),
            w.money(each.after_minor - each.before_minor, bare=True),
        )
        for each in sheet.changes
    )
    return Table("", columns, rows)


def _entries(w: Writer, sheet: Sheet) -> Table:
    _ = w.words.gettext
    columns = (
        Column(_("Date"), START),
        Column(_("Description"), START, REST),
        Column(_("Due"), START),
        Column(w.words.pgettext("account", "Debit"), END),
        Column(w.words.pgettext("account", "Credit"), END),
        Column(_("Balance"), END),
    )
    rows = tuple(
        (
            w.short_day(entry.day),
            breakable(f"{entry.text} {entry.number}".strip()),
            w.short_day(entry.due_date) if entry.due_date else "",
            w.money(entry.debit_minor, bare=True) if entry.debit_minor else "",
            w.money(entry.credit_minor, bare=True) if entry.credit_minor else "",
            w.money(entry.balance_minor, bare=True),
        )
        for entry in sheet.entries
    )
    return Table("", columns, rows, tuple(w.money(entry.balance_minor) for entry in sheet.entries))


def _items(w: Writer, items: Sequence[OpenItem]) -> Table:
    _ = w.words.gettext
    columns = (
        Column(_("Document"), START, REST),
        Column(_("Date"), START),
        Column(_("Due"), START),
        Column(_("Days late"), END),
        Column(_("Amount"), END),
        Column(_("Left to pay"), END),
    )
    rows = tuple(
        (
            breakable(item.number),
            w.short_day(item.issue_date),
            w.short_day(item.due_date) if item.due_date else "",
            str(item.days_overdue) if item.days_overdue > 0 else "",
            w.money(item.amount_minor, bare=True),
            w.money(item.open_minor, bare=True),
        )
        for item in items
    )
    sums = tuple(w.money(total) for total in accumulate(item.open_minor for item in items))
    return Table("", columns, rows, sums)


def _interest(w: Writer, interest: Sequence[InterestRow]) -> Table:
    _ = w.words.gettext
    columns = (
        Column(_("Interest on"), START, REST),
        Column(_("Base"), END),
        Column(_("Rate a year"), END),
        Column(_("From – to"), START),
        Column(_("Days"), END),
        Column(_("Interest"), END),
    )
    rows = tuple(
        (
            breakable(row.number),
            w.money(row.base_minor, bare=True),
            w.percent(row.percent),
            f"{w.short_day(row.from_date)} – {w.short_day(row.to_date)}",
            str(row.days),
            w.money(row.amount_minor, bare=True),
        )
        for row in interest
    )
    sums = tuple(w.money(total) for total in accumulate(row.amount_minor for row in interest))
    return Table(_("Interest for late payment"), columns, rows, sums)


def _settled(w: Writer, sheet: Sheet) -> Table:
    _ = w.words.gettext
    columns = (Column(_("Document"), START, REST), Column(_("Date"), START), Column(_("Amount"), END))
    rows = tuple(
        (breakable(each.number), w.short_day(each.issue_date), w.money(each.amount_minor, bare=True))
        for each in sheet.settled
    )
    sums = tuple(w.money(total) for total in accumulate(each.amount_minor for each in sheet.settled))
    return Table(_("What it settled"), columns, rows, sums)
