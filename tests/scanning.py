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
    """The texts of all codes in an SVG whose dark modules are what the lines of one path enclose oddly often."""
    (path,) = re.findall(r'fill-rule="evenodd" d="([MHVz\d ]+)"', svg)
    walls = []
    for line in path.rstrip("z").split("z"):
        x, first = (int(part) for part in re.findall(r"\d+", line)[:2])
        y = first
        for way, place in [*re.findall(r"([HV])(\d+)", line), ("V", str(first))]:
            if way == "H":
                x = int(place)
            else:
                walls.append((x, *sorted((y, int(place)))))
                y = int(place)
    size = 1 + max(x for x, _, _ in walls)
    light = np.full((size, size), True)
    for x, top, bottom in walls:
        light[top:bottom, x:] ^= True
    quiet = np.pad(light, _QUIET, constant_values=True)
    return _read(np.kron(quiet * np.uint8(255), np.ones((_DOTS_PER_MODULE, _DOTS_PER_MODULE), np.uint8)))


def _read(dots: Any) -> list[str]:
    return [each.bytes.decode() for each in zxingcpp.read_barcodes(np.ascontiguousarray(dots))]
