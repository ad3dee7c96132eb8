"""The number KSeF gives to a Polish e-invoice: NIP, day, 12 hexadecimal digits, CRC-8 (KSeF 2.0)."""

import datetime
import re
from typing import Final

from stdnum.util import clean

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "a KSeF number"
_PARTS: Final = re.compile(r"([0-9]{10})-([0-9]{8})-([0-9A-F]{6})-?([0-9A-F]{6})-([0-9A-F]{2})")


def compact(number: str) -> str:
    """The 35 characters in capitals; KSeF 1.0 wrote 36, with a hyphen inside the 12 digits.

    The other hyphens are part of the number. What is not shaped like one comes back without spaces.
    """
    text = clean(number, " ").strip().upper()
    parts = _PARTS.fullmatch(text)
    return text if parts is None else "{}-{}-{}{}-{}".format(*parts.groups())


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 35 characters. Refuses `InvalidIdentifier`.

    The checksum runs over the first 32 characters, hyphens included. The check digit of the NIP is
    not looked at: KSeF has accepted the seller.
    """
    text = compact(number)
    invalid.require_length(_NAME, text, 35)
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise invalid.WrongCharacters(f"{_NAME} is written NIP-YYYYMMDD-12 hexadecimal digits-2 digits")
    try:
        datetime.date.fromisoformat(parts[2])
    except ValueError:
        raise invalid.WrongPart(f"the day in {_NAME} does not exist") from None
    body, check = text[:32], text[33:]
    invalid.require_check_digit(_NAME, f"{checksums.crc8(body.encode('ascii')):02X}" == check)
    return text


def format(number: str) -> str:
    """As KSeF writes it: the 35 characters."""
    return compact(number)


def received_on(number: str) -> datetime.date:
    """The day on which KSeF took the invoice in, as the number tells. Refuses `InvalidIdentifier`."""
    return datetime.date.fromisoformat(validate(number)[11:19])
