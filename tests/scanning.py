"""What a telephone's camera reads of a picture that holds codes."""

import re
import subprocess
from typing import Any

import numpy as np
import zxingcpp

_DOTS_PER_MODULE = 4
_QUIET = 4


def in_pdf(pdf: bytes) -> list[str]:
    """The texts of all codes on the first page, as drawn at the resolution of a plain printer."""
    done = subprocess.run(
        ["pdftoppm", "-r", "150", "-gray", "-f", "1", "-l", "1", "-"], input=pdf, capture_output=True, check=True
    )
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", done.stdout)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    return _read(np.frombuffer(done.stdout, np.uint8, width * height, head.end()).reshape(height, width))


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
