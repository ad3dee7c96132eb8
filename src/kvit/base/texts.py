"""The catalogues of texts, one per language, for pages and for documents."""

import gettext as stdlib
import io
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages import mofile, pofile

CATALOGUES: Final = Path(__file__).parent.parent / "locale"


@cache
def catalogue(language: str) -> stdlib.NullTranslations:
    """The texts of a language; compiled in memory, so that none is ever older than its source.

    Fuzzy entries are guesses of a tool and are not used.
    """
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return stdlib.NullTranslations()
    with path.open("rb") as file:
        read = pofile.read_po(file, locale=language)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, read)
    compiled.seek(0)
    return stdlib.GNUTranslations(compiled)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for it, known to every extractor)
    """Mark a text for the catalogues without looking it up."""
    return message
