"""Django's entry to this context."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """See the package."""

    name = "kvit.ledger"
    label = "ledger"
