"""Django's entry to the portal."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class PortalConfig(AppConfig):
    """What customers see: sign-in, balance, invoices, and the live invoice."""

    name = "kvit.portal"
    label = "portal"

    @override
    def ready(self) -> None:
        import_module("kvit.portal.feeds").register()
