"""Django's entry to this context."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """See the package."""

    name = "kvit.invoicing"
    label = "invoicing"
