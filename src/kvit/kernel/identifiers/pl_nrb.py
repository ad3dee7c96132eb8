"""NRB, the Polish account number: 2 check digits, 8 of the bank, 16 of the account (norm PN-F-01102)."""

from typing import Final

from stdnum.util import clean

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "a Polish account number (NRB)"
_BANK_DIGITS: Final = 8
_ACCOUNT_DIGITS: Final = 16


def compact(number: str) -> str:
    """The number without spaces, hyphens and the country code PL of an IBAN."""
    return clean(number, " -").strip().upper().removeprefix("PL")


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The 26 digits. Refuses `InvalidIdentifier`."""
    digits = compact(number)
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, 2 + _BANK_DIGITS + _ACCOUNT_DIGITS)
    invalid.require_check_digit(_NAME, checksums.mod97_fits(digits[2:] + "PL" + digits[:2]))
    return digits


def format(number: str) -> str:
    """As printed on Polish documents: 60 1020 1026 0000 0422 7020 1111."""
    digits = compact(number)
    return " ".join([digits[:2], *(digits[i : i + 4] for i in range(2, len(digits), 4))])


def make(bank: str, account: str) -> str:
    """The number of `account` (16 digits) at `bank` (8 digits). Refuses `WrongLength`, `WrongCharacters`."""
    invalid.require_digits("the bank's number", bank)
    invalid.require_length("the bank's number", bank, _BANK_DIGITS)
    invalid.require_digits("the account", account)
    invalid.require_length("the account", account, _ACCOUNT_DIGITS)
    return checksums.mod97_digits(bank + account + "PL") + bank + account


def bank(number: str) -> str:
    """The bank's 8 digits (numer rozliczeniowy). Refuses `InvalidIdentifier`."""
    return validate(number)[2 : 2 + _BANK_DIGITS]


def iban(number: str) -> str:
    """The same account as an IBAN: PL and the 26 digits. Refuses `InvalidIdentifier`."""
    return "PL" + validate(number)
