"""Set-based SQL: many rows in one statement, answers as plain tuples."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from django.db import connection
from psycopg import sql

Columns = Mapping[str, tuple[str, Sequence[Any]]]
"""Column name → (PostgreSQL type, one value per row)."""


def select(query: LiteralString | sql.Composable, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """All rows of a statement, as tuples in the order of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall() if cursor.description else []


def run(query: LiteralString | sql.Composable, params: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Execute a statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return int(cursor.rowcount)


def insert(table: str, columns: Columns, *, tail: LiteralString = "") -> list[Any]:
    """Insert a set of rows by one `INSERT … SELECT FROM unnest(…)`; `tail` may add `ON CONFLICT … RETURNING …`.

    PostgreSQL refuses COPY into a table under row-level security; arrays sent in one statement are the
    next fastest and leave no temporary tables behind (docs/decisions/0003).
    """
    statement = sql.SQL("INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {tail}").format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        arrays=sql.SQL(", ").join(sql.SQL("%s::" + kind + "[]") for kind, _ in columns.values()),
        tail=sql.SQL(tail),
    )
    return select(statement, [list(values) for _, values in columns.values()])


def next_ids(table: str, count: int) -> list[int]:
    """Draw ids for rows that are written later in the same transaction, in rising order."""
    drawn = select("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
    return [row[0] for row in drawn]


def violated(error: Exception) -> str:
    """The name of the constraint a database error is about, or an empty string."""
    diagnostic = getattr(error.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""
