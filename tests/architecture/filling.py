"""Put a row into every table of tenants there is, count what a role sees of them, and try references that must fail."""

from collections.abc import Iterable, Mapping

import psycopg
from django.db import models
from psycopg import sql

from architecture.catalogue import TENANTS, Connection, tenant_column, tenant_tables
from kvit.base.models import TenantKey

CANDIDATES = ("1", "2026-03-02", "true", "{}", "empty", "00000000-0000-0000-0000-000000000000", "x")
NOBODY = 999_999_999

References = Mapping[str, Mapping[str, str]]
"""Table → column → table it refers to."""


def references_of(known: Iterable[type[models.Model]]) -> References:
    """Every reference within a tenant, as the models declare it."""
    found: dict[str, dict[str, str]] = {}
    for model in known:
        for field in model._meta.local_fields:
            if isinstance(field, TenantKey):
                found.setdefault(model._meta.db_table, {})[field.column] = field.related_model._meta.db_table
    return found


def fill_every_table(connection: Connection, references: References, *, tenants: Mapping[int, int]) -> None:
    """As the owner, a row in each table for each tenant; `tenants` maps it to the id of all its rows.

    All rows of a tenant refer to each other, so that every key within the tenant holds. Checks, triggers and
    keys to tables without a tenant, which would ask for sensible rows, are taken off first; policies stay.
    In a transaction that is rolled back afterwards.
    """
    tables = tenant_tables(connection)
    for oid, name in tables:
        _make_lenient(connection, oid, name)
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    for tenant_id, number in tenants.items():
        connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant_id)])
        for oid, name in tables:
            _insert(connection, name, _row(connection, oid, name, references, tenant_id=tenant_id, number=number))
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.execute("SELECT set_config('app.tenant', '', true)")


def _make_lenient(connection: Connection, oid: int, name: str) -> None:
    connection.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    for (constraint,) in connection.execute(
        """
        SELECT conname FROM pg_constraint WHERE conrelid = %s
        AND (contype IN ('c', 'x') OR (contype = 'f' AND NOT confrelid = ANY(%s)) OR (contype = 'u' AND %s))
        """,
        [oid, [table for table, _ in tenant_tables(connection)], name == TENANTS],
    ).fetchall():
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.SQL(name), sql.Identifier(constraint))
        )


def _row(
    connection: Connection, oid: int, name: str, references: References, *, tenant_id: int, number: int
) -> dict[str, str]:
    """Something that fits for every column that must not be empty and has no default."""
    columns = connection.execute(
        """
        SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
          AND (attname = 'id' OR (attnotnull AND NOT atthasdef AND attidentity = ''))
        """,
        [oid],
    ).fetchall()
    values = {column: str(number) if column == "id" else _fitting(connection, kind) for column, kind in columns}
    referring = {column: str(number) for column in references.get(name, ()) if column in values}
    return values | referring | {tenant_column(name): str(tenant_id)}


def _fitting(connection: Connection, kind: str) -> str:
    for candidate in CANDIDATES:
        try:
            with connection.transaction():
                connection.execute(f"SELECT '{candidate}'::{kind}")
            return candidate
        except (psycopg.DataError, psycopg.ProgrammingError):
            continue
    raise LookupError(f"no candidate fits the type {kind}")


def _insert(connection: Connection, name: str, values: Mapping[str, str]) -> None:
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.SQL(name),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Literal, values.values())),
        )
    )


def seen(connection: Connection, *, role: str, tenant: str | None) -> dict[str, int]:
    """How many rows of each table of tenants a role sees that may read it; tenant None leaves the setting alone."""
    found: dict[str, int] = {}
    with connection.transaction(force_rollback=True):
        if tenant is not None:
            connection.execute("SELECT set_config('app.tenant', %s, true)", [tenant])
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        for oid, name in tenant_tables(connection):
            ((may_read,),) = connection.execute("SELECT has_table_privilege(%s, 'SELECT')", [oid])
            if may_read:
                ((count,),) = connection.execute(f"SELECT count(*) FROM {name}")
                found[name] = count
    return found


def references_not_checked(
    connection: Connection, references: References, *, tenants: Mapping[int, int]
) -> list[tuple[str, str]]:
    """(table, column) of references that take a row of another tenant, or of nobody; by trying, in filled tables.

    Foreign keys and triggers that check once per statement are equally good. One that refuses even the right
    row (other than of the table itself) is a fault of this check, and raises.
    """
    (tenant_id, number), (_, foreign) = tenants.items()
    for oid, name in tenant_tables(connection):
        for (trigger,) in connection.execute(
            """
            SELECT tgname FROM pg_trigger
            WHERE tgrelid = %s AND NOT tgisinternal AND starts_with(tgname, 'references_')
            """,
            [oid],
        ).fetchall():
            connection.execute(
                sql.SQL("ALTER TABLE {} ENABLE TRIGGER {}").format(sql.SQL(name), sql.Identifier(trigger))
            )
    connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant_id)])
    oids = {name: oid for oid, name in tenant_tables(connection)}
    found = []
    for name, columns in sorted(references.items()):
        row = _row(connection, oids[name], name, references, tenant_id=tenant_id, number=number)
        for column, target in columns.items():
            if target != name and not _takes(connection, name, column, row | {column: str(number)}):
                raise RuntimeError(f"{name}.{column} refuses a row of its own tenant")
            if any(_takes(connection, name, column, row | {column: str(wrong)}) for wrong in (foreign, NOBODY)):
                found.append((name, column))
    return found


def _takes(connection: Connection, name: str, column: str, row: Mapping[str, str]) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET CONSTRAINTS ALL DEFERRED")
            connection.execute(f"DELETE FROM {name}")  # nothing to collide with: the policy spares other tenants
            _insert(connection, name, row)
            constraint = f"{name}_{column}_fk"
            if connection.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [constraint]).fetchone():
                connection.execute(sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(sql.Identifier(constraint)))
    except psycopg.errors.ForeignKeyViolation:
        return False
    return True
