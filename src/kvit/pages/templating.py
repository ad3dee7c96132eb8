"""The Jinja2 environment of every page: strict about names, escaping everything, in the reader's language."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from kvit.formats import qr as codes
from kvit.kernel import units
from kvit.pages import figures, kinds, live, words

SURFACES = ("desk", "portal", "world")
"""Packages with a folder `templates`: `desk/home.html` is `kvit/desk/templates/home.html`."""

QUIET = 2
"""Modules of white around a code; what it stands on is white too."""

OURS = ("pages", "account", "mfa")
"""Folders of `pages/templates`; the last two are what a library asks for by name."""


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend calls once per process."""
    loaders = {name: PackageLoader(f"kvit.{name}") for name in SURFACES} | {
        name: PackageLoader("kvit.pages", f"templates/{name}") for name in OURS
    }
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=options.get("auto_reload", False),
        loader=PrefixLoader(loaders),
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext)  # type: ignore[attr-defined]
    # The extension's own pair looks up, wraps and fills each text anew at each of a table's cells.
    made.globals |= {"_": translated, "gettext": translated}
    made.globals |= {
        "static": staticfiles_storage.url,
        "url": url,
        "money": money,
        "money_text": money_text,
        "day": day,
        "day_text": day_text,
        "moment": moment,
        "quantity": quantity,
        "unit": unit,
        "kind_name": kinds.name,
        "titled": kinds.titled,
        "country_name": country_name,
        "percent": percent,
        "price": price,
        "qr": qr,
        "new_key": new_key,
        "live": live_address,
        "language": words.current,
        "languages": words.NAMES,
    }
    return made


def url(name: str, **given: Any) -> str:
    """The address of a route."""
    if all(type(value) is int and value >= 0 for value in given.values()):
        return _address(name, tuple(given)).format(*given.values())
    return reverse(name, kwargs=given)


@cache
def _address(name: str, keys: tuple[str, ...]) -> str:
    """The address with `{0}` for each of its whole numbers, for Django takes its time, and a table has many rows."""
    stand_ins = {key: 10**12 + place for place, key in enumerate(keys)}
    address = reverse(name, kwargs=stand_ins or None).replace("{", "{{").replace("}", "}}")
    for place, number in enumerate(stand_ins.values()):
        address = address.replace(str(number), f"{{{place}}}")
    return address


def money(minor: int, currency: str, *, bare: bool = False) -> Markup:
    """An amount of minor units, as HTML."""
    return figures.money(minor, currency, words.current(), bare=bare)


def money_text(minor: int, currency: str, *, bare: bool = False) -> str:
    """An amount of minor units, as plain text."""
    return figures.money_text(minor, currency, words.current(), bare=bare)


def day(value: date, style: Any = "medium") -> Markup:
    """A day as `<time>`; styles are short, medium, long."""
    return _day(value, words.current(), style)


@lru_cache(4096)
def _day(value: date, language: str, style: Any) -> Markup:
    text = figures.day_text(value, language, style)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def translated(message: str, **given: Any) -> Markup:
    """The text in the reader's language with its placeholders filled and escaped; found once where it has none."""
    return _filled(message, given) if given else _plain(message, words.current())


def _filled(message: str, given: Mapping[str, Any]) -> Markup:
    return Markup(words.gettext(message)) % given  # noqa: S704


@cache
def _plain(message: str, language: str) -> Markup:
    with words.reading(language):
        return _filled(message, {})


def day_text(value: date, style: Any = "medium") -> str:
    """A day as plain text."""
    return figures.day_text(value, words.current(), style)


def moment(at: datetime, zone: ZoneInfo) -> Markup:
    """An instant as `<time>`, in a zone: `who.zone`."""
    text = figures.moment_text(at, words.current(), zone)
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), text)


def quantity(value: Decimal | int) -> str:
    """A number that is no amount."""
    return figures.decimal_text(value, words.current())


def unit(code: str) -> str:
    """The word for a unit of measure."""
    return units.word(code, words.current())


def country_name(country: str) -> str:
    """A country by name."""
    return figures.country_name(country, words.current())


def percent(value: Decimal | int) -> str:
    """A rate in per cent."""
    return figures.percent_text(value, words.current())


def price(value: Decimal, currency: str) -> str:
    """A price per unit, bare."""
    return figures.price_text(value, currency, words.current())


def qr(content: str, label: str) -> Markup:
    """A QR code as inline SVG, black on white in every theme, for scanners need it so (ISO/IEC 18004)."""
    return Markup('<div class="qr" role="img" aria-label="{}">{}</div>').format(label, _squares(content))


@lru_cache(512)
def _squares(content: str) -> Markup:
    """The code itself: by far the dearest thing on a page, and the same until the amount changes."""
    code = codes.code(content)
    return Markup(  # noqa: S704
        f'<svg viewBox="{-QUIET} {-QUIET} {code.size + 2 * QUIET} {code.size + 2 * QUIET}"><path fill="#fff" '
        f'd="M{-QUIET} {-QUIET}h{code.size + 2 * QUIET}v{code.size + 2 * QUIET}h{-code.size - 2 * QUIET}z"/>'
        f'<path fill-rule="evenodd" d="{code.path}"/></svg>'
    )


def live_address(feed: str, token: str) -> str:
    """Where a live fragment listens."""
    return live.address(feed, token)


def new_key() -> str:
    """An idempotency key for a form: sent twice, it acts once."""
    return secrets.token_urlsafe(16)
