"""RF, the international creditor reference (ISO 11649): RF, two check digits, 1 to 21 letters and digits."""

from typing import Final

from stdnum import iso11649

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "an RF reference"
_LONGEST_BODY: Final = 21


def compact(reference: str) -> str:
    """The characters in capitals without spaces, hyphens, dots, commas, slashes and colons."""
    return iso11649.compact(reference)


def is_valid(reference: str) -> bool:
    """Whether `validate` takes the reference."""
    return invalid.is_accepted(validate, reference)


def validate(reference: str) -> str:
    """The compact form of 5 to 25 characters. Refuses `InvalidIdentifier`."""
    text = compact(reference)
    invalid.require_letters_and_digits(_NAME, text)
    invalid.require_length_between(_NAME, text, least=5, most=4 + _LONGEST_BODY)
    if not text.startswith("RF"):
        raise invalid.WrongPart(f"{_NAME} begins with RF")
    invalid.require_digits(f"the check number of {_NAME}", text[2:4])
    return invalid.by_stdnum(_NAME, iso11649.validate, text)


def format(reference: str) -> str:
    """As printed: in groups of four."""
    return iso11649.format(reference)


def make(body: str) -> str:
    """The reference for `body`, 1 to 21 letters (capitals or not) and digits.

    Refuses `WrongLength`, `WrongCharacters`.
    """
    text = compact(body)
    invalid.require_letters_and_digits("the body of an RF reference", text)
    invalid.require_length_between("the body of an RF reference", text, least=1, most=_LONGEST_BODY)
    return f"RF{checksums.mod97_digits(text + 'RF')}{text}"
