"""The pieces that XML writers put together: escaped elements, amounts, numbers, days; empty ones vanish."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TEXT: Final = re.compile("[&<>\r]")
_QUOTED: Final = re.compile('[&<>"\r\n\t]')
_ESCAPES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotWritable(DomainError):
    """The invoice holds what this syntax cannot say; the text names the field."""

    code: ClassVar[str] = "einvoice.not_writable"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match.group()]


def text(value: str) -> str:
    """`value` as the text of an element."""
    return _TEXT.sub(_escape, value)


def quoted(value: str) -> str:
    """`value` as an attribute between double quotes."""
    return _QUOTED.sub(_escape, value)


def element(name: str, value: str) -> str:
    """An element with a text, or nothing where the text is empty."""
    return f"<{name}>{_TEXT.sub(_escape, value)}</{name}>" if value else ""


def marked(name: str, value: str, *attributes: tuple[str, str]) -> str:
    """An element with a text and attributes; attributes that are empty are left out."""
    if not value:
        return ""
    said = "".join(f' {key}="{_QUOTED.sub(_escape, told)}"' for key, told in attributes if told)
    return f"<{name}{said}>{_TEXT.sub(_escape, value)}</{name}>"


def group(name: str, *parts: str) -> str:
    """An element around others, or nothing where all of them are empty."""
    inside = "".join(parts)
    return f"<{name}>{inside}</{name}>" if inside else ""


def each(parts: Iterable[str]) -> str:
    """Elements one after the other."""
    return "".join(parts)


def amount(minor: int, decimals: int) -> str:
    """Whole minor units as a decimal number with all the decimals of the currency: -5 is -0.05."""
    if not decimals:
        return str(minor)
    digits = str(abs(minor)).zfill(decimals + 1)
    return f"{'-' if minor < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def number(value: Decimal | None) -> str:
    """A number without an exponent; nothing for None."""
    return "" if value is None else f"{value:f}"


def plain(value: Decimal | None) -> str:
    """A number without an exponent and without zeros at its end."""
    if value is None:
        return ""
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def day(value: datetime.date | None) -> str:
    """YYYY-MM-DD; nothing for None."""
    return "" if value is None else value.isoformat()


def document(content: str) -> bytes:
    """The finished document in UTF-8. Refuses `NotWritable` where a text has characters that XML cannot carry."""
    found = _FORBIDDEN.search(content)
    if found:
        around = content[max(0, found.start() - 40) : found.start()]
        raise NotWritable(f"the character U+{ord(found.group()):04X} after {around!r} cannot stand in XML")
    return (HEAD + content + "\n").encode()
