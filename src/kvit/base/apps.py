"""Django's entry to the base."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """The base of every context."""

    name = "kvit.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"
