"""Swedish OCR references: 2 to 25 digits, the last a Luhn digit, and the control agreed with Bankgirot.

Source: Bankgirot, user manual Bankgiro Inbetalningar, "OCR-referenskontroll".
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from stdnum.util import clean

from kvit.kernel.identifiers import checksums, invalid
from kvit.kernel.refusals import DomainError

_NAME: Final = "an OCR reference"
SHORTEST: Final = 2
LONGEST: Final = 25


def compact(reference: str) -> str:
    """The digits without spaces and hyphens; leading zeros count and stay."""
    return clean(reference, " -").strip()


def is_valid(reference: str) -> bool:
    """Whether `validate` takes the reference."""
    return invalid.is_accepted(validate, reference)


def validate(reference: str) -> str:
    """The 2 to 25 digits. Refuses `InvalidIdentifier`."""
    digits = compact(reference)
    invalid.require_digits(_NAME, digits)
    invalid.require_length_between(_NAME, digits, least=SHORTEST, most=LONGEST)
    invalid.require_check_digit(_NAME, checksums.luhn_fits(digits))
    return digits


def format(reference: str) -> str:
    """As printed on Swedish invoices: the digits alone."""
    return compact(reference)


def make(body: str, length_digit: bool = False) -> str:
    """`body` (digits) as a reference: with Luhn's digit, and before it the length digit if wanted.

    The length digit is the length of the whole reference modulo 10. Refuses `WrongLength`,
    `WrongCharacters`.
    """
    invalid.require_digits("the body of an OCR reference", body)
    added = 2 if length_digit else 1
    invalid.require_length_between("the body of an OCR reference", body, least=1, most=LONGEST - added)
    if length_digit:
        body += str((len(body) + added) % 10)
    return body + checksums.luhn_digit(body)


class InvalidOcrControl(DomainError):
    """Fixed lengths without one or two lengths of 2 to 25, or lengths with another kind of control."""

    code: ClassVar[str] = "invalid_ocr_control"


class OcrControlKind(StrEnum):
    """How strictly the payer's bank checks a reference: Bankgirot's levels one to four."""

    SOFT = "soft"
    """A wrong reference, or a text instead of one, is let through after a warning."""
    CHECK_DIGIT = "check_digit"
    """The check digit must fit; any length."""
    LENGTH_DIGIT = "length_digit"
    """The check digit and the length digit must fit."""
    FIXED_LENGTHS = "fixed_lengths"
    """The check digit must fit, and the length is one of one or two agreed ones."""


@dataclass(frozen=True, slots=True)
class OcrControl:
    """The control agreed for one bankgiro number; `lengths` for `FIXED_LENGTHS` only.

    Refuses `InvalidOcrControl`.
    """

    kind: OcrControlKind
    lengths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        wanted = (1, 2) if self.kind is OcrControlKind.FIXED_LENGTHS else (0,)
        if len(self.lengths) not in wanted or len(set(self.lengths)) != len(self.lengths):
            raise InvalidOcrControl("fixed lengths are one or two different lengths; other controls have none")
        if not all(SHORTEST <= length <= LONGEST for length in self.lengths):
            raise InvalidOcrControl(f"an OCR reference has {SHORTEST} to {LONGEST} digits")


def check(reference: str, control: OcrControl) -> str:
    """What arrives if the payer types `reference`: its compact form, or the text under soft control.

    Refuses `InvalidIdentifier` where the payer's bank would refuse the payment.
    """
    if control.kind is OcrControlKind.SOFT:
        return compact(reference) if is_valid(reference) else reference.strip()
    digits = validate(reference)
    if control.kind is OcrControlKind.FIXED_LENGTHS:
        invalid.require_length(_NAME, digits, *control.lengths)
    if control.kind is OcrControlKind.LENGTH_DIGIT and int(digits[-2]) != len(digits) % 10:
        raise invalid.WrongLength(f"the length digit says {digits[-2]}, but the reference has {len(digits)} digits")
    return digits
