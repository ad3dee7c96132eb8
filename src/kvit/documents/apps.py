"""Django's entry to this context."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class DocumentsConfig(AppConfig):
    """See the package."""

    name = "kvit.documents"
    label = "documents"

    @override
    def ready(self) -> None:
        import_module("kvit.documents.jobs")
