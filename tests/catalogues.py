"""Texts of the pages and their translations: gather them from code and templates, keep the catalogues in step.

`make messages` runs this: new texts appear in every catalogue, to be translated; texts that are gone go.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural

SOURCE = Path(__file__).parent.parent / "src" / "kvit"
LANGUAGES = ("en", "pl", "sv", "ro")
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def path_of(language: str, source: Path = SOURCE) -> Path:
    """Where a catalogue lies."""
    return source / "locale" / language / "LC_MESSAGES" / "messages.po"


def gathered(source: Path = SOURCE) -> Catalog:
    """Every text of the code and the templates."""
    found = Catalog(charset="utf-8")
    for _file, _line, message, _comments, context in extract_from_dir(
        source, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
    ):
        found.add(message, context=context)
    return found


def read(language: str, source: Path = SOURCE) -> Catalog:
    """A catalogue as it lies there."""
    path = path_of(language, source)
    with BytesIO(path.read_bytes() if path.exists() else b"") as file:
        return pofile.read_po(file, locale=language, charset="utf-8")


def updated(language: str, template: Catalog, source: Path = SOURCE) -> str:
    """The catalogue with the texts of the template, old translations kept; without dates and places, so that two
    branches merge easily."""
    catalogue = read(language, source)
    catalogue.update(template, no_fuzzy_matching=True)
    written = BytesIO()
    pofile.write_po(
        written, catalogue, width=120, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True
    )
    number, formula = get_plural(language).num_plurals, get_plural(language).plural_expr
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {language}\\n"\n"Plural-Forms: nplurals={number}; plural={formula};\\n"\n\n'
    )
    return header + written.getvalue().decode().rstrip("\n") + "\n"


def refresh(source: Path = SOURCE) -> Iterator[str]:
    """Bring every catalogue up to date; one sentence about each."""
    template = gathered(source)
    for language in LANGUAGES:
        path = path_of(language, source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(updated(language, template, source), encoding="utf-8")
        missing = sum(1 for m in read(language, source) if m.id and language != "en" and not _is_whole(m.string))
        yield f"{language}: {len(template)} texts, {missing} to translate"


def _is_whole(string: str | tuple[str, ...]) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


if __name__ == "__main__":
    for sentence in refresh():
        print(sentence)
