"""IBAN, the international number of a bank account (ISO 13616): country, check digits, national number."""

import re
from typing import Final

from stdnum import iban, numdb

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "an IBAN"
_FIELD_LENGTH: Final = re.compile(r"([0-9]+)!")


def compact(number: str) -> str:
    """The characters in capitals without spaces, hyphens, dots and a leading word IBAN."""
    return iban.compact(number).removeprefix("IBAN")


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The compact form. Refuses `InvalidIdentifier`.

    Looked at are the country's length and kinds of characters (SWIFT's IBAN registry, as python-stdnum
    carries it) and the check digits; not the check digits inside some countries' national numbers.
    """
    text = compact(number)
    invalid.require_letters_and_digits(_NAME, text)
    length = country_length(text[:2])
    if length is None:
        raise invalid.WrongPart("an IBAN begins with the two letters of a country that has IBANs")
    invalid.require_length(f"an IBAN of {text[:2]}", text, length)
    return invalid.by_stdnum(_NAME, lambda iban_: iban.validate(iban_, check_country=False), text)


def format(number: str) -> str:
    """As printed: in groups of four."""
    return iban.format(compact(number))


def make(country: str, account: str) -> str:
    """The IBAN of a national account number (BBAN). Refuses `InvalidIdentifier` where the length is not the country's.

    Source: ISO 13616, check digits by ISO 7064 mod 97-10.
    """
    return validate(f"{country}{checksums.mod97_digits(account + country)}{account}")


def country_length(country: str) -> int | None:
    """How many characters an IBAN of `country` (two letters) has; None for a country without IBANs."""
    found = numdb.get("iban").info(country)
    properties = found[0][1] if found else {}
    if not properties:
        return None
    return 4 + sum(int(length) for length in _FIELD_LENGTH.findall(properties["bban"]))
