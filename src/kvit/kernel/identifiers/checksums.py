"""The check digit rules that identifiers share: Luhn, mod 97-10 and CRC-8."""

from typing import Final

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

_CRC8_POLYNOMIAL: Final = 0x07
_TOP_BIT: Final = 0x80
_BYTE: Final = 0xFF


def luhn_digit(body: str) -> str:
    """The digit that makes `body` (digits 0-9) fit Luhn's rule, "10-modulus" in Sweden (ISO/IEC 7812-1)."""
    return luhn.calc_check_digit(body)


def luhn_fits(digits: str) -> bool:
    """Whether the last of `digits` (0-9) is the Luhn digit of the others."""
    return luhn.checksum(digits) == 0


def mod97_digits(text: str) -> str:
    """The two digits (02-98) to append to `text` (A-Z, 0-9) so that mod 97-10 fits (ISO 7064)."""
    return mod_97_10.calc_check_digits(text)


def mod97_fits(text: str) -> bool:
    """Whether `text` (A-Z as 10-35, 0-9) is 1 modulo 97 (ISO 7064)."""
    return mod_97_10.checksum(text) == 1


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial 07, starting at 00, not reflected: the checksum of a KSeF number."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ _CRC8_POLYNOMIAL if crc & _TOP_BIT else crc << 1) & _BYTE
    return crc
