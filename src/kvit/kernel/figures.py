"""Write amounts, numbers and days as each country does: plain text, the same on pages and on documents."""

from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, Literal

from babel import Locale, dates, numbers

from kvit.kernel.currencies import minor_units

LANGUAGES: Final = ("en", "pl", "sv", "ro")
# English as it is read in Europe: the day before the month.
_LOCALES: Final = {"en": "en_GB", "pl": "pl_PL", "sv": "sv_SE", "ro": "ro_RO"}
# A sign is written where it is the reader's own; everybody else reads the code, which is never ambiguous.
_SIGNS: Final = {("sv", "SEK"): "kr", ("pl", "PLN"): "zł", ("ro", "RON"): "lei"}
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
def separators(language: str) -> tuple[str, str]:
    """What stands between thousands, and before the decimals."""
    locale = locale_of(language)
    group = numbers.get_group_symbol(locale)
    return (NO_BREAK_SPACE if group.isspace() else group), numbers.get_decimal_symbol(locale)


def currency_sign(currency: str, language: str) -> str:
    """What stands after the amount: the sign in the currency's own country, elsewhere the ISO 4217 code."""
    return _SIGNS.get((language, currency), currency)


def amount_parts(minor: int, currency: str, language: str) -> tuple[str, str, str]:
    """(sign, major units, decimals with their separator)."""
    group, decimal = separators(language)
    places = minor_units(currency)
    major, rest = divmod(abs(minor), 10**places)
    digits = f"{major:,}".replace(",", group)
    return MINUS if minor < 0 else "", digits, f"{decimal}{rest:0{places}d}" if places else ""


def money_text(minor: int, currency: str, language: str, *, bare: bool = False) -> str:
    """`1 234,50 kr`: an amount of whole minor units as plain text; `bare` leaves the currency out."""
    text = "".join(amount_parts(minor, currency, language))
    return text if bare else f"{text}{NO_BREAK_SPACE}{currency_sign(currency, language)}"


def decimal_text(value: Decimal | int, language: str) -> str:
    """A quantity or a rate, with no more decimals than it has."""
    group, decimal = separators(language)
    text = f"{Decimal(value).normalize():,f}"
    return text.translate({ord(","): group, ord("."): decimal, ord("-"): MINUS})


def percent_text(value: Decimal | int, language: str) -> str:
    """A rate in per cent, with the sign as the language sets it: `25%`, in Swedish `25 %`."""
    gap = NO_BREAK_SPACE if language in _SPACED_PERCENT else ""
    return f"{decimal_text(value, language)}{gap}%"


def price_text(value: Decimal, currency: str, language: str) -> str:
    """A price per unit in major units, bare, with at least the currency's decimals: `479,20`, `0,9112`."""
    text = decimal_text(value, language)
    _, decimal = separators(language)
    whole, _, rest = text.partition(decimal)
    places = minor_units(currency)
    return f"{whole}{decimal}{rest:0<{places}}" if places or rest else whole


def country_name(country: str, language: str) -> str:
    """A country (ISO 3166) by name; the code where there is none."""
    return str(locale_of(language).territories.get(country, country))


@lru_cache(4096)
def day_text(day: date, language: str, style: Literal["short", "medium", "long"] = "medium") -> str:
    """`2 mars 2026`; `short` is all digits, for tables; `long` has the weekday."""
    if style == "short":
        return dates.format_date(day, _SHORT_DAYS[language], locale=locale_of(language))
    if style == "long":
        return dates.format_date(day, "EEEE d MMMM y", locale=locale_of(language))
    return dates.format_date(day, "d MMM y", locale=locale_of(language))
