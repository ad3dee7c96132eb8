"""What is wrong with an identifier, in plain words, and the checks that say so."""

from collections.abc import Callable
from typing import ClassVar, Final

from stdnum import exceptions as stdnum_exceptions

from kvit.kernel.refusals import DomainError

_DIGITS: Final = frozenset("0123456789")
_LETTERS_AND_DIGITS: Final = _DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class InvalidIdentifier(DomainError):
    """A number that its issuer's rule excludes.

    The text never repeats the number, since it may be a person's.
    """

    code: ClassVar[str] = "identifier_invalid"


class WrongLength(InvalidIdentifier):
    """Characters are missing or there are too many of them."""

    code: ClassVar[str] = "identifier_wrong_length"


class WrongCharacters(InvalidIdentifier):
    """Something stands in the number that cannot stand there."""

    code: ClassVar[str] = "identifier_wrong_characters"


class WrongCheckDigit(InvalidIdentifier):
    """The check digit does not fit the other digits: most likely one of them is mistyped."""

    code: ClassVar[str] = "identifier_wrong_check_digit"


class WrongPart(InvalidIdentifier):
    """A part of the number (a date, a country, a county, a prefix) does not exist."""

    code: ClassVar[str] = "identifier_wrong_part"


def require_digits(name: str, number: str) -> None:
    """Refuses `WrongCharacters` unless `number` is digits 0-9 only; digits of other scripts are not."""
    if not _DIGITS.issuperset(number):
        raise WrongCharacters(f"{name} consists of digits only")


def require_letters_and_digits(name: str, number: str) -> None:
    """Refuses `WrongCharacters` unless `number` is A-Z and 0-9 only."""
    if not _LETTERS_AND_DIGITS.issuperset(number):
        raise WrongCharacters(f"{name} consists of the letters A-Z and digits only")


def require_length(name: str, number: str, *allowed: int) -> None:
    """Refuses `WrongLength` unless `number` has one of the `allowed` numbers of characters."""
    if len(number) not in allowed:
        raise WrongLength(f"{name} has {_either(allowed)} characters; this one has {len(number)}")


def require_length_between(name: str, number: str, *, least: int, most: int) -> None:
    """Refuses `WrongLength` unless `number` has `least` to `most` characters."""
    if not least <= len(number) <= most:
        raise WrongLength(f"{name} has {least} to {most} characters; this one has {len(number)}")


def require_check_digit(name: str, fits: bool) -> None:
    """Refuses `WrongCheckDigit` unless it fits."""
    if not fits:
        raise _wrong_check_digit(name)


def by_stdnum(name: str, validate: Callable[[str], str], number: str) -> str:
    """python-stdnum's answer for `number`, its refusals put into ours."""
    try:
        return validate(number)
    except stdnum_exceptions.InvalidLength:
        raise WrongLength(f"{name} has another number of characters than {len(number)}") from None
    except stdnum_exceptions.InvalidChecksum:
        raise _wrong_check_digit(name) from None
    except stdnum_exceptions.InvalidComponent:
        raise WrongPart(f"a part of {name} (a date, a region or a prefix) does not exist") from None
    except stdnum_exceptions.ValidationError:
        raise WrongCharacters(f"{name} is not written like this") from None


def is_accepted(validate: Callable[[str], str], number: str) -> bool:
    """Whether `validate` takes the number."""
    try:
        validate(number)
    except InvalidIdentifier:
        return False
    return True


def _either(allowed: tuple[int, ...]) -> str:
    return " or ".join(str(length) for length in allowed)


def _wrong_check_digit(name: str) -> WrongCheckDigit:
    return WrongCheckDigit(f"the check digit of {name} does not fit; one of the characters is probably wrong")
