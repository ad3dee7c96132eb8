"""Django's entry to this context."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class BankingConfig(AppConfig):
    """See the package."""

    name = "kvit.banking"
    label = "banking"

    @override
    def ready(self) -> None:
        import_module("kvit.banking.jobs")
