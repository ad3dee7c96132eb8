"""Bankgiro numbers: 7 or 8 digits with Luhn's check digit (Bankgirot, technical manuals)."""

from typing import Final

from stdnum.util import clean

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "a bankgiro number"
_LONGEST: Final = 8


def compact(number: str) -> str:
    """The digits without spaces and hyphens; Bankgirot's files pad them to 10 with zeros, which go too."""
    digits = clean(number, " -").strip()
    return digits.lstrip("0") if len(digits) > _LONGEST else digits


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 7 or 8 digits. Refuses `InvalidIdentifier`."""
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, 7, _LONGEST)
    invalid.require_check_digit(_NAME, checksums.luhn_fits(digits))
    return digits


def format(number: str) -> str:
    """As printed on Swedish invoices: 991-2346, 5805-6201."""
    digits = compact(number)
    return f"{digits[:-4]}-{digits[-4:]}"
