"""Wipe the demo: an empty database in place of the simulated companies, and test mode at its end."""

import os
import shutil
from pathlib import Path
from typing import ClassVar, Final

from django.conf import settings
from django.db import connections

from kvit.base import database
from kvit.base.migrate import migrate
from kvit.cli import boot
from kvit.cli.actions import older
from kvit.kernel.refusals import DomainError
from kvit.world import days
from kvit.world.pages import wiping

ANSWER_SECONDS: Final = 1
"""So long a page has for its answer before the web process is stopped."""


class NotADemo(DomainError):
    """Only an installation for trying out is wiped; one at work never is."""

    code: ClassVar[str] = "cli.not_a_demo"


class NotOurs(DomainError):
    """The demo lies on a database server that is not Kvit's own."""

    code: ClassVar[str] = "cli.not_our_server"


def _wish() -> Path:
    return Path(settings.KVIT_HOME) / wiping.WISH


def is_wished() -> bool:
    """Whether a page has asked for it."""
    return _wish().exists()


def forget_wish() -> None:
    """Take back what was asked of a supervisor that is gone."""
    _wish().unlink(missing_ok=True)


def require_demo() -> None:
    """Refuses `NotADemo` and `NotOurs`, each with what to do."""
    if not boot.is_for_trying_out():
        raise NotADemo(f"{settings.KVIT_HOME} holds no demo; companies at work are never wiped")
    if not boot.is_embedded():
        raise NotOurs("the demo lies on a server of your own: make an empty database there, and name it instead")


def wipe() -> None:
    """Drop the demo, the banks' files and the mark of test mode; repeatable after a crash at any point.

    The wish goes last: whoever starts next finds either the demo or an empty installation. Refuses `NotADemo`,
    `NotOurs`.
    """
    require_demo()
    connections.close_all()
    boot.empty_database()
    migrate()
    connections.close_all()
    home = Path(settings.KVIT_HOME)
    shutil.rmtree(home / days.FOLDER, ignore_errors=True)
    for file in (older.FILE, boot.TEST_MODE_MARK):
        (home / file).unlink(missing_ok=True)
    os.environ["KVIT_TEST_MODE"] = "0"
    forget_wish()


def losses() -> str:
    """What would be lost, in one sentence."""
    if older.is_older():
        return f"{database.home(os.environ)}: a demo of an older Kvit, with all that is in it"
    migrate()
    found = wiping.losses()
    named = ", ".join(found.companies) or "no simulated company"
    beside = f", {found.others} companies of your own beside them" if found.others else ""
    return (
        f"{database.home(os.environ)}: {named}{beside}, {found.documents} documents, {found.payments} payments, "
        "everybody who can sign in"
    )
