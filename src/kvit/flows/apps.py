"""Django's entry to this context."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """See the package."""

    name = "kvit.flows"
    label = "flows"
