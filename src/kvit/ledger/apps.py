"""Django's entry to this context."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class LedgerConfig(AppConfig):
    """See the package."""

    name = "kvit.ledger"
    label = "ledger"

    @override
    def ready(self) -> None:
        import_module("kvit.ledger.jobs")
