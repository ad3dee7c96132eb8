"""What roles, functions and views may do: the application's role owns nothing and cannot get past a policy."""

from architecture.catalogue import OURS, Connection, tenant_column, tenant_tables

FORBIDDEN_ON_TABLES = ("TRUNCATE", "REFERENCES", "TRIGGER")
ATTRIBUTES = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")


def mighty_roles(connection: Connection, *, app_role: str, resolver_role: str) -> list[str]:
    """Attributes and memberships that let a role past row-level security or make it grow."""
    found = []
    for role in (app_role, resolver_role):
        attributes = connection.execute(
            f"SELECT {', '.join(ATTRIBUTES)}, rolcanlogin, oid FROM pg_roles WHERE rolname = %s", [role]
        ).fetchone()
        if attributes is None:
            found.append(f"the role {role} does not exist")
            continue
        found += [f"{role} has {name}" for name, has in zip(ATTRIBUTES, attributes, strict=False) if has]
        if role == resolver_role and attributes[-2]:
            found.append(f"{role} may sign in")
        found += [
            f"{role} is a member of {group}"
            for (group,) in connection.execute(
                "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s", [attributes[-1]]
            )
        ]
    return found


def belongings(connection: Connection, *, role: str, functions_too: bool = True) -> list[str]:
    """Whatever a role owns in this database, or the database itself."""
    owned = connection.execute(
        """
        SELECT pg_describe_object(classid, objid, objsubid) FROM pg_shdepend
        WHERE refclassid = 'pg_authid'::regclass AND refobjid = %s::regrole AND deptype = 'o'
          AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
          AND (%s OR classid <> 'pg_proc'::regclass) ORDER BY 1
        """,
        [role, functions_too],
    ).fetchall()
    return [f"{role} owns {thing}" for (thing,) in owned]


def excessive_rights(connection: Connection, *, app_role: str) -> list[str]:
    """Rights the application needs nowhere: TRUNCATE, REFERENCES, TRIGGER, CREATE, another tenant or id for a row."""
    found = [
        f"{app_role} may {right} {table}"
        for right in FORBIDDEN_ON_TABLES
        for (table,) in connection.execute(
            f"""
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS}
              AND (has_table_privilege(%(role)s, c.oid, %(right)s)
                   OR (%(right)s = 'REFERENCES' AND has_any_column_privilege(%(role)s, c.oid, %(right)s))) ORDER BY 1
            """,
            {"role": app_role, "right": right},
        )
    ]
    found += [
        f"{app_role} may change {column} of {name}"
        for oid, name in tenant_tables(connection)
        for column in {tenant_column(name), "id"}
        if connection.execute(
            """
            SELECT 1 FROM pg_attribute WHERE attrelid = %s AND attname = %s
            AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')
            """,
            [oid, column, app_role],
        ).fetchone()
    ]
    return found + [
        f"{app_role} may create in the schema {schema}"
        for (schema,) in connection.execute(
            f"SELECT nspname FROM pg_namespace n WHERE {OURS} AND has_schema_privilege(%s, oid, 'CREATE')", [app_role]
        )
    ]


def loose_functions(connection: Connection) -> list[str]:
    """SECURITY DEFINER functions that can be led astray by a search path, or called by everybody.

    PostgreSQL, "Writing SECURITY DEFINER Functions Safely": a fixed search_path with pg_temp last, EXECUTE
    revoked from PUBLIC. A trigger function cannot be called.
    """
    functions = connection.execute(
        f"""
        SELECT p.oid::regprocedure::text, p.prorettype = 'trigger'::regtype, coalesce(p.proconfig, '{{}}'),
               EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                       WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND {OURS} ORDER BY 1
        """
    ).fetchall()
    found = []
    for name, is_trigger, settings, is_public in functions:
        paths = [s.partition("=")[2] for s in settings if s.startswith("search_path=")]
        if not paths or paths[0].split(",")[-1].strip(' "') != "pg_temp":
            found.append(f"{name}: no fixed search_path that ends with pg_temp")
        if is_public and not is_trigger:
            found.append(f"{name}: everybody may call it")
    return found


def loose_views(connection: Connection) -> list[str]:
    """Views that look with their owner's eyes, past the policies of who asks; materialized ones always do."""
    views = connection.execute(
        f"""
        SELECT c.oid::regclass::text, c.relkind = 'v' AND EXISTS (
                   SELECT FROM pg_options_to_table(c.reloptions)
                   WHERE option_name = 'security_invoker' AND option_value::boolean)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('v', 'm') AND {OURS} ORDER BY 1
        """
    ).fetchall()
    return [f"{name} is no security_invoker view" for name, is_invoker in views if not is_invoker]
