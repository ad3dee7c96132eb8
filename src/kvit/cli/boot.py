"""Start what a command needs: the database server, Django, the company it acts for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from getpass import getuser
from typing import TYPE_CHECKING

from kvit.base import database, postgres

if TYPE_CHECKING:
    from kvit.base.command import Ctx


TEST_MODE_MARK = "test-mode"


def switch_test_mode_on() -> None:
    """Make this installation one for trying out, from now on: its clock may be pushed forward.

    The mark is a file in the home folder; `KVIT_TEST_MODE=0` or removing it switches test mode off again.
    """
    home = database.home(os.environ)
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    (home / TEST_MODE_MARK).touch()


def is_for_trying_out() -> bool:
    """Whether the home carries the mark of test mode."""
    return (database.home(os.environ) / TEST_MODE_MARK).exists()


def is_embedded() -> bool:
    """Whether the database is the embedded server of the home, and not somebody's own."""
    given = os.environ.get("KVIT_DATABASE_URL", "")
    return not os.environ.get("KVIT_DATABASE_APP_URL") and (not given or bool(os.environ.get(_OURS)))


def empty_database() -> None:
    """Drop the embedded database with all that is in it, and make an empty one; connections to it are cut."""
    home = database.home(os.environ)
    with postgres.Embedded(home / "postgres").attach_or_start() as server:
        secret = os.environ.get("KVIT_SECRET_KEY") or database.kept_secret(home)
        database.make_owner(server.superuser_parameters("postgres"), dbname="kvit", secret=secret, fresh=True)


_OURS = "KVIT_DATABASE_IS_EMBEDDED"
"""Beside `KVIT_DATABASE_URL`: that it was set here."""


@contextmanager
def installation(*, migrated: bool = True) -> Iterator[None]:
    """A database that answers, and Django on top of it. Refuses `DatabaseNotReady`.

    Without `KVIT_DATABASE_URL` it is the embedded server of `KVIT_HOME`: that of a running `kvit` process,
    else one of our own, stopped at the end.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "kvit.settings"
    if is_for_trying_out():
        os.environ.setdefault("KVIT_TEST_MODE", "1")
    if os.environ.get("KVIT_DATABASE_URL") or os.environ.get("KVIT_DATABASE_APP_URL"):
        yield from _with_django(migrated)
        return
    home = database.home(os.environ)
    with postgres.Embedded(home / "postgres").attach_or_start() as server:
        secret = os.environ.get("KVIT_SECRET_KEY") or database.kept_secret(home)
        os.environ["KVIT_DATABASE_URL"] = database.make_owner(
            server.superuser_parameters("postgres"), dbname="kvit", secret=secret
        )
        os.environ[_OURS] = "1"
        try:
            yield from _with_django(migrated)
        finally:
            del os.environ["KVIT_DATABASE_URL"], os.environ[_OURS]


def _with_django(migrated: bool) -> Iterator[None]:
    import django
    from django.db import connections
    from django.db.utils import OperationalError, ProgrammingError

    django.setup()
    try:
        if migrated:
            connections["default"].cursor().execute("SELECT FROM base_tenant")
    except (OperationalError, ProgrammingError) as error:
        reason = str(error).strip().splitlines()[0]
        raise database.DatabaseNotReady(f"the database is not ready; run kvit migrate first ({reason})") from error
    try:
        yield
    finally:
        connections.close_all()


@dataclass(frozen=True)
class Edge:
    """Who acts at this command line, and for which company."""

    tenant_id: int

    def ctx(self, key: str | None = None) -> "Ctx":
        """A context of now; the actor is the operating system's user."""
        from kvit.base import clock
        from kvit.base.command import Ctx

        return Ctx(tenant_id=self.tenant_id, actor=f"cli:{getuser()}", now=clock.current().now(), key=key)

    def today(self) -> date:
        """The day where the company is."""
        from kvit.base import clock, login, tenant

        with tenant.reading(self.tenant_id):
            return login.own_day(clock.current().now())


@contextmanager
def company(code: str | None) -> Iterator[Edge]:
    """The installation, and the company with this code (or the only one). Refuses `NoSuchTenant`."""
    with installation():
        from kvit.base import login

        yield Edge(login.tenant_by_code(code or None))
