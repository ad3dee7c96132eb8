"""Row-level security, rights and guards of the base tables."""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import (
    APPEND_ONLY_FUNCTION,
    append_only,
    isolate,
    isolate_reference,
    isolate_tenants,
    share,
)

# The one change there may be to a command is its answer, and once. Told by the triggers' conditions: nothing is called
# for a command that is answered as it should be.
ANSWERED_ONCE = """
CREATE FUNCTION base_command_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a command is answered once and never changed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
CREATE TRIGGER answered_once BEFORE UPDATE OF result ON base_command FOR EACH ROW
    WHEN (OLD.result IS NOT NULL) EXECUTE FUNCTION base_command_answered_once();
CREATE TRIGGER never_changed
    BEFORE UPDATE OF id, tenant_id, name, key, input, actor, parent_id, at ON base_command
    FOR EACH STATEMENT EXECUTE FUNCTION base_command_answered_once();
CREATE TRIGGER append_only BEFORE DELETE ON base_command
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON base_command
    FOR EACH STATEMENT EXECUTE FUNCTION base_append_only();
"""

# What must be known before a tenant is: answered by functions of a role that may read two tables and sign in nowhere.
RESOLVER = f"""
GRANT SELECT ON base_tenant, base_membership TO {settings.KVIT_RESOLVER_ROLE};
CREATE POLICY resolver ON base_tenant FOR SELECT TO {settings.KVIT_RESOLVER_ROLE} USING (true);
CREATE POLICY resolver ON base_membership FOR SELECT TO {settings.KVIT_RESOLVER_ROLE} USING (true);
CREATE FUNCTION base_find_tenant(wanted text) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN wanted IS NOT NULL THEN (SELECT id FROM base_tenant WHERE code = wanted)
                WHEN (SELECT count(*) FROM base_tenant) = 1 THEN (SELECT id FROM base_tenant) END
$$;
CREATE FUNCTION base_memberships(wanted bigint) RETURNS TABLE (tenant_id integer, role varchar)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.tenant_id, m.role FROM base_membership m WHERE m.user_id = wanted ORDER BY 1
$$;
ALTER FUNCTION base_find_tenant(text) OWNER TO {settings.KVIT_RESOLVER_ROLE};
ALTER FUNCTION base_memberships(bigint) OWNER TO {settings.KVIT_RESOLVER_ROLE};
REVOKE ALL ON FUNCTION base_find_tenant(text), base_memberships(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base_find_tenant(text), base_memberships(bigint) TO {settings.KVIT_APP_ROLE};
"""


class Migration(migrations.Migration):
    """Isolate every table of a tenant; share users and the clock."""

    dependencies = [("base", "0001_initial"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(APPEND_ONLY_FUNCTION, "DROP FUNCTION base_append_only()"),
        *isolate_tenants("base_tenant"),
        *isolate("base_command", update=("result",)),
        *isolate_reference("base_command", "parent_id", "base_command"),
        migrations.RunSQL(ANSWERED_ONCE, migrations.RunSQL.noop),
        *isolate("base_personalvalue", references={"command_id": "base_command"}, delete=True),
        *isolate("base_event", references={"command_id": "base_command"}),
        *isolate("base_statechange", references={"command_id": "base_command"}),
        *isolate("base_membership", update=("role",), delete=True),
        *isolate("base_file", references={"command_id": "base_command"}),
        *isolate("base_filepart"),
        *share("base_user", update=("password", "full_name", "language", "is_active", "last_login")),
        *share("base_clockoffset", update=("seconds",)),
        migrations.RunSQL(RESOLVER, migrations.RunSQL.noop),
        *[migrations.RunSQL(s, migrations.RunSQL.noop) for s in append_only("base_tenant")[1:]],
    ]
