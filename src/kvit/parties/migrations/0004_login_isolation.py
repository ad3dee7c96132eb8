"""Row-level security of portal logins, and where a person who signs in may go."""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import append_only, isolate

# What must be known before a tenant is: answered by a function of the role that may read it and sign in nowhere.
RESOLVER = f"""
GRANT SELECT ON parties_login TO {settings.KVIT_RESOLVER_ROLE};
GRANT SELECT (tenant_id, id, name) ON parties_party TO {settings.KVIT_RESOLVER_ROLE};
CREATE POLICY resolver ON parties_login FOR SELECT TO {settings.KVIT_RESOLVER_ROLE} USING (true);
CREATE POLICY resolver ON parties_party FOR SELECT TO {settings.KVIT_RESOLVER_ROLE} USING (true);
CREATE FUNCTION parties_logins(wanted bigint)
    RETURNS TABLE (tenant_id integer, party_id bigint, party_name varchar,
                   code varchar, name varchar, country varchar, currency varchar)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.tenant_id, l.party_id, p.name, t.code, t.name, t.country, t.currency
    FROM parties_login l JOIN base_tenant t ON t.id = l.tenant_id
    JOIN parties_party p ON p.tenant_id = l.tenant_id AND p.id = l.party_id
    WHERE l.user_id = wanted AND l.closed_at IS NULL ORDER BY t.name, t.id, l.party_id
$$;
ALTER FUNCTION parties_logins(bigint) OWNER TO {settings.KVIT_RESOLVER_ROLE};
REVOKE ALL ON FUNCTION parties_logins(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION parties_logins(bigint) TO {settings.KVIT_APP_ROLE};
"""
# Which person was let in, and when, is evidence: only the end of it may be written.
GUARDS = (
    "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON parties_login "
    "FOR EACH ROW EXECUTE FUNCTION parties_kept('closed_at,closed_by_id', '')",
    append_only("parties_login")[1],
)


class Migration(migrations.Migration):
    """Isolate the table of portal logins."""

    dependencies = [("parties", "0003_login"), ("base", "0003_sign_in")]

    operations = [
        *isolate(
            "parties_login",
            references={"party_id": "parties_party", "command_id": "base_command", "closed_by_id": "base_command"},
            update=("closed_at", "closed_by_id"),
        ),
        *(migrations.RunSQL(guard, migrations.RunSQL.noop) for guard in GUARDS),
        migrations.RunSQL(RESOLVER, migrations.RunSQL.noop),
    ]
