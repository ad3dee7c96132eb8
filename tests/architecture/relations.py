"""Arrows that import-linter cannot see: relations between models, by string too, and foreign keys in the database."""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import models

from architecture.layers import LAYERS, Layers
from kvit.base.models import TenantKey

LIBRARY = "a library"
LIBRARY_TABLES = ("procrastinate_", "django_")


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
    """Foreign keys of the database that point to a higher context or to a stranger, or out of or into a library."""
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
        if not _arrow_is_right(layers, context_of(table), context_of(target))
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


def references_without_key(
    connection: psycopg.Connection[Any], known: Iterable[type[models.Model]]
) -> list[tuple[str, str]]:
    """(table, column) of every `TenantKey` that the database does not know as `(tenant_id, x_id) → (tenant_id, id)`.

    Django makes no constraint for a `TenantKey`: `isolate(references=…)` must, and is easily forgotten.
    """
    keys = connection.execute(
        """
        SELECT c.conrelid::regclass::text, c.confrelid::regclass::text,
               array(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, i)
                     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i),
               array(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, i)
                     JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i)
        FROM pg_constraint c WHERE c.contype = 'f' AND c.convalidated
        """
    ).fetchall()
    present = {(table, target, tuple(columns), tuple(targets)) for table, target, columns, targets in keys}
    return sorted(
        (model._meta.db_table, field.column)
        for model in known
        for field in model._meta.local_fields
        if isinstance(field, TenantKey)
        and (
            model._meta.db_table,
            field.related_model._meta.db_table,
            ("tenant_id", field.column),
            ("tenant_id", "id"),
        )
        not in present
    )
