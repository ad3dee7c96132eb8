"""A command that is one call of a function of the database, which records it with its answer.

`command.records_itself` marks the command, `function` makes the function (docs/decisions/0048).
"""

from datetime import datetime
from typing import LiteralString

from django.conf import settings
from django.db.migrations import RunSQL

Row = tuple[int, str, str | None, str, str, int | None, datetime]
"""Tenant, name of the command, its key, its input as JSON, who asked, the command it is a child of, the instant."""

PLACES: LiteralString = "%s::integer, %s::text, %s::text, %s::jsonb, %s::text, %s::bigint, %s::timestamptz"
"""Where a call of the function takes a `Row`: before what is its own."""

_FUNCTION = """
CREATE FUNCTION {name}(
    tenant integer, called text, call_key text, given jsonb, asker text, cause bigint, asked_at timestamptz,
    {parameters}, OUT answer jsonb
) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    scope text := nullif(current_setting('app.tenant', true), '');
    command bigint := nextval('base_command_id_seq');
BEGIN
    IF scope <> tenant::text THEN
        RAISE EXCEPTION 'a transaction of tenant % runs no command of tenant %', scope, tenant
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'base_command_of_tenant';
    END IF;
    scope := set_config('app.tenant', tenant::text, true);
    WITH {written},
    recorded AS (
        INSERT INTO base_command (id, tenant_id, name, key, input, actor, parent_id, at, result)
        OVERRIDING SYSTEM VALUE
        SELECT command, tenant, called, call_key, given, asker, cause, asked_at, {answer} FROM {made}
        RETURNING result
    )
    SELECT recorded.result INTO answer FROM recorded;
END $$
"""


def function(name: str, parameters: str, *, written: str, answer: str, made: str) -> list[RunSQL]:
    """Make such a function, to be called by the application's role.

    `written` are parts of a WITH that write what the command writes, for `tenant`, under the id `command`, at
    `asked_at`; `answer` is made from the rows of one of them, `made`, as jsonb. The answer that is kept is given back.
    Ids are drawn here and chosen by nobody; what is written is judged by the guards of each table, as anybody's. The
    plan is made once for a connection and uses indexes however small a table was then.
    """
    created = _FUNCTION.format(name=name, parameters=parameters, written=written, answer=answer, made=made)
    return [
        RunSQL(created, f"DROP FUNCTION {name}"),
        RunSQL(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC", RunSQL.noop),
        RunSQL(f"GRANT EXECUTE ON FUNCTION {name} TO {settings.KVIT_APP_ROLE}", RunSQL.noop),
    ]
