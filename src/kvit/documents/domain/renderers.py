"""What draws in this process; said once at start by the jobs, so that pages can show how documents will look."""

from kvit.documents.domain.ports import Renderer

_known: list[Renderer] = []


def use(renderer: Renderer) -> None:
    """Draw by this from now on."""
    _known[:] = [renderer]


def current() -> Renderer:
    """What draws here."""
    return _known[0]
