"""Every text of the pages in four languages: nothing missing, nothing left in English, the same placeholders."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

import catalogues
from catalogues import LANGUAGES, SOURCE

TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
THE_SAME = {
    "pl": {"Logo", "%(num)s problem", "Bank", "Format", "Menu", "Plan", "Robot", "VAT", "VAT %(rate)s%%"},
    "sv": {
        *("%(num)s passkey", "%(num)s passkeys", "Bank", "Format", "Live"),
        *("Order %(number)s", "Passkeys", "Period", "Plan"),
    },
    "ro": {
        "Logo",
        "Violet",
        "%(num)s document",
        "Document",
        "Auditor",
        "Contract",
        "Contract %(number)s",
        "Credit",
        "Debit",
        "Format",
        "Net",
        "Plan",
        "Text",
        "Total",
    },
}
"""Texts that are the same word in that language; each was looked at."""

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%")
Check = Callable[[str, Catalog], list[str]]


def _texts(catalogue: Catalog) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each message with its sources and its translations, as tuples."""
    for message in catalogue:
        if message.id:
            sources = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            yield message, tuple(sources), tuple(strings)


def gaps(language: str, catalogue: Catalog) -> list[str]:
    """Texts without a translation, or without one of the forms that the language's numbers need."""
    return [
        sources[0]
        for message, sources, strings in _texts(catalogue)
        if not all(strings) or (len(sources) > 1 and len(strings) != catalogue.num_plurals)
    ]


def left_in_english(language: str, catalogue: Catalog) -> list[str]:
    """Texts whose translation is the source, where a word of it has letters."""
    known = THE_SAME.get(language, set())
    return [
        sources[0]
        for _message, sources, strings in _texts(catalogue)
        if set(sources) & set(strings) - known and re.search(r"[^\W\d_]{2}", PLACEHOLDER.sub("", sources[0]))
    ]


def other_placeholders(language: str, catalogue: Catalog) -> list[str]:
    """Texts whose translation speaks of other things; the form for one may leave the number out."""
    found = []
    for _message, sources, strings in _texts(catalogue):
        wanted = _named(sources[-1])
        for place, string in enumerate(strings):
            may_lack = {"num"} if len(sources) > 1 and place == 0 else set()
            if not wanted - may_lack <= _named(string) <= wanted | _named(sources[0]):
                found.append(sources[0])
    return found


def _named(text: str) -> set[str]:
    return {match[1] or match[0] for match in PLACEHOLDER.finditer(text)}


CHECKS: tuple[Check, ...] = (gaps, left_in_english, other_placeholders)


class TestACatalogue:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_holds_the_texts_there_are_and_no_others(self, language: str) -> None:
        assert catalogues.path_of(language).read_text(encoding="utf-8") == catalogues.updated(
            language, catalogues.gathered()
        ), "run `make messages`"

    @pytest.mark.parametrize("language", TRANSLATED)
    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_has_no(self, check: Check, language: str) -> None:
        assert check(language, catalogues.read(language)) == []

    @pytest.mark.parametrize("language", TRANSLATED)
    def test_says_nothing_is_the_same_that_is_not(self, language: str) -> None:
        texts = {s for _m, sources, _strings in _texts(catalogues.read(language)) for s in sources}
        stale = THE_SAME[language] - texts - {"Plan", "Live"}
        assert stale == set()


class TestAFault:
    """Planted in a copy of the tree, each is found."""

    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        """The pages and their catalogues alone."""
        for part in ("pages", "locale"):
            shutil.copytree(SOURCE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "static"))
        for language in LANGUAGES:
            catalogues.path_of(language, tmp_path).write_text(
                catalogues.updated(language, catalogues.gathered(tmp_path), tmp_path), encoding="utf-8"
            )
        return tmp_path

    def test_a_new_text_is_missing(self, copy: Path) -> None:
        page = copy / "pages" / "templates" / "pages" / "nowhere.html"
        page.write_text(page.read_text() + '{{ _("A text that nobody has translated") }}')
        (copy / "pages" / "new.py").write_text('from x import gettext as _\n_("Another one")\n')
        list(catalogues.refresh(copy))
        assert gaps("pl", catalogues.read("pl", copy)) == ["A text that nobody has translated", "Another one"]

    @pytest.mark.parametrize(
        ("check", "translation"),
        [
            (gaps, ""),
            (left_in_english, "%(invoice)s is paid already."),
            (other_placeholders, "Faktura jest już zapłacona."),
            (other_placeholders, "%(faktura)s jest już zapłacona."),
            (other_placeholders, "%(invoice)s jest już w 100% zapłacona."),
        ],
    )
    def test_a_bad_translation_is_found(self, copy: Path, check: Check, translation: str) -> None:
        catalogue = catalogues.read("pl", copy)
        message = catalogue.get("%(invoice)s is paid already.")
        assert message is not None
        message.string = translation
        assert check("pl", catalogue) == ["%(invoice)s is paid already."]

    def test_a_missing_form_of_a_number_is_found(self, copy: Path) -> None:
        catalogue = catalogues.read("pl", copy)
        message = catalogue.get(("%(num)s passkey", "%(num)s passkeys"))
        assert message is not None
        message.string = ("klucz", "klucze", "")
        assert gaps("pl", catalogue) == ["%(num)s passkey"]
        message.string = ("klucz", "klucze", "kluczy")
        assert other_placeholders("pl", catalogue) == ["%(num)s passkey"] * 2
