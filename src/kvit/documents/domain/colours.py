"""Whether a colour can be read on white paper (WCAG 2.2, success criterion 1.4.3), and the nearest that can."""

import re
from decimal import Decimal
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_LEAST: Final = Decimal("4.5")
_STEPS: Final = 100
_LINEAR_BELOW: Final = Decimal("0.04045")
_WEIGHTS: Final = (Decimal("0.2126"), Decimal("0.7152"), Decimal("0.0722"))
_FLARE: Final = Decimal("0.05")


class FaintColour(DomainError):
    """A colour too light to be read on white; the text names the nearest that is not."""

    code: ClassVar[str] = "documents.faint_colour"


def contrast(colour: str) -> Decimal:
    """How much darker than white a colour `#rrggbb` is, from 1 (white) to 21 (black)."""
    parts = (_linear(Decimal(int(colour[place : place + 2], 16)) / 255) for place in (1, 3, 5))
    luminance = sum((weight * part for weight, part in zip(_WEIGHTS, parts, strict=True)), Decimal(0))
    return (1 + _FLARE) / (luminance + _FLARE)


def is_readable(colour: str) -> bool:
    """Whether small letters of this colour can be read."""
    return contrast(colour) >= _LEAST


def readable(colour: str) -> str:
    """The colour, or the lightest of the same hue that can be read."""
    shades = (_shade(colour, step) for step in range(_STEPS, -1, -1))
    return next(shade for shade in shades if is_readable(shade))


def _shade(colour: str, step: int) -> str:
    return "#" + "".join(f"{int(colour[place : place + 2], 16) * step // _STEPS:02x}" for place in (1, 3, 5))


def _linear(part: Decimal) -> Decimal:
    if part <= _LINEAR_BELOW:
        return part / Decimal("12.92")
    return ((part + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")
