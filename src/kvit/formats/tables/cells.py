"""A column of cells made into what the column holds; what cannot be is marked, never guessed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kvit.formats.tables.shape import Column, Holds
from kvit.kernel import currencies

Flags = npt.NDArray[np.bool_]
MOST_SHOWN: Final = 40
WHOLE_NUMBER: Final = r"^[+-]?[0-9]{1,18}$"
DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class WrongType(Exception):
    """A column of a typed file holds something else throughout; the words say what."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Values of the right type, rows that are not `good` with any value; `shown` gives a row's cell as it was."""

    values: pa.Array
    good: Flags
    shown: Callable[[int], str]


def convert(cells: pa.Array, column: Column) -> Cells:
    """The cells as int64, date32 or large_string. Raises `WrongType` for a column that cannot hold this at all.

    Texts lose blanks around them, currencies become capitals, kinds small letters; 19 digits and more are no number.
    """
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_null(cells.type):
        cells = cells.cast(pa.large_string())
    values, good = _CONVERTERS[column.holds](cells, column)
    return Cells(values, good, lambda row: _shown(cells, row))


def _shown(cells: pa.Array, row: int) -> str:
    value = cells[row].as_py()
    return "" if value is None else str(value)[:MOST_SHOWN]


def _flags(mask: pa.Array) -> Flags:
    found: Flags = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    return found


def _is_text(cells: pa.Array) -> bool:
    return bool(pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type))


def _trimmed(cells: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.fill_null(cells.cast(pa.large_string()), ""))


def _only_where(cells: pa.Array, good: Flags, otherwise: str) -> pa.Array:
    return pc.if_else(pa.array(good), cells, otherwise)


def _whole(cells: pa.Array, column: Column) -> tuple[pa.Array, Flags]:
    if pa.types.is_integer(cells.type):
        good = _flags(pc.is_valid(cells))
        if pa.types.is_uint64(cells.type):
            good &= _flags(pc.less_equal(cells, pa.scalar(2**63 - 1, pa.uint64())))
        return pc.if_else(pa.array(good), cells, pa.scalar(0, cells.type)).cast(pa.int64()), good
    _require_text(cells, column)
    texts = _trimmed(cells)
    good = _flags(pc.match_substring_regex(texts, WHOLE_NUMBER))
    return pc.utf8_ltrim(_only_where(texts, good, "0"), characters="+").cast(pa.int64()), good


def _paid(cells: pa.Array, column: Column) -> tuple[pa.Array, Flags]:
    values, good = _whole(cells, column)
    return values, good & _flags(pc.greater(values, 0))


def _text(cells: pa.Array, column: Column) -> tuple[pa.Array, Flags]:
    if not pa.types.is_integer(cells.type):
        _require_text(cells, column)
    texts = _trimmed(cells)
    good = _flags(pc.not_equal(texts, "")) if column.filled else np.ones(len(texts), bool)
    return texts, good


def _day(cells: pa.Array, column: Column) -> tuple[pa.Array, Flags]:
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        return pc.fill_null(cells.cast(pa.date32(), safe=False), 0), _flags(pc.is_valid(cells))
    _require_text(cells, column)
    texts = _trimmed(cells)
    good = _flags(pc.match_substring_regex(texts, DAY))
    different = pc.unique(_only_where(texts, good, "1970-01-01"))
    wrong = pa.array([day for day in different.to_pylist() if not _is_day(day)], pa.large_string())
    good &= ~_flags(pc.is_in(texts, value_set=wrong))
    return _only_where(texts, good, "1970-01-01").cast(pa.date32()), good


def _is_day(text: str) -> bool:
    try:
        pa.scalar(text).cast(pa.date32())
    except pa.ArrowInvalid:
        return False
    return True


def _currency(cells: pa.Array, column: Column) -> tuple[pa.Array, Flags]:
    _require_text(cells, column)
    texts = pc.utf8_upper(_trimmed(cells))
    return texts, _flags(pc.is_in(texts, value_set=pa.array(sorted(currencies.known()), pa.large_string())))


def _kind(cells: pa.Array, column: Column) -> tuple[pa.Array, Flags]:
    _require_text(cells, column)
    texts = pc.utf8_lower(_trimmed(cells))
    return texts, _flags(pc.match_substring_regex(texts, "^(ocr|rf|free)$"))


def _require_text(cells: pa.Array, column: Column) -> None:
    if not _is_text(cells):
        raise WrongType(f"the column holds {cells.type}, it should hold {column.holds.value}")


_CONVERTERS: Final[dict[Holds, Callable[[pa.Array, Column], tuple[pa.Array, Flags]]]] = {
    Holds.WHOLE: _whole,
    Holds.PAID: _paid,
    Holds.TEXT: _text,
    Holds.DAY: _day,
    Holds.CURRENCY: _currency,
    Holds.KIND: _kind,
}
