"""Django's entry to the base."""

import gc

from django.apps import AppConfig
from typing_extensions import override

COLLECT_EVERY = 50_000


class BaseConfig(AppConfig):
    """The base of every context."""

    name = "kvit.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Look for circles seldom: work in sets makes many objects at once, hardly any of them in circles."""
        gc.freeze()
        gc.set_threshold(COLLECT_EVERY, 20, 20)
