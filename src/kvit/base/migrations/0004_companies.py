"""How many companies there are: asked before any tenant is known, to tell an empty installation from one at work."""

from django.conf import settings
from django.db import migrations

COUNTED = f"""
CREATE FUNCTION base_count_tenants() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM base_tenant
$$;
ALTER FUNCTION base_count_tenants() OWNER TO {settings.KVIT_RESOLVER_ROLE};
REVOKE ALL ON FUNCTION base_count_tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base_count_tenants() TO {settings.KVIT_APP_ROLE};
"""


class Migration(migrations.Migration):
    """A number and nothing else leaves the function."""

    dependencies = [("base", "0003_sign_in")]
    operations = [migrations.RunSQL(COUNTED, "DROP FUNCTION base_count_tenants()")]
