"""Put a row into every table of tenants there is, and count what a role sees of them."""

import psycopg
from psycopg import sql

from architecture.catalogue import Connection, tenant_column, tenant_tables

CANDIDATES = ("1", "2026-03-02", "true", "{}", "empty", "00000000-0000-0000-0000-000000000000", "x")


def fill_every_table(connection: Connection, *, tenant_id: int) -> None:
    """As the owner, one row for this tenant in each table; in a transaction that is rolled back afterwards.

    Constraints and triggers that would ask for sensible rows are taken off first; policies stay.
    """
    for oid, name in tenant_tables(connection):
        table = sql.SQL(name)  # as regclass wrote it
        _make_lenient(connection, oid, table)
        values = _values(connection, oid) | {tenant_column(name): str(tenant_id)}
        connection.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(table))
        connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                table,
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join(map(sql.Literal, values.values())),
            )
        )
        connection.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table))


def _make_lenient(connection: Connection, oid: int, table: sql.Composable) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
    for (constraint,) in connection.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s AND contype IN ('c', 'f', 'x')", [oid]
    ).fetchall():
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, sql.Identifier(constraint)))


def _values(connection: Connection, oid: int) -> dict[str, str]:
    """Something that fits for every column that must not be empty and has no default."""
    columns = connection.execute(
        """
        SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef
          AND attidentity = '' AND attgenerated = ''
        """,
        [oid],
    ).fetchall()
    return {name: _fitting(connection, kind) for name, kind in columns}


def _fitting(connection: Connection, kind: str) -> str:
    for candidate in CANDIDATES:
        try:
            with connection.transaction():
                connection.execute(f"SELECT '{candidate}'::{kind}")
            return candidate
        except (psycopg.DataError, psycopg.ProgrammingError):
            continue
    raise LookupError(f"no candidate fits the type {kind}")


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
