"""CUI or CIF, the Romanian tax number of a firm: 2 to 10 digits, RO before it if registered for VAT."""

from typing import Final

from stdnum.ro import cui

from kvit.kernel.identifiers import invalid

_NAME: Final = "a Romanian CUI"


def compact(number: str) -> str:
    """The number without spaces, hyphens and the prefix RO."""
    return cui.compact(number)


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 2 to 10 digits. Refuses `InvalidIdentifier`."""
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length_between(_NAME, digits, least=2, most=10)
    if digits[0] == "0":
        raise invalid.WrongPart(f"{_NAME} does not begin with 0")
    return invalid.by_stdnum(_NAME, cui.validate, digits)


def format(number: str) -> str:
    """As printed on Romanian documents: the digits, with RO kept where it was written."""
    return ("RO" if has_vat_prefix(number) else "") + compact(number)


def has_vat_prefix(number: str) -> bool:
    """Whether the number was written as that of a firm registered for VAT (prefix RO)."""
    return number.strip().upper().startswith("RO")
