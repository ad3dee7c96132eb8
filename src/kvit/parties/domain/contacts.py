"""Where somebody is reached, and for what."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError


class Purpose(StrEnum):
    """What is sent there; `GENERAL` stands in where nothing was given for a purpose."""

    GENERAL = "general"
    INVOICES = "invoices"
    REMINDERS = "reminders"
    STATEMENTS = "statements"
    CONFIRMATIONS = "confirmations"
    TAX_NOTICES = "tax_notices"


class Channel(StrEnum):
    """How it gets there."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"


class BadContact(DomainError):
    """An address or number at which nothing can arrive. The text never repeats it."""

    code: ClassVar[str] = "parties.bad_contact"


# Calling code, and the digit that people dial before a number within the country.
_WITHIN: Final[Mapping[str, tuple[str, str]]] = {"PL": ("48", ""), "SE": ("46", "0"), "RO": ("40", "0")}
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL: Final = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\.]+(\.[^\s@<>()\[\],;:\"\\.]+)+")
_LONGEST_EMAIL: Final = 254
_LONGEST_POST: Final = 500


def tidy_contact(channel: Channel, value: str, *, country: str) -> str:
    """The form in which an address is kept: e-mail's domain in lower case, numbers as +46701234567 (E.164).

    A number without its country's code is taken as one of `country`, the party's. Refuses `BadContact`.
    """
    text = value.strip()
    if channel is Channel.EMAIL:
        return _email(text)
    if channel is Channel.POST:
        return _post(text)
    return _phone(text, country)


def _email(text: str) -> str:
    if len(text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(text) or not text.isprintable():
        raise BadContact("an e-mail address looks like name@example.com; this one does not")
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def _post(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    joined = "\n".join(lines)
    if not joined or len(joined) > _LONGEST_POST or not all(line.isprintable() for line in lines):
        raise BadContact(f"a postal address has 1 to {_LONGEST_POST} printable characters, line by line")
    return joined


def _phone(text: str, country: str) -> str:
    digits = re.sub(r"[\s\-./()]", "", re.sub(r"\(0\)", "", text))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits[:1] != "+" and country in _WITHIN:
        code, trunk = _WITHIN[country]
        digits = f"+{code}{digits.removeprefix(trunk)}"
    if not _E164.fullmatch(digits):
        raise BadContact("write the telephone number with its country's code, like +46 70 123 45 67")
    return digits
