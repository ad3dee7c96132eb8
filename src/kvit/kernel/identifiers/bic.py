"""BIC, the code of a bank (ISO 9362): 4 letters, country, 2 characters of the place, 3 of a branch."""

from typing import Final

from stdnum import bic

from kvit.kernel.identifiers import invalid

_NAME: Final = "a BIC"


def compact(number: str) -> str:
    """The characters in capitals without spaces and hyphens."""
    return bic.compact(number)


def is_valid(number: str) -> bool:
    """Whether `validate` takes the code."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 8 or 11 characters. Refuses `InvalidIdentifier`; a country that does not exist is `WrongPart`."""
    text = compact(number)
    invalid.require_letters_and_digits(_NAME, text)
    invalid.require_length(_NAME, text, 8, 11)
    return invalid.by_stdnum(_NAME, bic.validate, text)


def format(number: str) -> str:
    """As printed: the characters alone."""
    return compact(number)
