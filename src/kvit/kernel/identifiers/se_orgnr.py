"""Organisationsnummer, the number of a Swedish legal person: 10 digits, Luhn (lag (1974:174))."""

from typing import Final

from stdnum.se import orgnr

from kvit.kernel.identifiers import invalid

_NAME: Final = "an organisationsnummer"
_CENTURY_OF_FIRMS: Final = "16"


def compact(number: str) -> str:
    """The 10 digits without spaces, hyphens and the 16 that authorities put before a firm's number."""
    digits = orgnr.compact(number)
    return digits[2:] if len(digits) == 12 and digits.startswith(_CENTURY_OF_FIRMS) else digits


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 10 digits. Refuses `InvalidIdentifier`.

    The third digit is at least 2, which tells it from a personnummer; a sole trader has no
    organisationsnummer and uses the personnummer.
    """
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, 10)
    if digits[2] in "01":
        raise invalid.WrongPart("this is built like a personnummer, not like an organisationsnummer")
    return invalid.by_stdnum(_NAME, orgnr.validate, digits)


def format(number: str) -> str:
    """As printed on Swedish documents: 556036-0793."""
    return orgnr.format(compact(number))


def vat_number(number: str) -> str:
    """The VAT number of the firm: SE, the 10 digits, 01. Refuses `InvalidIdentifier`."""
    return f"SE{validate(number)}01"
