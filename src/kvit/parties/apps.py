"""Django's entry to this context."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """See the package."""

    name = "kvit.parties"
    label = "parties"
