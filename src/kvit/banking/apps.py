"""Django's entry to this context."""

from django.apps import AppConfig


class BankingConfig(AppConfig):
    """See the package."""

    name = "kvit.banking"
    label = "banking"
