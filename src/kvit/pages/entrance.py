"""What stands before the sign-in page: where somebody goes who has not signed in, when they should go elsewhere."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest

Door = Callable[[HttpRequest], str | None]
"""The address of a page that comes before signing in, or None where this door is not meant for the request."""

_doors: Final[list[Door]] = []


def register(door: Door) -> None:
    """Ask this one as well; surfaces do it once, at the start of the process."""
    _doors.append(door)


def door_of(request: HttpRequest) -> str | None:
    """The first address that a door gives for somebody who has not signed in."""
    return next((address for door in _doors if (address := door(request)) is not None), None)
