"""One exchange rate of a central bank."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError

_NUMBER: Final = re.compile(r"\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_FORMER: Final = frozenset(["CYP", "EEK", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL"])


class Source(StrEnum):
    """Whose rate it is."""

    NBP = "NBP"
    BNR = "BNR"
    ECB = "ECB"
    RIKSBANK = "Riksbank"


class NoRate(DomainError):
    """A rate that cannot be taken as one; the text says why."""

    code: ClassVar[str] = "no_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`multiplier` units of `base` cost `rate` units of `quote` on `date`, exactly as published.

    `table` is the publication where the bank numbers it ("170/A/NBP/2022"), else "".
    """

    place: str
    source: Source
    base: str
    quote: str
    date: datetime.date
    rate: Decimal
    multiplier: int = 1
    table: str = ""


def number(text: str) -> Decimal:
    """A published rate: positive, plain digits with a point. Refuses NoRate."""
    if not _NUMBER.fullmatch(text):
        raise NoRate(f"{text[:40]!r} is not a rate")
    rate = Decimal(text)
    if not rate:
        raise NoRate("the rate is zero")
    return rate


def currency(text: str) -> str:
    """A currency code, also one that banks quoted in the past. Refuses NoRate."""
    code = text.strip().upper()
    if code not in currencies.known() and code not in _FORMER and code not in ("XDR", "XAU"):
        raise NoRate(f"{text[:40]!r} is not a currency")
    return code


def day(text: str) -> datetime.date:
    """A day as YYYY-MM-DD. Refuses NoRate."""
    try:
        return datetime.date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise NoRate(f"{text[:40]!r} is not a date") from None
