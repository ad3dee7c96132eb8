"""Payment references that lie far apart: a digit wrong or two swapped never name another open invoice.

Consecutive numbers are the worst references: 1234 and 1235 differ by one slip of a finger. Here the
serial number is spread over all 11-digit numbers by body = (A * serial + B) mod 10^11, a permutation.

Why it holds. A slip turns one body into a number that differs from it by
    d * 10^j           a wrong digit (d = 1..9, place j),
    9 * d * 10^j       two neighbours swapped,
    99 * d * 10^j      two digits swapped over the one between them,
up or down. Two bodies differ by A * (distance of their serials) mod 10^11. So each slip, times A^-1,
*is* a distance of serials, and A was chosen (from twenty million random ones) so that
- none of the 260 slips is a distance below `WINDOW`: no slip in the reference of one invoice gives that
  of another one whose serial is nearer than that;
- no difference of two slips is a distance below `CORRECTION_WINDOW`: no wrong reference can have come
  from two such invoices by one slip each, so the one it came from is found with certainty.
The tests enumerate all of them; A = 1 has neither property for any window above 1.

A missing or doubled digit changes the length and is not part of the proof, but was counted: dropping one
digit from each of 200 000 OCR references in a row gives 2.2 million strings, of which 8 fit two of them
(with the serial itself as the body: 200 997 of 1.2 million strings, some fitting seven).
"""

from typing import ClassVar, Final

from kvit.kernel.identifiers import invalid, se_ocr
from kvit.kernel.identifiers import rf as rf_reference
from kvit.kernel.refusals import DomainError

DIGITS: Final = 11
COUNT: Final = 10**DIGITS
"""How many serials, and bodies, there are."""

MULTIPLIER: Final = 76_579_771_877
OFFSET: Final = 31_415_926_535
"""Any number does; this one keeps the first serials from looking like the first."""

WINDOW: Final = 1_525_719_020
CORRECTION_WINDOW: Final = 20_000_000

_INVERSE: Final = pow(MULTIPLIER, -1, COUNT)


class SerialOutOfRange(DomainError):
    """The serial is below zero or has more than 11 digits."""

    code: ClassVar[str] = "serial_out_of_range"


def body(serial: int) -> str:
    """The 11 digits that stand for `serial`, 0 to 10^11 - 1. Refuses `SerialOutOfRange`."""
    if not 0 <= serial < COUNT:
        raise SerialOutOfRange(f"a serial has at most {DIGITS} digits and is not negative")
    return f"{(MULTIPLIER * serial + OFFSET) % COUNT:0{DIGITS}d}"


def serial(body: str) -> int:
    """The serial whose body these 11 digits are. Refuses `InvalidIdentifier`."""
    invalid.require_digits("the body of a payment reference", body)
    invalid.require_length("the body of a payment reference", body, DIGITS)
    return (int(body) - OFFSET) * _INVERSE % COUNT


def ocr(serial: int, length_digit: bool = False) -> str:
    """The OCR reference of `serial`: 12 digits, or 13 with the length digit. Refuses `SerialOutOfRange`."""
    return se_ocr.make(body(serial), length_digit)


def rf(serial: int) -> str:
    """The RF reference of `serial`: 15 characters. Refuses `SerialOutOfRange`."""
    return rf_reference.make(body(serial))


def serial_of_ocr(reference: str, length_digit: bool = False) -> int:
    """The serial of an OCR reference as it came from a bank, also if leading zeros were lost on the way.

    Refuses `InvalidIdentifier`.
    """
    added = 2 if length_digit else 1
    digits = se_ocr.validate(se_ocr.compact(reference).zfill(DIGITS + added))
    number = serial(digits[:-added])
    if ocr(number, length_digit) != digits:
        raise invalid.WrongLength("the length digit does not say the length of the reference")
    return number


def serial_of_rf(reference: str) -> int:
    """The serial of an RF reference. Refuses `InvalidIdentifier`."""
    return serial(rf_reference.validate(reference)[4:])
