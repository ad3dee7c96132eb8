"""Set-based SQL: many rows in one statement, answers as plain tuples."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

_CURSOR = "kvit_cursor"
_QUOTED = frozenset({"text", "jsonb", "timestamptz"})
_BETWEEN = "\x1f"
_MANY = 50
Query = LiteralString | sql.SQL | sql.Composed
Columns = Mapping[str, tuple[LiteralString, Sequence[Any]]]
"""Column name → (PostgreSQL type, one value per row)."""


def select(query: Query, params: Sequence[Any] | Mapping[str, Any] = (), *, binary: bool = False) -> list[Any]:
    """All rows of a statement that gives rows, as tuples in the order of its columns.

    `binary` for long values of bytes: spelled out they are twice as long, and stand in memory several times over.
    """
    return _executed(query, params, binary=binary).fetchall()


def run(query: Query, params: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Execute a statement; how many rows it touched."""
    return _executed(query, params).rowcount


def _executed(query: Query, params: Sequence[Any] | Mapping[str, Any], *, binary: bool = False) -> psycopg.Cursor[Any]:
    """Django's connection and its errors, without its cursor's wrappers: they cost as much as the driver itself.

    One cursor per connection: a page asks some twenty times, what a statement gives is always read at once, and a
    new cursor costs a third of the statement.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()  # before a request's first statement: the server may be a new one
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        cursor: psycopg.Cursor[Any] | None = vars(database).get(_CURSOR)
        if cursor is None or cursor.connection is not database.connection:
            cursor = database.connection.cursor()
            setattr(database, _CURSOR, cursor)
        return cursor.execute(query, _spelled(params), binary=binary)


def _spelled(params: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
    """Long lists of whole numbers as the literals of arrays, which the driver would quote one by one."""
    if isinstance(params, Mapping):
        return {name: _numbers(value) for name, value in params.items()}
    return [_numbers(value) for value in params]


def _numbers(value: Any) -> Any:
    if type(value) is list and len(value) >= _MANY and all(type(one) is int for one in value):
        return array("bigint", value)
    return value


def insert(table: str, columns: Columns, *, tail: LiteralString = "") -> list[Any]:
    """Insert a set of rows by one `INSERT … SELECT FROM unnest(…)`; `tail` may add `ON CONFLICT … RETURNING …`.

    PostgreSQL refuses COPY into a table under row-level security; arrays sent in one statement come near to
    COPY by way of a temporary table, and leave none behind (docs/decisions/0003).
    """
    types = tuple((name, kind) for name, (kind, _) in columns.items())
    statement = _insert_statement(table, types, tail)
    arrays = [array(kind, values) for kind, values in columns.values()]
    if "RETURNING" in tail:
        return select(statement, arrays)
    run(statement, arrays)
    return []


def array(kind: str, values: Sequence[Any]) -> str:
    """The literal of a PostgreSQL array, to be cast to `kind[]`; None is NULL.

    The driver quotes each element by regular expressions; `python -m benchmarks sets` compares the two
    (docs/decisions/0003).
    """
    spelled = _quoted if kind in _QUOTED else _bare
    if kind != "numeric" and len(values) > 1 and values[0] == values[-1] and values.count(values[0]) == len(values):
        return "{" + ",".join([spelled(values[:1])] * len(values)) + "}"  # one tenant, one command, one instant
    return "{" + spelled(values) + "}"


def _bare(values: Sequence[Any]) -> str:
    joined = ",".join(map(str, values))
    return joined.replace("None", "NULL") if "None" in joined else joined


def _quoted(values: Sequence[Any]) -> str:
    """All at once, by way of a character that none of them holds; one by one where there is none such, or a None."""
    try:
        joined = _BETWEEN.join(values)
    except TypeError:
        return ",".join(["NULL" if v is None else _quoted([str(v)]) for v in values])
    if joined.count(_BETWEEN) != len(values) - 1:
        return ",".join([_escaped(f'"{v}"') for v in values]) if values else ""
    return _escaped(f'"{joined}"').replace(_BETWEEN, '","')


def _escaped(quoted: str) -> str:
    """Quotes and backslashes inside the outer quotes, with a backslash before them."""
    inner = quoted[1:-1]
    if "\\" in inner or '"' in inner:
        return '"' + inner.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return quoted


@functools.cache
def _insert_statement(table: str, types: tuple[tuple[str, LiteralString], ...], tail: LiteralString) -> sql.SQL:
    statement = sql.SQL("INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {tail}").format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(sql.Identifier(name) for name, _ in types),
        arrays=sql.SQL(", ").join(sql.SQL("%s::" + kind + "[]") for _, kind in types),
        tail=sql.SQL(tail),
    )
    return sql.SQL(statement.as_string())


def looked_up(table: LiteralString, condition: LiteralString, *, kind: LiteralString = "bigint") -> LiteralString:
    """A FROM clause that gives the rows `i` of a table, looked up by index once per distinct `%(wanted)s`.

    `condition` compares columns with `wanted.value`. A join would leave the way to the planner, which knows
    nothing of a table that grew a thousandfold since it was last looked at.
    """
    return (
        "FROM (SELECT DISTINCT unnest(%(wanted)s::" + kind + "[]) AS value) wanted "
        "CROSS JOIN LATERAL (SELECT * FROM " + table + " WHERE " + condition + " OFFSET 0) i "
    )


def next_ids(table: str, count: int) -> list[int]:
    """Draw ids for rows that are written later in the same transaction, in rising order."""
    drawn = select("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [f"{table}_id_seq", count])
    return [row[0] for row in drawn]


def violated(error: Exception) -> str:
    """The name of the constraint a database error is about, or an empty string."""
    diagnostic = getattr(error.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""


def null_in(error: Exception) -> str:
    """The column that a database error says must not be null, or an empty string."""
    diagnostic = getattr(error.__cause__, "diag", None)
    found = diagnostic.column_name if diagnostic is not None and diagnostic.sqlstate == "23502" else None
    return found or ""
