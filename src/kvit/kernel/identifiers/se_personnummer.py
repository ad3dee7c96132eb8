"""Personnummer and samordningsnummer, the number of a person in Sweden (folkbokföringslagen 18 §).

Not through python-stdnum: it asks the clock which century a short number belongs to, and it refuses
samordningsnummer (day of birth plus 60), which people without a personnummer pay their bills with.
"""

import datetime
from typing import Final

from stdnum.util import clean

from kvit.kernel.identifiers import checksums, invalid

_NAME: Final = "a personnummer"
_COORDINATION_DAYS: Final = 60
_SHORT, _LONG = 10, 12


def compact(number: str) -> str:
    """The 10 or 12 digits; a short number of somebody above 100 keeps the plus before the last four."""
    text = clean(number, " -:")
    if text[-5:-4] == "+":
        digits = text[:-5] + text[-4:]
        return text if len(digits) == _SHORT else digits
    return text


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The compact form. Refuses `InvalidIdentifier`; a date of birth that never was is `WrongPart`."""
    text = compact(number)
    digits = text[:-5] + text[-4:] if text[-5:-4] == "+" else text
    invalid.require_digits(_NAME, digits)
    invalid.require_length(_NAME, digits, _SHORT, _LONG)
    _require_date(digits[:-4])
    invalid.require_check_digit(_NAME, checksums.luhn_fits(digits[-_SHORT:]))
    return text


def format(number: str) -> str:
    """As printed on Swedish documents: 880320-0016, 19880320-0016, 121212+1212."""
    text = compact(number)
    return text if "+" in text else f"{text[:-4]}-{text[-4:]}"


def vat_number(number: str) -> str:
    """The VAT number of a sole trader: SE, the 10 digits, 01. Refuses `InvalidIdentifier`."""
    return f"SE{validate(number).replace('+', '')[-_SHORT:]}01"


def _require_date(born: str) -> None:
    # A short year is taken from 2000 on: a century that has 29 February wherever another one has it.
    year = int(born[:-4]) if len(born) > 6 else 2000 + int(born[:2])
    month, day = int(born[-4:-2]), int(born[-2:])
    try:
        datetime.date(year, month, day - _COORDINATION_DAYS if day > _COORDINATION_DAYS else day)
    except ValueError:
        raise invalid.WrongPart(f"the date of birth in {_NAME} does not exist") from None
