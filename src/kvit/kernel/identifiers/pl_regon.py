"""REGON, the number of the Polish business register: 9 digits, or 14 for a branch (GUS)."""

from typing import Final

from stdnum.pl import regon

from kvit.kernel.identifiers import invalid

_NAME: Final = "a REGON"


def compact(number: str) -> str:
    """The number without spaces and hyphens."""
    return regon.compact(number)


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 9 or 14 digits. Refuses `InvalidIdentifier`."""
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, 9, 14)
    return invalid.by_stdnum(_NAME, regon.validate, digits)


def format(number: str) -> str:
    """As printed on Polish documents: the digits alone."""
    return compact(number)
