"""Stylesheets, scripts and fonts, each under a name that changes with its content, compressed once."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

LIBRARIES: Final = ("fonts/", "django_htmx/")
USED: Final = frozenset(
    {
        "fonts/LICENSE.txt",
        "fonts/SourceSansPro-Regular.ttf",
        "fonts/SourceSansPro-Semibold.ttf",
        "django_htmx/htmx-2.min.js",
    }
)
"""What the pages ask for of libraries that bring much more: to compress all of it takes a quarter of a minute."""
_MARK: Final = "prepared.txt"


def prepare() -> None:
    """Put them into `STATIC_ROOT`, below the installation's folder; a second time, with nothing new, does nothing."""
    found = dict(_found())
    ignored = [path for path, (name, _, _) in found.items() if name.startswith(LIBRARIES) and name not in USED]
    kept = sorted(each for path, each in found.items() if path not in ignored)
    told = hashlib.sha256(repr(kept).encode()).hexdigest()
    mark = settings.STATIC_ROOT / _MARK
    if mark.exists() and mark.read_text() == told:
        return
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=ignored)
    mark.write_text(told)


def _found() -> Iterator[tuple[str, tuple[str, int, str]]]:
    """Each file there is by its path below where it was found: its name, its size, when it was changed."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield path, (_name(path, storage), storage.size(path), storage.get_modified_time(path).isoformat())


def _name(path: str, storage: Any) -> str:
    prefix = getattr(storage, "prefix", None)
    return f"{prefix}/{path}" if prefix else path
