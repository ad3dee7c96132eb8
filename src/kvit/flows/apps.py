"""Django's entry to the flows: registers every subscription at start."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override

FLOWS = (
    "books",
    "claims",
    "documents",
    "estimates",
    "founding",
    "letters",
    "matching",
    "payees",
    "previews",
    "verification",
)


class FlowsConfig(AppConfig):
    """Where strangers meet."""

    name = "kvit.flows"
    label = "flows"

    @override
    def ready(self) -> None:
        for name in FLOWS:
            import_module(f"kvit.flows.{name}")
