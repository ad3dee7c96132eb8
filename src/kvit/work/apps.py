"""Django's entry to this context."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """See the package."""

    name = "kvit.work"
    label = "work"
