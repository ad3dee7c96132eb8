"""Migration operations that put a tenant's table under row-level security and give the application its few rights.

RELIABILITY 11: policy enabled and forced, `tenant_id` first in every key, composite foreign keys, an
application role that owns nothing. The policy reads a setting local to the transaction and calls
nothing volatile.
"""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.migrations import RunSQL

OF_TENANT = "tenant_id = nullif(current_setting('app.tenant', true), '')::integer"

_OF_A_TENANT = (
    "ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_fk FOREIGN KEY (tenant_id) "
    "REFERENCES base_tenant (id) DEFERRABLE INITIALLY DEFERRED"
)


def isolate(  # noqa: PLR0913  (what a table needs is said in one place, by name)
    table: str,
    *,
    references: Mapping[str, str] | None = None,
    insert: Sequence[str] | bool = True,
    update: Sequence[str] | None = (),
    delete: bool = False,
    keyed: bool = False,
    per_statement: bool = False,
) -> list[RunSQL]:
    """Isolate one table: key `(tenant_id, id)`, policy, composite references, grants to the application role.

    `references` maps a column to the tenant table it points at. `insert` names the columns the
    application may write (True: all; False: none, rows come from triggers). A table without `update` and
    `delete` is append-only for the owner as well: triggers refuse UPDATE, DELETE and TRUNCATE; `update=None`
    says that triggers update it and the application may not. `keyed` tables brought a composite key along.
    `per_statement` checks references once per statement instead of once per row: for tables that take
    thousands of rows at a time and refer to rows that are never deleted (docs/decisions/0007).
    """
    statements = [
        *([] if keyed else [f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (tenant_id, id)"]),
        *_policy(table, OF_TENANT),
        *(
            _checked_per_statement(
                table, references or {}, later=references if set(update or ()) & set(references or {}) else None
            )
            if per_statement
            else [_reference(table, column, target) for column, target in (references or {}).items()]
        ),
        *([] if references or insert is False else [_OF_A_TENANT.format(table=table)]),
        *_grants(table, insert=insert, update=update or (), delete=delete, keyed=keyed),
    ]
    if update is not None and not update and not delete:
        statements += append_only(table)
    return [RunSQL(statement, RunSQL.noop) for statement in statements]


def isolate_reference(table: str, column: str, target: str) -> list[RunSQL]:
    """A further composite reference, nullable, that does not imply the tenant."""
    return [RunSQL(_reference(table, column, target), RunSQL.noop)]


def _reference(table: str, column: str, target: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fk FOREIGN KEY (tenant_id, {column}) "
        f"REFERENCES {target} (tenant_id, id) DEFERRABLE INITIALLY IMMEDIATE"
    )


def check_per_statement(table: str, references: Mapping[str, str], *, later: Sequence[str] = ()) -> list[RunSQL]:
    """Check references once per statement from now on, in place of the foreign keys there are.

    When a row is changed, those are looked at that may be written `later`; the others cannot change.
    """
    dropped = [f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_fk" for column in references]
    kept = {column: target for column, target in references.items() if column in later}
    statements = [*dropped, *_checked_per_statement(table, references, later=kept)]
    return [RunSQL(statement, RunSQL.noop) for statement in statements]


def _checked_per_statement(table: str, references: Mapping[str, str], *, later: Mapping[str, str] | None) -> list[str]:
    """The statements; `later` are the references that an update is asked for."""
    statements = _trigger(table, references, "INSERT", f"{table}_references")
    if later == references:
        return [*statements, *_trigger(table, references, "UPDATE", f"{table}_references")[1:]]
    return [*statements, *_trigger(table, later, "UPDATE", f"{table}_references_later")] if later else statements


def _trigger(table: str, references: Mapping[str, str], event: str, name: str) -> list[str]:
    found = "".join(
        f"""
        LEFT JOIN LATERAL (SELECT true AS found FROM {target} t
                           WHERE t.tenant_id = n.tenant_id AND t.id = n.{column} OFFSET 0) {column}_row ON true"""
        for column, target in references.items()
    )
    missing = [f"n.{column} IS NOT NULL AND {column}_row.found IS NULL" for column in references]
    named = "".join(f" WHEN {test} THEN '{column}'" for column, test in zip(references, missing, strict=True))
    function = f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    bad text;
BEGIN
    SELECT CASE{named} END INTO bad FROM inserted n{found}
        WHERE {" OR ".join(f"({test})" for test in missing)} LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '{table}.% refers to no row', bad
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{table}_' || bad || '_fk';
    END IF;
    RETURN NULL;
END $$"""
    return [
        function,
        f"CREATE TRIGGER references_{event.lower()} AFTER {event} ON {table} REFERENCING NEW TABLE AS inserted "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def isolate_tenants(table: str) -> list[RunSQL]:
    """The table of tenants itself: each sees its own row only."""
    own = OF_TENANT.replace("tenant_id =", "id =", 1)
    statements = [*_policy(table, own), *_grants(table, insert=True, update=("name",), delete=False)]
    return [RunSQL(statement, RunSQL.noop) for statement in statements]


def share(table: str, *, update: Sequence[str] = (), delete: bool = False, insert: bool = True) -> list[RunSQL]:
    """A table on the named list of those without a tenant: grants only."""
    return [RunSQL(s, RunSQL.noop) for s in _grants(table, insert=insert, update=update, delete=delete)]


def _policy(table: str, condition: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY of_tenant ON {table} USING ({condition}) WITH CHECK ({condition})",
    ]


def _grants(
    table: str, *, insert: Sequence[str] | bool, update: Sequence[str], delete: bool, keyed: bool = False
) -> list[str]:
    role = settings.KVIT_APP_ROLE
    rights = ["SELECT"]
    if insert is True:
        rights.append("INSERT")
    elif insert:
        rights.append(f"INSERT ({', '.join(insert)})")
    if update:
        rights.append(f"UPDATE ({', '.join(update)})")
    if delete:
        rights.append("DELETE")
    statements = [f"GRANT {', '.join(rights)} ON {table} TO {role}"]
    if insert and not keyed:
        statements.append(
            f"DO $$ BEGIN IF pg_get_serial_sequence('{table}', 'id') IS NOT NULL THEN EXECUTE "
            f"'GRANT USAGE ON SEQUENCE ' || pg_get_serial_sequence('{table}', 'id') || ' TO {role}'; END IF; END $$"
        )
    return statements


def append_only(table: str) -> list[str]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE to everybody, the owner included."""
    return [
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION base_append_only()",
        f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION base_append_only()",
    ]


APPEND_ONLY_FUNCTION = """
CREATE FUNCTION base_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: rows are only ever added', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$
"""
