"""Django's entry to the desk."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class DeskConfig(AppConfig):
    """What the company's own people see and do."""

    name = "kvit.desk"
    label = "desk"

    @override
    def ready(self) -> None:
        import_module("kvit.desk.first_run").register()
        import_module("kvit.desk.feeds").register()
