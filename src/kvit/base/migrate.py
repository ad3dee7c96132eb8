"""Bring the database up to date: roles, migrations by the owner, and the queue's grants."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.state import ProjectState
from django.db.utils import OperationalError
from psycopg import sql

from kvit.base import database

ATTEMPTS = 30
QUEUE_TABLES = (
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)


def migrate(*, verbosity: int = 0) -> None:
    """Make the roles, run what migrations are missing as the owner, let the application use the queue.

    A migration that waits for a lock gives up after two seconds and tries again, so that running work never
    queues up behind it (RELIABILITY 20). Refuses `DatabaseNotReady`.
    """
    if "owner" not in connections:
        raise database.DatabaseNotReady("set KVIT_DATABASE_URL to the owner of the database; only `migrate` needs it")
    owner = connections["owner"].get_connection_params()
    try:
        database.make_roles(
            {key: owner[key] for key in ("host", "port", "user", "password", "dbname") if owner.get(key)},
            app_role=settings.KVIT_APP_ROLE,
            resolver_role=settings.KVIT_RESOLVER_ROLE,
            app_password=settings.DATABASES["default"]["PASSWORD"],
        )
    except psycopg.OperationalError as error:
        raise database.DatabaseNotReady(f"the database does not answer: {str(error).splitlines()[0]}") from error
    for attempt in range(ATTEMPTS):
        try:
            with _each_model_alone():
                call_command("migrate", database="owner", verbosity=verbosity, interactive=False)
            break
        except OperationalError as error:
            if attempt == ATTEMPTS - 1 or getattr(error.__cause__, "sqlstate", None) != "55P03":
                raise
            time.sleep(min(0.1 * 2**attempt, 5))
    _grant_queue()
    connections["owner"].close()


@contextmanager
def _each_model_alone() -> Iterator[None]:
    """Let Django make the class of a changed model anew, and not of all that are related to it.

    Every table refers to the tenant, so all of them were related, and a new installation spent most of its time on
    classes that nobody looked at (docs/decisions/0045). A test compares the database with what Django alone makes.
    """
    usual = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = lambda self, app, name, delay=False: {(app, name)}  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = usual  # type: ignore[attr-defined]


def _grant_queue() -> None:
    """The queue is a library's table without a tenant; the application's role works in it."""
    role = sql.Identifier(settings.KVIT_APP_ROLE)
    with connections["owner"].cursor() as cursor:
        for table in QUEUE_TABLES:
            cursor.execute(
                sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(sql.Identifier(table), role)
            )
        cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
