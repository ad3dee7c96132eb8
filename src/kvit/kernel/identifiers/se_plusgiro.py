"""Plusgiro numbers: 2 to 8 digits with Luhn's check digit (Nordea)."""

from typing import Final

from stdnum.util import clean

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "a plusgiro number"


def compact(number: str) -> str:
    """The digits without spaces and hyphens."""
    return clean(number, " -").strip()


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 2 to 8 digits. Refuses `InvalidIdentifier`."""
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length_between(_NAME, digits, least=2, most=8)
    invalid.require_check_digit(_NAME, checksums.luhn_fits(digits))
    return digits


def format(number: str) -> str:
    """As printed on Swedish invoices, in pairs from the check digit on: 28 65 43-4, 4 12 34-5."""
    digits = compact(number)
    body = digits[:-1]
    first = len(body) % 2
    pairs = [body[:first], *(body[i : i + 2] for i in range(first, len(body), 2))]
    return f"{' '.join(pair for pair in pairs if pair)}-{digits[-1:]}"
