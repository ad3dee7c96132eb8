"""Django's entry to the pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The design system, its stylesheets and scripts."""

    name = "kvit.pages"
    label = "pages"
