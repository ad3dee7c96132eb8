"""Row-level security of links to invoices, and what a token opens."""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import append_only, isolate

# What must be known before a tenant is: answered by a function of the role that may read it and sign in nowhere. It
# tells of one token at a time and nothing but where it leads (RELIABILITY 11).
RESOLVER = f"""
GRANT SELECT (tenant_id, id, token_hash) ON invoicing_link TO {settings.KVIT_RESOLVER_ROLE};
CREATE POLICY resolver ON invoicing_link FOR SELECT TO {settings.KVIT_RESOLVER_ROLE} USING (true);
CREATE FUNCTION invoicing_find_link(wanted text) RETURNS TABLE (tenant_id integer, link_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.tenant_id, l.id FROM invoicing_link l WHERE l.token_hash = wanted
$$;
ALTER FUNCTION invoicing_find_link(text) OWNER TO {settings.KVIT_RESOLVER_ROLE};
REVOKE ALL ON FUNCTION invoicing_find_link(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invoicing_find_link(text) TO {settings.KVIT_APP_ROLE};
"""
# Which invoice was opened to whom, and until when, is evidence: only its end may be written, and once.
REVOKED_ONCE = """
CREATE FUNCTION invoicing_link_revoked_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL OR to_jsonb(NEW) - '{revoked_at,revoked_by_id}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{revoked_at,revoked_by_id}'::text[] THEN
        RAISE EXCEPTION 'of a link only its end is written, and once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revoked_once BEFORE UPDATE ON invoicing_link
    FOR EACH ROW EXECUTE FUNCTION invoicing_link_revoked_once();
CREATE TRIGGER append_only BEFORE DELETE ON invoicing_link
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
"""


class Migration(migrations.Migration):
    """Isolate links and views."""

    dependencies = [("invoicing", "0003_links"), ("base", "0003_sign_in")]

    operations = [
        *isolate(
            "invoicing_link",
            references={
                "invoice_id": "invoicing_invoice",
                "command_id": "base_command",
                "revoked_by_id": "base_command",
            },
            update=("revoked_at", "revoked_by_id"),
        ),
        *isolate("invoicing_view", references={"link_id": "invoicing_link", "command_id": "base_command"}),
        migrations.RunSQL(REVOKED_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(append_only("invoicing_link")[1], migrations.RunSQL.noop),
        migrations.RunSQL(RESOLVER, migrations.RunSQL.noop),
    ]
