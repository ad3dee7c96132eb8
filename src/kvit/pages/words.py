"""The language of the reader: which one it is, and the catalogues of texts in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.utils import translation
from django.utils.functional import lazy as _lazy

from kvit.base.texts import N_, catalogue
from kvit.kernel.figures import LANGUAGES

__all__ = [
    "NAMES",
    "N_",
    "OF_COUNTRY",
    "accepted",
    "catalogue",
    "chosen",
    "current",
    "gettext",
    "lazy_gettext",
    "ngettext",
    "pgettext",
    "reading",
]

OF_COUNTRY: Final = {"PL": "pl", "SE": "sv", "RO": "ro"}
NAMES: Final = {"en": "English", "pl": "Polski", "sv": "Svenska", "ro": "Română"}

_current: ContextVar[str] = ContextVar("kvit_language", default="en")


def current() -> str:
    """One of `LANGUAGES`."""
    return _current.get()


@contextmanager
def reading(language: str) -> Iterator[None]:
    """Everything inside is written in this language, by Django's own texts too."""
    token = _current.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _current.reset(token)


def gettext(message: str) -> str:
    """The text in the reader's language; placeholders are `%(name)s`, filled by the caller."""
    return catalogue(current()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The text in the form that goes with the number: Polish and Romanian have three."""
    return catalogue(current()).ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    """The text as it is said in a context, where one English word has two translations."""
    return catalogue(current()).pgettext(context, message)


_ = gettext
lazy_gettext = _lazy(gettext, str)
"""A text that is looked up when it is shown: for what is written down at import."""


def chosen(*wishes: str | None) -> str:
    """The first wish that is a language we have; English if none is."""
    return next((wish for wish in wishes if wish in LANGUAGES), "en")


def accepted(header: str) -> str | None:
    """The first language we have of an Accept-Language header (RFC 9110 12.5.4), by its weights; None if none.

    Moldovan is Romanian.
    """
    wanted: list[tuple[int, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _semicolon, weight = part.strip().partition(";")
        code = tag.split("-")[0].strip().lower()
        thousandths = _thousandths(weight.strip())
        if thousandths:
            wanted.append((-thousandths, place, {"mo": "ro"}.get(code, code)))
    return next((code for _weight, _place, code in sorted(wanted) if code in LANGUAGES), None)


def _thousandths(weight: str) -> int:
    """`q=0.8` as 800; nothing said is 1000; what is no weight is 0."""
    if not weight:
        return 1000
    name, _equals, value = weight.partition("=")
    whole, _point, rest = value.partition(".")
    if name.strip() != "q" or not (whole + rest).isdigit():
        return 0
    return min(1000, int(whole or "0") * 1000 + int((rest + "000")[:3]))
