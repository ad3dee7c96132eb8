"""Tell a demo that an older Kvit made: until the first release a migration may be rewritten, and nothing shows it."""

import hashlib
import importlib.util
from pathlib import Path
from typing import ClassVar, Final

from django.apps import apps
from django.conf import settings

from kvit.cli import boot
from kvit.kernel.refusals import DomainError

FILE: Final = "demo-version"


class OlderDemo(DomainError):
    """The home holds a demo that this version cannot play on."""

    code: ClassVar[str] = "cli.older_demo"


def steps() -> frozenset[str]:
    """Each of Kvit's migrations by name and content."""
    found = set()
    for config in apps.get_app_configs():
        spec = importlib.util.find_spec(f"{config.name}.migrations") if config.name.startswith("kvit.") else None
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path in Path(folder).glob("[0-9]*.py"):
                found.add(f"{config.label}/{path.stem} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return frozenset(found)


def is_older() -> bool:
    """Whether the home's demo was made by steps that are other ones now; False where there is no demo."""
    if not boot.is_for_trying_out():
        return False
    kept = Path(settings.KVIT_HOME) / FILE
    return not kept.exists() or not set(kept.read_text(encoding="utf-8").splitlines()) <= steps()


def require_none() -> None:
    """Refuses `OlderDemo` with what to do."""
    if is_older():
        raise OlderDemo(
            f"{settings.KVIT_HOME} holds a demo that an older Kvit made, and this one cannot play it on. Wipe it with "
            "kvit wipe-demo, which asks first; or keep it, and give the new one a home of its own: "
            "KVIT_HOME=~/kvit-demo make demo"
        )


def note() -> None:
    """Write down by which steps this home's demo is made."""
    (Path(settings.KVIT_HOME) / FILE).write_text("\n".join(sorted(steps())), encoding="utf-8")
