"""NIP, the Polish tax number: 10 digits, weighted sum modulo 11 (Dz.U. 1995 nr 142 poz. 702, art. 5-6)."""

from typing import Final

from stdnum.pl import nip

from kvit.kernel.identifiers import invalid

_NAME: Final = "a Polish NIP"


def compact(number: str) -> str:
    """The number without spaces, hyphens and the VAT prefix PL."""
    return nip.compact(number)


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 10 digits. Refuses `InvalidIdentifier`.

    Beside the check digit: no NIP begins with 0 or has 00 after its first digit, and KSeF refuses
    both (schema FA(3), type TNrNIP).
    """
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, 10)
    if digits[0] == "0" or digits[1:3] == "00":
        raise invalid.WrongPart("the first three digits of a Polish NIP name a tax office; these name none")
    return invalid.by_stdnum(_NAME, nip.validate, digits)


def format(number: str) -> str:
    """As printed on Polish documents: 526-025-02-74."""
    return nip.format(number)
