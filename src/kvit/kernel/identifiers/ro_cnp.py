"""CNP, the number of a person in Romania: 13 digits with sex, date of birth and county."""

from typing import Final

from stdnum.ro import cnp

from kvit.kernel.identifiers import invalid

_NAME: Final = "a CNP"


def compact(number: str) -> str:
    """The number without spaces and hyphens."""
    return cnp.compact(number)


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 13 digits. Refuses `InvalidIdentifier`; a date or county that does not exist is `WrongPart`."""
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, 13)
    return invalid.by_stdnum(_NAME, cnp.validate, digits)


def format(number: str) -> str:
    """As printed on Romanian documents: the digits alone."""
    return compact(number)
