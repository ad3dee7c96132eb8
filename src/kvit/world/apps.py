"""Django's entry to the simulated world; installed in test mode only."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from typing_extensions import override

from kvit.pages import entrance


class WorldConfig(AppConfig):
    """The demo: in test mode its start page stands before the sign-in page."""

    name = "kvit.world"
    label = "world"

    @override
    def ready(self) -> None:
        entrance.register(_before_the_start)


def _before_the_start(request: HttpRequest) -> str | None:
    from kvit.world import days

    return reverse("demo") if request.path == reverse("start") and days.is_there() else None
