"""Write amounts, numbers and days as each country does."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import ClassVar, Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from markupsafe import Markup

from kvit.kernel.currencies import minor_units
from kvit.kernel.money import Money
from kvit.kernel.refusals import DomainError

LANGUAGES: Final = ("en", "pl", "sv", "ro")
# English as it is read in Europe: the day before the month.
_LOCALES: Final = {"en": "en_GB", "pl": "pl_PL", "sv": "sv_SE", "ro": "ro_RO"}
# A sign is written where it is the reader's own; everybody else reads the code, which is never ambiguous.
_SIGNS: Final = {("sv", "SEK"): "kr", ("pl", "PLN"): "zł", ("ro", "RON"): "lei"}
_ZONES: Final = {"SE": "Europe/Stockholm", "PL": "Europe/Warsaw", "RO": "Europe/Bucharest"}
_SHORT_DAYS: Final = {"sv": "yyyy-MM-dd", "pl": "dd.MM.yyyy", "ro": "dd.MM.yyyy", "en": "dd/MM/yyyy"}
_SPACED_PERCENT: Final = frozenset({"sv"})
NARROW_SPACE: Final = "\u202f"
NO_BREAK_SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale of one of `LANGUAGES`."""
    return Locale.parse(_LOCALES[language])


@cache
def _separators(language: str) -> tuple[str, str]:
    """What stands between thousands, and before the decimals."""
    locale = locale_of(language)
    group = numbers.get_group_symbol(locale)
    return (NO_BREAK_SPACE if group.isspace() else group), numbers.get_decimal_symbol(locale)


def currency_sign(currency: str, language: str) -> str:
    """What stands after the amount: the sign in the currency's own country, elsewhere the ISO 4217 code."""
    return _SIGNS.get((language, currency), currency)


def _parts(minor: int, currency: str, language: str) -> tuple[str, str, str]:
    """(sign, major units, decimals with their separator)."""
    group, decimal = _separators(language)
    places = minor_units(currency)
    major, rest = divmod(abs(minor), 10**places)
    digits = f"{major:,}".replace(",", group)
    return MINUS if minor < 0 else "", digits, f"{decimal}{rest:0{places}d}" if places else ""


def money_text(minor: int, currency: str, language: str, *, bare: bool = False) -> str:
    """`1 234,50 kr`: an amount of whole minor units as plain text; `bare` leaves the currency out."""
    text = "".join(_parts(minor, currency, language))
    return text if bare else f"{text}{NO_BREAK_SPACE}{currency_sign(currency, language)}"


def money(minor: int, currency: str, language: str, *, bare: bool = False) -> Markup:
    """The amount as HTML: tabular figures, minor units small, the currency after it."""
    sign, major, rest = _parts(minor, currency, language)
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
    group, decimal = _separators(language)
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


def decimal_text(value: Decimal | int, language: str) -> str:
    """A quantity or a rate, with no more decimals than it has."""
    group, decimal = _separators(language)
    text = f"{Decimal(value).normalize():,f}"
    return text.translate({ord(","): group, ord("."): decimal, ord("-"): MINUS})


def percent_text(value: Decimal | int, language: str) -> str:
    """A rate in per cent, with the sign as the language sets it: `25%`, in Swedish `25 %`."""
    gap = NO_BREAK_SPACE if language in _SPACED_PERCENT else ""
    return f"{decimal_text(value, language)}{gap}%"


def price_text(value: Decimal, currency: str, language: str) -> str:
    """A price per unit in major units, bare, with at least the currency's decimals: `479,20`, `0,9112`."""
    text = decimal_text(value, language)
    _, decimal = _separators(language)
    whole, _, rest = text.partition(decimal)
    places = minor_units(currency)
    return f"{whole}{decimal}{rest:0<{places}}" if places or rest else whole


def country_name(country: str, language: str) -> str:
    """A country (ISO 3166) by name; the code where there is none."""
    return str(locale_of(language).territories.get(country, country))


def zone_of(country: str) -> ZoneInfo:
    """The time of day of a company's country."""
    return ZoneInfo(_ZONES.get(country, "UTC"))


@lru_cache(4096)
def day_text(day: date, language: str, style: Literal["short", "medium", "long"] = "medium") -> str:
    """`2 mars 2026`; `short` is all digits, for tables; `long` has the weekday."""
    if style == "short":
        return dates.format_date(day, _SHORT_DAYS[language], locale=locale_of(language))
    if style == "long":
        return dates.format_date(day, "EEEE d MMMM y", locale=locale_of(language))
    return dates.format_date(day, "d MMM y", locale=locale_of(language))


def moment_text(at: datetime, language: str, zone: ZoneInfo) -> str:
    """An aware instant as day and time of day in the reader's zone: `2 mars 2026 09:30`."""
    local = at.astimezone(zone)
    return f"{day_text(local.date(), language)} {local:%H:%M}"


def distance_text(days: int, language: str) -> str:
    """`in 3 days`, `2 days ago` in the reader's language; zero is today and written by the caller."""
    return dates.format_timedelta(
        timedelta(days=days), granularity="day", threshold=400, add_direction=True, locale=locale_of(language)
    )
