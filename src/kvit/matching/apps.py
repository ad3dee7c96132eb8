"""Django's entry to this context."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """See the package."""

    name = "kvit.matching"
    label = "matching"
