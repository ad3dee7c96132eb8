"""A QR code (ISO/IEC 18004, correction M) as the path of its dark modules, for whoever draws it as a vector picture."""

import re
from dataclasses import dataclass
from math import isqrt
from typing import Final

import zxingcpp

_DARK: Final = re.compile(rb"\x00+")


@dataclass(frozen=True, slots=True)
class Code:
    """A code of `size` by `size` modules without its quiet zone; `path` is SVG's path data, a module a unit."""

    size: int
    path: str


def code(content: str) -> Code:
    """The code that a camera reads `content` from: UTF-8 throughout, as the payment codes of banks say they are."""
    spelled = content if content.isascii() else content.encode()  # a text would be put into the shortest old code page
    made = zxingcpp.create_barcode(spelled, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    dots = memoryview(made.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    modules = bytes(dots)
    size = isqrt(len(modules))
    rows = (modules[start : start + size] for start in range(0, size * size, size))
    path = "".join(
        f"M{run.start()} {y}h{run.end() - run.start()}v1H{run.start()}z"
        for y, row in enumerate(rows)
        for run in _DARK.finditer(row)
    )
    return Code(size, path)
