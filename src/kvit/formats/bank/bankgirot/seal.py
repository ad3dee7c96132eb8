"""Bankgirot's protection against tampering: a delivery sealed with HMAC between its records TK00 and TK99.

Source: Bankgirot, Förändringsskydd med sigill, technical manual, March 2014, chapters 4 to 6. The key is shared with
Bankgirot, 128 bits; its check value (KVV) is the seal of eight zeros and says which key was used.
"""

import datetime
import hmac
import re
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem

KEY_BYTES: Final = 16
WIDTH: Final = 80
_SEAL_CHARACTERS: Final = 32
_KEY_CHECKED_OVER: Final = b"00000000"
_OTHER: Final = 0xC3
_LETTERS: Final = {"É": 0x40, "Ä": 0x5B, "Ö": 0x5C, "Å": 0x5D, "Ü": 0x5E, "é": 0x60, "ä": 0x7B, "ö": 0x7C, "å": 0x7D,
                   "ü": 0x7E}  # fmt: skip
_LINE_ENDS: Final = re.compile(rb"\r\n|\n|\r")
_CLOSING: Final = re.compile(rb"99([0-9]{6})([0-9A-F]{32})([0-9A-F]{32}) {8}")
_OPENING: Final = re.compile(rb"00([0-9]{6})HMAC {68}")
_NORMALISED: Final = bytes(_LETTERS.get(chr(code), code if 0x20 <= code <= 0x7E else _OTHER) for code in range(256))


class BadSealKey(DomainError):
    """A seal key is 32 hexadecimal digits."""

    code: ClassVar[str] = "formats.bad_seal_key"


class AlreadySealed(DomainError):
    """The file begins with the opening record of a seal."""

    code: ClassVar[str] = "formats.already_sealed"


def key_of(text: str) -> bytes:
    """The key as Bankgirot hands it out: 32 hexadecimal digits, blanks between them allowed. Refuses `BadSealKey`."""
    compact = text.replace(" ", "")
    if not re.fullmatch(f"[0-9A-Fa-f]{{{2 * KEY_BYTES}}}", compact):
        raise BadSealKey(f"a seal key is {2 * KEY_BYTES} hexadecimal digits")
    return bytes.fromhex(compact)


def normalise(content: bytes) -> bytes:
    """What the seal is computed over: no line ends, no blank lines, 7 bits, É Ä Ö Å Ü é ä ö å ü on their old places.

    Any other character counts as 0xC3. `content` is ISO 8859-1.
    """
    return b"".join(_records(content)).translate(_NORMALISED)


def check_value(key: bytes) -> str:
    """The key's check value (KVV): 32 hexadecimal digits that may be told to anybody."""
    return _mac(key, _KEY_CHECKED_OVER)


def seal(content: bytes, *, key: bytes, day: datetime.date) -> bytes:
    """`content` (records in ISO 8859-1) between an opening and a sealing record; blank lines go.

    Refuses `BadSealKey`, `AlreadySealed`.
    """
    if len(key) != KEY_BYTES:
        raise BadSealKey(f"a seal key has {KEY_BYTES} bytes; this one has {len(key)}")
    records = _records(content)
    if records and _OPENING.fullmatch(records[0]):
        raise AlreadySealed("the file is sealed already")
    date = day.strftime("%y%m%d").encode()
    sealed = [(b"00" + date + b"HMAC").ljust(WIDTH), *records]
    mac = _mac(key, normalise(b"\r\n".join(sealed)))
    closing = b"99" + date + check_value(key).encode() + mac.encode()
    return b"\r\n".join([*sealed, closing.ljust(WIDTH)])


def verify(content: bytes, *, key: bytes) -> tuple[Problem, ...]:
    """What is wrong with the seal of a file; empty where it was sealed with this key and not changed since."""
    records = _records(content)
    closing = _CLOSING.fullmatch(records[-1].ljust(WIDTH)) if records else None
    opening = _OPENING.fullmatch(records[0].ljust(WIDTH)) if records else None
    if closing is None or opening is None:
        return (Problem("file", "is not sealed with HMAC"),)
    if closing[1] != opening[1]:  # the seal covers the day in the opening record only
        return (Problem(f"line {len(records)}", "the days of the seal's two records differ"),)
    if closing[2].decode() != check_value(key):
        return (Problem(f"line {len(records)}", "is sealed with another key"),)
    if not hmac.compare_digest(closing[3].decode(), _mac(key, normalise(b"\r\n".join(records[:-1])))):
        return (Problem(f"line {len(records)}", "the seal does not fit: the file was changed after it was sealed"),)
    return ()


def _records(content: bytes) -> list[bytes]:
    return [line for line in _LINE_ENDS.split(content) if line.strip()]


def _mac(key: bytes, data: bytes) -> str:
    return hmac.digest(key, data, "sha256").hex()[:_SEAL_CHARACTERS].upper()
