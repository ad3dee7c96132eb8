"""LEI, the worldwide number of a legal person (ISO 17442): 18 letters and digits, two check digits."""

from typing import Final

from stdnum import lei

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "an LEI"


def compact(number: str) -> str:
    """The characters in capitals without spaces and hyphens."""
    return lei.compact(number)


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 20 characters. Refuses `InvalidIdentifier`."""
    text = compact(number)
    invalid.require_letters_and_digits(_NAME, text)
    invalid.require_length(_NAME, text, 20)
    invalid.require_digits(f"the check number of {_NAME}", text[18:])
    invalid.require_check_digit(_NAME, checksums.mod97_fits(text))
    return text


def format(number: str) -> str:
    """As printed: the characters alone."""
    return compact(number)
