"""Django's entry to this context."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class PartiesConfig(AppConfig):
    """See the package."""

    name = "kvit.parties"
    label = "parties"

    @override
    def ready(self) -> None:
        import_module("kvit.parties.jobs")
