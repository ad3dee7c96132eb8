"""A QR code (ISO/IEC 18004, correction M) as the outline of its dark modules: a vector picture to be drawn anywhere."""

from dataclasses import dataclass
from itertools import compress
from math import isqrt
from typing import Final

import zxingcpp

_LARGEST: Final = 177
_ACROSS: Final = tuple(f"H{place}" for place in range(_LARGEST + 1))
_DOWN: Final = tuple(f"V{place}" for place in range(_LARGEST + 1))
_ONE_IF_DARK: Final = bytes([1]) + bytes(255)
_LIGHT: Final = b"\xff"


@dataclass(frozen=True, slots=True)
class Code:
    """A code of `size` by `size` modules without its quiet zone.

    `path` is SVG's path data, a module a unit: closed lines along the edges of what is dark, to be filled by the rule
    `evenodd`. Neighbours are one shape, so that no seam shows between them, and it is half as long as one by rows.
    """

    size: int
    path: str


def code(content: str) -> Code:
    """The code that a camera reads `content` from: UTF-8 throughout, as the payment codes of banks say they are."""
    spelled = content if content.isascii() else content.encode()  # a text would be put into the shortest old code page
    made = zxingcpp.create_barcode(spelled, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = bytes(memoryview(made.to_image(scale=1, add_quiet_zones=False)))  # type: ignore[arg-type]
    size = isqrt(len(modules))
    return Code(size, _outline(modules, size))


def _outline(modules: bytes, size: int) -> str:
    """Lines that turn at every corner and go straight on wherever two of them cross."""
    columns, rows = _corners(modules, size)
    count = len(columns)
    by_column = sorted(range(count), key=columns.__getitem__)
    beyond = [0] * count
    for upper, lower in zip(by_column[::2], by_column[1::2], strict=True):
        beyond[upper], beyond[lower] = lower, upper
    drawn, path = bytearray(count), []
    for first in range(0, count, 2):
        if drawn[first]:
            continue
        path.append(f"M{columns[first]} {rows[first]}")
        corner = first
        while True:
            end = corner ^ 1  # the corners of a row are in pairs, each a line across
            drawn[corner] = drawn[end] = 1
            path.append(_ACROSS[columns[end]])
            corner = beyond[end]
            if corner == first:
                break
            path.append(_DOWN[rows[corner]])
        path.append("z")
    return "".join(path)


def _corners(modules: bytes, size: int) -> tuple[list[int], list[int]]:
    """Where an odd number of the four modules around a point is dark, row by row: columns and rows of the points.

    A byte a module, one light column at the right, all of it one number: a shift by a row or by a byte and an
    exclusive or compare every module with its neighbour at once.
    """
    stride = size + 1
    field = b"".join(modules[start : start + size] + _LIGHT for start in range(0, size * size, size))
    dark = int.from_bytes(field.translate(_ONE_IF_DARK), "little")
    edges = dark ^ dark << 8 * stride
    corners = (edges ^ edges << 8).to_bytes(stride * stride + 1, "little")
    places = list(compress(range(len(corners)), corners))
    return [place % stride for place in places], [place // stride for place in places]
