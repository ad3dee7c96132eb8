"""What PostgreSQL's catalogue says about tenants, keys, rights and functions, against RELIABILITY 11.

Every check takes a connection (the owner's, so that planted faults can be rolled back) and gives a list of
sentences, empty if all is well.
"""

from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

TENANTLESS = {
    "base_user": "a person may work for several tenants",
    "base_clockoffset": "the clock of test mode is one for all",
    "django_migrations": "the database's own history",
    "django_cache": "how often somebody has tried something, before a tenant is known",
    "django_session": "begins before anybody has signed in",
    "account_emailaddress": "an address signs in before a tenant is known",
    "account_emailconfirmation": "as the address it confirms; not used, and not granted",
    "mfa_authenticator": "a person's second factor, whatever tenant they go to",
    "axes_accessattempt": "tries to sign in, before a tenant is known",
    "axes_accessattemptexpiration": "until when such tries count",
    "axes_accessfailurelog": "tries to sign in that failed",
    "axes_accesslog": "who signed in when",
    "auth_group": "Django's own rights; not used, and not granted",
    "auth_group_permissions": "Django's own rights; not used, and not granted",
    "auth_permission": "Django's own rights; not used, and not granted",
    "django_content_type": "Django's own list of models; not used, and not granted",
}
"""Tables that belong to no tenant, each with the reason."""

TENANTLESS_PREFIX = "procrastinate_"
TENANTS = "base_tenant"
RESOLVED = ("base_tenant", "base_membership", "parties_login", "parties_party", "invoicing_link")
"""Tables that the resolver role may read across tenants, to say where a person or a link may go."""

KEYS_WITHOUT_TENANT = {
    "base_tenant_code_": "a company's code names it before any tenant is known",
    "parties_login_by_user": "where a person may go is asked before any tenant is known",
    "invoicing_link_by_token": "what a link opens is asked before any tenant is known",
}
"""Indexes that do not begin with the tenant, by prefix, with the reason; may only shrink."""

OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%%'"


def tenant_tables(connection: Connection) -> list[tuple[int, str]]:
    """(oid, name) of every table that must belong to tenants: all but the named list."""
    return connection.execute(
        f"""
        SELECT c.oid, c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'm') AND {OURS}
          AND NOT c.relname = ANY(%s) AND NOT starts_with(c.relname, %s) ORDER BY 2
        """,
        [list(TENANTLESS), TENANTLESS_PREFIX],
    ).fetchall()


def tenant_column(table: str) -> str:
    """The column that says whose a row is."""
    return "id" if table == TENANTS else "tenant_id"


def tables_without_tenant(connection: Connection) -> list[str]:
    """Tables without a mandatory `tenant_id integer`; names on the tenantless list that no table has."""
    found = [
        f"{name} has no `{tenant_column(name)} integer NOT NULL`"
        for oid, name in tenant_tables(connection)
        if not connection.execute(
            """
            SELECT 1 FROM pg_attribute
            WHERE attrelid = %s AND attname = %s AND attnotnull AND atttypid = 'int4'::regtype
            """,
            [oid, tenant_column(name)],
        ).fetchone()
    ]
    return found + [
        f"{name} is on the list of tenantless tables and does not exist"
        for name in TENANTLESS
        if connection.execute("SELECT to_regclass(%s)", [name]).fetchone() == (None,)
    ]


def tables_not_isolated(connection: Connection) -> list[str]:
    """Tables of tenants whose row-level security is not enabled, or not forced upon the owner too."""
    return [
        f"{name}: row-level security is {'not forced' if enabled else 'not enabled'}"
        for oid, name in tenant_tables(connection)
        for enabled, forced in connection.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s", [oid]
        )
        if not (enabled and forced)
    ]


def strange_policies(connection: Connection, *, of_tenant: str, resolver_role: str) -> list[str]:
    """Policies other than exactly `of_tenant` for everybody, and `resolver` (reading) on two tables of the base.

    `of_tenant` is the expression as written; what PostgreSQL makes of it is found with a table of its own.
    """
    found = []
    for oid, name in tenant_tables(connection):
        condition = _as_postgres_writes_it(connection, of_tenant, tenant_column(name))
        expected: set[tuple[object, ...]] = {("of_tenant", "*", True, ("-",), condition, condition)}
        if name in RESOLVED:
            expected.add(("resolver", "r", True, (resolver_role,), "true", None))
        policies = connection.execute(
            """
            SELECT polname, polcmd::text, polpermissive,
                   array(SELECT CASE WHEN r = 0 THEN '-' ELSE r::regrole::text END FROM unnest(polroles) r ORDER BY 1),
                   pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
            FROM pg_policy WHERE polrelid = %s
            """,
            [oid],
        ).fetchall()
        present: set[tuple[object, ...]] = {(p[0], p[1], p[2], tuple(p[3]), p[4], p[5]) for p in policies}
        found += [f"{name}: the policy {policy} is not as it must be" for policy in sorted(present - expected, key=str)]
        found += [f"{name}: the policy {policy} is missing" for policy in sorted(expected - present, key=str)]
    return found


def _as_postgres_writes_it(connection: Connection, condition: str, column: str) -> str:
    with connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("CREATE TEMP TABLE written ({} integer)").format(sql.Identifier(column)))
        own = condition.replace("tenant_id =", f"{column} =", 1)
        connection.execute(f"CREATE POLICY written ON written USING ({own})")
        ((text,),) = connection.execute(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'pg_temp.written'::regclass"
        ).fetchall()
    return str(text)


def keys_without_tenant(connection: Connection) -> list[str]:
    """Tables of tenants without a primary key, and indexes (unique or not) that do not begin with the tenant."""
    found = []
    for oid, name in tenant_tables(connection):
        indexes = connection.execute(
            """
            SELECT i.indexrelid::regclass::text, i.indisprimary, a.attname FROM pg_index i
            LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = %s ORDER BY 1
            """,
            [oid],
        ).fetchall()
        if not any(is_primary for _, is_primary, _ in indexes):
            found.append(f"{name} has no primary key")
        found += [
            f"{name}: {index} begins with {column or 'an expression'}, not with the tenant"
            for index, _, column in indexes
            if column != tenant_column(name) and not index.startswith(tuple(KEYS_WITHOUT_TENANT))
        ]
    return found


def references_across_tenants(connection: Connection) -> list[str]:
    """Foreign keys between tables of tenants that do not tie the tenant of one side to that of the other.

    Row-level security does not look at what a foreign key refers to: only the key itself can.
    """
    names = dict(tenant_tables(connection))
    keys = connection.execute(
        """
        SELECT c.conname, c.conrelid, c.confrelid,
               array(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, i)
                     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i),
               array(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, i)
                     JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i)
        FROM pg_constraint c WHERE c.contype = 'f' ORDER BY 1
        """
    ).fetchall()
    return [
        f"{name}: {names[source]} → {names[target]} does not tie the tenants together"
        for name, source, target, columns, targets in keys
        if source in names and target in names
        if (tenant_column(names[source]), tenant_column(names[target])) not in zip(columns, targets, strict=True)
    ]


def states_without_check(connection: Connection) -> list[str]:
    """Tables with a column `state` that no check constraint limits to the states there are."""
    return [
        f"{name}: no check constraint limits the column state"
        for oid, name in tenant_tables(connection)
        if connection.execute(
            """
            SELECT 1 FROM pg_attribute a WHERE a.attrelid = %s AND a.attname = 'state' AND NOT EXISTS (
                SELECT FROM pg_constraint c
                WHERE c.conrelid = a.attrelid AND c.contype = 'c' AND a.attnum = ANY(c.conkey))
            """,
            [oid],
        ).fetchone()
    ]
