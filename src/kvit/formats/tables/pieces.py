"""The rows of a file in pieces of bounded size, cells as the file holds them, each row with its place in the file."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet

from kvit.formats.tables.shape import Shape
from kvit.kernel.results import Problem

PARQUET: Final = b"PAR1"
ROWS: Final = 50_000
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Piece:
    """Columns by name, and the line of a CSV file or the row of a Parquet file (from 1) that each row came from."""

    columns: dict[str, pa.Array]
    numbers: Numbers


def unit(source: BinaryIO) -> str:
    """`row` for a Parquet file, `line` for anything else; `source` stands where it stood."""
    here = source.tell()
    head = source.read(len(PARQUET))
    source.seek(here)
    return "row" if head == PARQUET else "line"


def pieces(source: BinaryIO, shape: Shape, name: str) -> Iterator[Piece | Problem]:
    """Pieces and problems of a file called `name`; a file wrong as a whole gives one problem and nothing else."""
    if unit(source) == "row":
        yield from _parquet(source, shape, name)
    else:
        yield from _csv(source, shape, name)


def _missing(names: Sequence[str], shape: Shape, name: str) -> list[Problem]:
    found = []
    needed = [column.name for column in shape.columns if column.needed and column.name not in names]
    if needed:
        has = ", ".join(map(repr, names)) if names else "none"
        found.append(Problem(name, f"these columns are missing: {', '.join(needed)}; the columns are: {has}"[:1000]))
    twice = sorted({column.name for column in shape.columns if list(names).count(column.name) > 1})
    if twice:
        found.append(Problem(name, f"these columns stand there twice: {', '.join(twice)}"))
    return found


def _parquet(source: BinaryIO, shape: Shape, name: str) -> Iterator[Piece | Problem]:
    try:
        file = pyarrow.parquet.ParquetFile(source)
        names = file.schema_arrow.names
        if missing := _missing(names, shape, name):
            yield from missing
            return
        row = 1
        wanted = [column.name for column in shape.columns if column.name in names]
        for batch in file.iter_batches(ROWS, columns=wanted):
            numbers = np.arange(row, row + batch.num_rows)
            yield Piece(dict(zip(batch.schema.names, batch.columns, strict=True)), numbers)
            row += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        yield Problem(name, f"the Parquet file cannot be read: {str(error).splitlines()[0]}")


def _csv(source: BinaryIO, shape: Shape, name: str) -> Iterator[Piece | Problem]:
    text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
    line = 1
    try:
        head = text.readline()
        delimiter = max(",;\t", key=head.count)
        names = next(csv.reader([head], delimiter=delimiter, strict=True), [])
        names = [title.strip() for title in names]
        if missing := _missing(names, shape, name):
            yield from missing
            return
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        collected = _Collected(names, shape)
        for cells in rows:
            first, line = line + 1, rows.line_num + 1
            if len(cells) == len(names):
                collected.add(cells, first)
            elif cells:
                yield Problem(f"{name} line {first}", f"{len(cells)} columns, the first line has {len(names)}")
            if len(collected) == ROWS:
                yield collected.taken()
        yield collected.taken()
    except UnicodeDecodeError:
        yield Problem(f"{name} after line {line}", "the file is not UTF-8; nothing was read from there on")
    except csv.Error as error:
        yield Problem(f"{name} line {line + 1}", f"not a CSV file: {error}; nothing was read from there on")
    finally:
        text.detach()


class _Collected:
    """The rows of one piece on their way."""

    def __init__(self, names: Sequence[str], shape: Shape) -> None:
        self._places = [(column.name, names.index(column.name)) for column in shape.columns if column.name in names]
        self._rows: list[list[str]] = []
        self._lines: list[int] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, cells: list[str], line: int) -> None:
        """One row more."""
        self._rows.append(cells)
        self._lines.append(line)

    def taken(self) -> Piece:
        """What was collected, and empty again."""
        columns = {name: pa.array([row[at] for row in self._rows], pa.large_string()) for name, at in self._places}
        piece = Piece(columns, np.array(self._lines, np.int64))
        self._rows, self._lines = [], []
        return piece
