"""Look at a tenant's tables from outside: what stands in them, and where a text is found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import connections
from psycopg import sql

from cast import keyed
from kvit.base import rows, tenant
from kvit.base.command import Ctx

P = ParamSpec("P")
R = TypeVar("R")


def contents(ctx: Ctx) -> dict[str, list[str]]:
    """Every row of every table the application may read, as text, by table; of this tenant where it has tenants.

    In the order of the text: without one the server gives them as its plan likes, and the plan may change in between.
    """
    every_row = sql.SQL("SELECT t::text FROM {} t ORDER BY 1")
    with tenant.scope(ctx.tenant_id):
        return {table: [row for (row,) in rows.select(every_row.format(sql.Identifier(table)))] for table in _tables()}


_OF_THE_TENANT = sql.SQL(" AND id IN (SELECT user_id FROM base_membership UNION ALL SELECT user_id FROM parties_login)")


def find(ctx: Ctx, text: str) -> list[str]:
    """Where a text stands, whatever its case: `table.column` of every text or JSON column that holds it.

    Of people who sign in, only those of this tenant count: the others' belong to none, and other tests leave some.
    """
    with tenant.scope(ctx.tenant_id):
        found = []
        for table, column in rows.select(
            """
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'character', 'jsonb', 'json')
            AND table_name = ANY(%s) ORDER BY 1, 2
            """,
            [_tables()],
        ):
            query = sql.SQL("SELECT count(*) FROM {} WHERE position(lower(%s) IN lower({}::text)) > 0")
            theirs = _OF_THE_TENANT if table == "base_user" else sql.SQL("")
            ((count,),) = rows.select(query.format(sql.Identifier(table), sql.Identifier(column)) + theirs, [text])
            if count:
                found.append(f"{table}.{column}")
    return found


def run_twice(command: Callable[Concatenate[Ctx, P], R], ctx: Ctx, /, *args: P.args, **given: P.kwargs) -> R:
    """Run a command twice under one key; the same answer, and not a single row more or other than after the first."""
    first = command(keyed(ctx, "once"), *args, **given)
    before = contents(ctx)
    assert command(keyed(ctx, "once"), *args, **given) == first
    assert contents(ctx) == before
    return first


@contextmanager
def as_owner(ctx: Ctx) -> Iterator[Any]:
    """A cursor of the tables' owner inside the tenant, on its own connection; everything is rolled back."""
    owner = connections["owner"]
    owner.set_autocommit(False)
    try:
        with owner.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(ctx.tenant_id)])
            yield cursor
    finally:
        owner.rollback()
        owner.set_autocommit(True)
        owner.close()


def _tables() -> list[str]:
    return [
        name
        for (name,) in rows.select(
            """
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
            AND c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1
            """
        )
    ]
