"""Reads one table: every row of the file ends in the table or among the problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kvit.formats.tables.cells import Cells, WrongType, convert
from kvit.formats.tables.pieces import Piece, pieces, unit
from kvit.formats.tables.shape import Column, Holds, Shape
from kvit.kernel.results import Problem

Numbers = npt.NDArray[np.int64]
TYPES: Final = {
    Holds.WHOLE: pa.int64(),
    Holds.PAID: pa.int64(),
    Holds.DAY: pa.date32(),
    Holds.TEXT: pa.large_string(),
    Holds.CURRENCY: pa.large_string(),
    Holds.KIND: pa.large_string(),
}


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table with all columns of its shape, and problems; row i stands at line or row `numbers[i]` of file `name`."""

    name: str
    unit: str
    table: pa.Table
    numbers: Numbers
    problems: tuple[Problem, ...]

    def place(self, row: int, column: str) -> str:
        """Where a cell of the table stands in the file, for people."""
        return f"{self.name} {self.unit} {self.numbers[row]}, {column}"


def empty(shape: Shape, name: str) -> TableRead:
    """A table of this shape without rows."""
    return TableRead(name, "line", _schema(shape).empty_table(), np.empty(0, np.int64), ())


def read(source: BinaryIO, shape: Shape, *, name: str) -> TableRead:
    """Read Parquet, or UTF-8 CSV with a header, separated by comma, semicolon or tab; told apart by their content.

    `source` can seek; `name` is what problems call the file. Never raises on what the file holds. A text column that
    is not needed and not there is empty; rows with the same key as one above are problems.
    """
    counted = unit(source)
    problems: list[Problem] = []
    tables: list[pa.Table] = []
    numbers: list[Numbers] = []
    for piece in pieces(source, shape, name):
        if isinstance(piece, Problem):
            problems.append(piece)
            continue
        table, kept, found = _converted(piece, shape, f"{name} {counted}")
        tables.append(table)
        numbers.append(kept)
        problems += found
        if any(isinstance(problem, _WholeColumn) for problem in found):
            break
    whole = pa.concat_tables(tables).combine_chunks() if tables else _schema(shape).empty_table()
    at = np.concatenate(numbers) if numbers else np.empty(0, np.int64)
    return _without_repeats(TableRead(name, counted, whole, at, tuple(problems)), shape)


class _WholeColumn(Problem):
    """A problem of a column as such, so that reading on would only repeat it."""

    __slots__ = ()


def _schema(shape: Shape) -> pa.Schema:
    return pa.schema([(column.name, TYPES[column.holds]) for column in shape.columns])


def _converted(piece: Piece, shape: Shape, where: str) -> tuple[pa.Table, Numbers, list[Problem]]:
    rows = piece.numbers.size
    good, columns, found = np.ones(rows, bool), {}, []
    problems: list[Problem] = []
    for column in shape.columns:
        if column.name not in piece.columns:
            columns[column.name] = pa.array([""], pa.large_string()).take(pa.array(np.zeros(rows, np.int64)))
            continue
        try:
            cells = convert(piece.columns[column.name], column)
        except WrongType as wrong:
            name = where.rsplit(" ", 1)[0]
            return _schema(shape).empty_table(), piece.numbers[:0], [_WholeColumn(f"{name}, {column.name}", str(wrong))]
        columns[column.name] = cells.values
        good &= cells.good
        found.append((column, cells))
    for row in np.flatnonzero(~good):
        bad = [(column, cells) for column, cells in found if not cells.good[row]]
        problems += [
            Problem(f"{where} {piece.numbers[row]}, {column.name}", _reason(column, cells, int(row)))
            for column, cells in bad
        ]
    return pa.table(columns).filter(pa.array(good)), piece.numbers[good], problems


def _reason(column: Column, cells: Cells, row: int) -> str:
    shown = cells.shown(row)
    return f"{shown!r} is not {column.holds.value}" if shown.strip() else f"is empty, it should be {column.holds.value}"


def _without_repeats(found: TableRead, shape: Shape) -> TableRead:
    if not shape.key or not found.table.num_rows:
        return found
    keys = found.table.column(shape.key).to_numpy()
    first = np.sort(np.unique(keys, return_index=True)[1])
    again = np.setdiff1d(np.arange(keys.size), first)
    if not again.size:
        return found
    problems = tuple(Problem(found.place(int(row), shape.key), f"{keys[row]} stands above already") for row in again)
    table = found.table.take(pa.array(first)).combine_chunks()
    return TableRead(found.name, found.unit, table, found.numbers[first], (*found.problems, *problems))


def foreign_keys(tables: Mapping[str, TableRead]) -> tuple[Problem, ...]:
    """Problems of rows whose customer does not stand in the table of customers; the tables are left as they are."""
    known = tables["customers"].table.column("customer_id")
    problems: list[Problem] = []
    for name in ("payer_history", "invoices"):
        found = tables[name]
        customers = found.table.column("customer_id")
        is_known = pc.is_in(customers, value_set=known.combine_chunks()).to_numpy(zero_copy_only=False)
        problems += [
            Problem(found.place(int(row), "customer_id"), f"no customer has the id {customers[int(row)]}")
            for row in np.flatnonzero(~is_known)
        ]
    return tuple(problems)
