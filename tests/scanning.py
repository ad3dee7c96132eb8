"""What a telephone's camera reads of a picture that holds codes."""

import re
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp

_DOTS_PER_MODULE = 4
_QUIET = 4
_SCALE = 150 / 72
"""150 dots an inch."""


def in_pdf(pdf: bytes) -> list[str]:
    """The texts of all codes on the first page, as drawn at the resolution of a plain printer."""
    with pypdfium2.PdfDocument(pdf) as found:
        return _read(found[0].render(scale=_SCALE, grayscale=True).to_numpy())


def in_svg(svg: str) -> list[str]:
    """The texts of all codes in an SVG whose dark modules are rows `M… …h…v1H…z` of one path."""
    runs = [(int(x), int(y), int(width)) for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", svg)]
    size = 1 + max(y for _, y, _ in runs)
    modules = np.full((size, size), 255, np.uint8)
    for x, y, width in runs:
        modules[y, x : x + width] = 0
    quiet = np.pad(modules, _QUIET, constant_values=255)
    return _read(np.kron(quiet, np.ones((_DOTS_PER_MODULE, _DOTS_PER_MODULE), np.uint8)))


def _read(dots: Any) -> list[str]:
    return [each.bytes.decode() for each in zxingcpp.read_barcodes(np.ascontiguousarray(dots))]
