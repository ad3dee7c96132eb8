"""Whole columns of digits and texts: matrices of bytes, one row per text of equal length, made into Arrow columns."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]
ZERO = ord("0")


def digits_of(numbers: Integers, width: int) -> Bytes:
    """The decimal digits (0 to 9, not their characters) of each number, with zeros in front up to `width`."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers % 10).astype(np.uint8)


def characters(text: str, rows: int) -> Bytes:
    """The same ASCII characters in every row."""
    return np.tile(np.frombuffer(text.encode("ascii"), np.uint8), (rows, 1))


def texts_of(matrix: Bytes) -> pa.LargeStringArray:
    """One text per row of ASCII characters."""
    rows, width = matrix.shape
    offsets = np.arange(rows + 1, dtype=np.int64) * width
    return pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix)))


def put_together(rows: int, parts: Sequence[tuple[Integers, pa.LargeStringArray]]) -> pa.LargeStringArray:
    """One column from parts that each say which rows they are; every row belongs to exactly one part."""
    places = np.concatenate([where for where, _ in parts]) if parts else np.empty(0, np.int64)
    if places.size != rows:
        raise ValueError(f"{places.size} parts for {rows} rows")
    order = np.empty(rows, np.int64)
    order[places] = np.arange(rows)
    return pa.concat_arrays([part for _, part in parts]).take(pa.array(order))


def digits_in_characters(digits: Bytes) -> Bytes:
    """Digits as their ASCII characters."""
    return digits + np.uint8(ZERO)
