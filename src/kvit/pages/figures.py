"""Amounts as HTML and as people type them, instants and distances; the plain texts are the kernel's."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from babel import dates
from markupsafe import Markup

from kvit.kernel.figures import (
    LANGUAGES,
    MINUS,
    NARROW_SPACE,
    NO_BREAK_SPACE,
    amount_parts,
    country_name,
    currency_sign,
    day_text,
    decimal_text,
    locale_of,
    money_text,
    percent_text,
    price_text,
    separators,
)
from kvit.kernel.money import Money
from kvit.kernel.refusals import DomainError
from kvit.kernel.zones import zone_of

__all__ = [
    "LANGUAGES",
    "MINUS",
    "NARROW_SPACE",
    "NO_BREAK_SPACE",
    "NotAnAmount",
    "country_name",
    "currency_sign",
    "day_text",
    "decimal_text",
    "distance_text",
    "locale_of",
    "marks",
    "moment_text",
    "money",
    "money_text",
    "percent_text",
    "price_text",
    "read_amount",
    "read_number",
    "zone_of",
]


def money(minor: int, currency: str, language: str, *, bare: bool = False) -> Markup:
    """The amount as HTML: tabular figures, minor units small, the currency after it."""
    sign, major, rest = amount_parts(minor, currency, language)
    tail = "" if bare else _currency_html(currency, language)
    # Signs, digits and separators need no escaping, for which a list of amounts would pay a hundred times.
    html = f'<span class="money">{sign}{major}<span class="cents">{rest}</span>{tail}</span>'
    return Markup(html)  # noqa: S704


@cache
def _currency_html(currency: str, language: str) -> Markup:
    return Markup('&nbsp;<span class="currency">{}</span>').format(currency_sign(currency, language))


class NotAnAmount(DomainError):
    """What was typed is no amount, or could be two."""

    code: ClassVar[str] = "pages.not_an_amount"


def read_number(text: str, language: str) -> Decimal:
    """What a person typed: `1 234,50`, `1.234,50`, `1234.5`, `-7`.

    Where both a point and a comma stand, the last one begins the decimals. One of them alone before exactly three
    digits is read as the reader's language has it; where that leaves two readings it is refused (`NotAnAmount`).
    """
    bare = re.sub(r"[\s\u00a0\u202f']", "", text.strip()).replace(MINUS, "-")
    if not re.fullmatch(r"-?\d[\d.,]*|-?[.,]\d+", bare, re.ASCII):
        raise NotAnAmount(f"{text!r} is no number")
    group, decimal = separators(language)
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return Decimal(bare)
    mark, other = bare[last], "." if bare[last] == "," else ","
    whole, rest = bare[:last], bare[last + 1 :]
    if mark in whole or (len(rest) == 3 and other not in whole and mark == group):
        return _grouped(bare, mark, text)
    if len(rest) == 3 and other not in whole and mark != decimal:
        raise NotAnAmount(f"{text!r} could be thousands or decimals")
    return Decimal(f"{_grouped(whole or '0', other, text)}.{rest or '0'}")


def _grouped(digits: str, mark: str, text: str) -> Decimal:
    """Whole digits, in groups of three where they are grouped."""
    if mark in digits and not re.fullmatch(rf"-?\d{{1,3}}(\{mark}\d{{3}})+", digits):
        raise NotAnAmount(f"{text!r} is no number")
    return Decimal(digits.replace(mark, ""))


def read_amount(text: str, currency: str, language: str) -> int:
    """An amount in major units, as typed, in whole minor units. Refuses `NotAnAmount`, `NotRepresentable`."""
    return Money.from_decimal(read_number(text, language), currency).minor


def moment_text(at: datetime, language: str, zone: ZoneInfo) -> str:
    """An aware instant as day and time of day in the reader's zone: `2 mars 2026 09:30`."""
    local = at.astimezone(zone)
    return f"{day_text(local.date(), language)} {local:%H:%M}"


def distance_text(days: int, language: str) -> str:
    """`in 3 days`, `2 days ago` in the reader's language; zero is today and written by the caller."""
    return dates.format_timedelta(
        timedelta(days=days), granularity="day", threshold=400, add_direction=True, locale=locale_of(language)
    )


def marks(language: str) -> tuple[str, str, str]:
    """(between thousands, before decimals, minus) as amounts are written: what a browser needs to write them alike."""
    return (*separators(language), MINUS)
