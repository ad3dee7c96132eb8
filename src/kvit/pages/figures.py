"""Write amounts, numbers and days as each country does."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from markupsafe import Markup

from kvit.kernel.currencies import minor_units

LANGUAGES: Final = ("en", "pl", "sv", "ro")
# English as it is read in Europe: the day before the month.
_LOCALES: Final = {"en": "en_GB", "pl": "pl_PL", "sv": "sv_SE", "ro": "ro_RO"}
# A sign is written where it is the reader's own; everybody else reads the code, which is never ambiguous.
_SIGNS: Final = {("sv", "SEK"): "kr", ("pl", "PLN"): "zł", ("ro", "RON"): "lei"}
_ZONES: Final = {"SE": "Europe/Stockholm", "PL": "Europe/Warsaw", "RO": "Europe/Bucharest"}
_SHORT_DAYS: Final = {"sv": "yyyy-MM-dd", "pl": "dd.MM.yyyy", "ro": "dd.MM.yyyy", "en": "dd/MM/yyyy"}
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
    tail = Markup("") if bare else Markup('&nbsp;<span class="currency">{}</span>').format(
        currency_sign(currency, language)
    )
    return Markup('<span class="money">{}{}<span class="cents">{}</span>{}</span>').format(sign, major, rest, tail)


def decimal_text(value: Decimal | int, language: str) -> str:
    """A quantity or a rate, with no more decimals than it has."""
    group, decimal = _separators(language)
    text = f"{Decimal(value).normalize():,f}"
    return text.translate(str.maketrans({",": group, ".": decimal, "-": MINUS}))


def zone_of(country: str) -> ZoneInfo:
    """The time of day of a company's country."""
    return ZoneInfo(_ZONES.get(country, "UTC"))


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
