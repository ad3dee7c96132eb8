"""Which companies there are: asked before any tenant is known, by passes that go through all of them."""

from django.conf import settings
from django.db import migrations

LISTED = f"""
CREATE FUNCTION base_tenant_ids() RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM base_tenant ORDER BY id
$$;
ALTER FUNCTION base_tenant_ids() OWNER TO {settings.KVIT_RESOLVER_ROLE};
REVOKE ALL ON FUNCTION base_tenant_ids() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base_tenant_ids() TO {settings.KVIT_APP_ROLE};
"""


class Migration(migrations.Migration):
    """Numbers and nothing else leave the function."""

    dependencies = [("base", "0004_companies")]
    operations = [migrations.RunSQL(LISTED, "DROP FUNCTION base_tenant_ids()")]
