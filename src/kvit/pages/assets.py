"""Stylesheets, scripts and fonts, each under a name that changes with its content, compressed once."""

from django.conf import settings
from django.core.management import call_command


def prepare() -> None:
    """Put them into `STATIC_ROOT`, below the folder of the installation; a second time takes a moment."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
