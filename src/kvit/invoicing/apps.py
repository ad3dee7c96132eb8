"""Django's entry to this context."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class InvoicingConfig(AppConfig):
    """See the package."""

    name = "kvit.invoicing"
    label = "invoicing"

    @override
    def ready(self) -> None:
        import_module("kvit.invoicing.jobs")
