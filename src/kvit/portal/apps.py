"""Django's entry to the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What customers see: sign-in, balance, invoices, and the live invoice."""

    name = "kvit.portal"
    label = "portal"
