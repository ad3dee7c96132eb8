"""Arrows that import-linter cannot see: relations between models, by string too, and foreign keys in the database."""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import models

from architecture.filling import References
from architecture.layers import LAYERS, Layers

LIBRARY = "a library"
LIBRARY_TABLES = ("procrastinate_", "django_", "account_", "mfa_", "axes_", "auth_")
USERS = "base_user"
"""The one table of ours that a library may refer to: it is told so by AUTH_USER_MODEL."""


def upward_relations(known: Iterable[type[models.Model]], layers: Layers = LAYERS) -> list[str]:
    """Relations of models, resolved or still a string, that point to a higher context or to a stranger."""
    found = []
    for model in known:
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            remote = field.remote_field
            if remote is None:
                continue
            target: Any = remote.model
            label = target.split(".")[0] if isinstance(target, str) else target._meta.app_label
            source = model._meta.app_label
            if not _may_see(layers, source, label):
                found.append(f"{source}.{model.__name__}.{field.name} points to {label}: not below {source}")
    return found


def _may_see(layers: Layers, source: str, target: str) -> bool:
    return source in layers and target in layers and layers.may_see(source, target)


def upward_foreign_keys(connection: psycopg.Connection[Any], layers: Layers = LAYERS) -> list[str]:
    """Foreign keys that point to a higher context or a stranger, out of a library (but to users) or into one."""
    keys = connection.execute(
        """
        SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c
        JOIN pg_namespace n ON n.oid = c.connamespace
        WHERE c.contype = 'f' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
        """
    ).fetchall()
    return [
        f"{name}: {table} points to {target}"
        for name, table, target in keys
        if not (context_of(table) == LIBRARY and target == USERS)
        and not _arrow_is_right(layers, context_of(table), context_of(target))
    ]


def _arrow_is_right(layers: Layers, source: str, target: str) -> bool:
    if LIBRARY in (source, target):
        return source == target
    return _may_see(layers, source, target)


def tables_of_nobody(connection: psycopg.Connection[Any], layers: Layers = LAYERS) -> list[str]:
    """Tables whose name begins with no context of the layer list."""
    tables = connection.execute(
        """
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
        """
    ).fetchall()
    return [
        f"{table} belongs to no context" for (table,) in tables if context_of(table) not in {LIBRARY, *_all(layers)}
    ]


def _all(layers: Layers) -> set[str]:
    return {name for row in layers.rows for name in row}


def context_of(table: str) -> str:
    """`ledger` of `ledger_openitem`; of a library's table, that it is one."""
    return LIBRARY if table.startswith(LIBRARY_TABLES) else table.split("_")[0]


def targets_that_may_vanish(connection: psycopg.Connection[Any], references: References, *, role: str) -> list[str]:
    """Tables that are referred to without a foreign key although the application's role may delete from them.

    A reference that is checked once per statement, when it is written, holds only as long as nothing is deleted.
    """
    keys = {row[0] for row in connection.execute("SELECT conname FROM pg_constraint WHERE contype = 'f'")}
    without_key: dict[str, list[str]] = {}
    for table, columns in references.items():
        for column, target in columns.items():
            if f"{table}_{column}_fk" not in keys:
                without_key.setdefault(target, []).append(f"{table}.{column}")
    return [
        f"{target} may lose rows that {', '.join(referring)} refer to"
        for target, referring in sorted(without_key.items())
        if connection.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [role, target]).fetchone() != (False,)
    ]
