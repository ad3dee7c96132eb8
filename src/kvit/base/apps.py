"""Django's entry to the base."""

import gc
import sys

from django.apps import AppConfig
from typing_extensions import override

COLLECT_EVERY = 50_000
HAND_OVER_MICROSECONDS = 500
"""How long a thread may keep the others waiting: one that comes back from the database is to ask on soon."""


class BaseConfig(AppConfig):
    """The base of every context."""

    name = "kvit.base"
    label = "base"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Look for circles seldom: work in sets makes many objects at once, hardly any of them in circles."""
        sys.setswitchinterval(HAND_OVER_MICROSECONDS / 1_000_000)
        gc.freeze()
        gc.set_threshold(COLLECT_EVERY, 20, 20)
