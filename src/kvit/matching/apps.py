"""Django's entry to this context."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class MatchingConfig(AppConfig):
    """See the package."""

    name = "kvit.matching"
    label = "matching"

    @override
    def ready(self) -> None:
        import_module("kvit.matching.jobs")
