"""Django's entry to the desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What the company's own people see and do."""

    name = "kvit.desk"
    label = "desk"
