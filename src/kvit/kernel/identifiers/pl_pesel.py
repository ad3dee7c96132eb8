"""PESEL, the number of a person in Poland: 11 digits that begin with the date of birth."""

from typing import Final

from stdnum.pl import pesel

from kvit.kernel.identifiers import invalid

_NAME: Final = "a PESEL"


def compact(number: str) -> str:
    """The number without spaces and hyphens."""
    return pesel.compact(number)


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 11 digits. Refuses `InvalidIdentifier`; a date of birth that never was is `WrongPart`."""
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, 11)
    return invalid.by_stdnum(_NAME, pesel.validate, digits)


def format(number: str) -> str:
    """As printed on Polish documents: the digits alone."""
    return compact(number)
