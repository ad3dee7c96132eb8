"""Sign-in: where a person may go, and the tables of the libraries that sign people in."""

from django.conf import settings
from django.db import migrations, models

PLACES = f"""
CREATE FUNCTION base_places(wanted bigint)
    RETURNS TABLE (tenant_id integer, role varchar, code varchar, name varchar, country varchar, currency varchar)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.tenant_id, m.role, t.code, t.name, t.country, t.currency
    FROM base_membership m JOIN base_tenant t ON t.id = m.tenant_id WHERE m.user_id = wanted ORDER BY t.name, t.id
$$;
ALTER FUNCTION base_places(bigint) OWNER TO {settings.KVIT_RESOLVER_ROLE};
REVOKE ALL ON FUNCTION base_places(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION base_places(bigint) TO {settings.KVIT_APP_ROLE};
"""

# A person signs in before any tenant is known, so these have none (tests/architecture/catalogue.py says why for each).
SIGN_IN_TABLES = (
    "account_emailaddress",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_cache",
    "django_session",
    "mfa_authenticator",
)
GRANTS = "".join(
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {settings.KVIT_APP_ROLE};\n" for table in SIGN_IN_TABLES
)
# So that a person can be erased.
GRANTS += f"GRANT UPDATE (email) ON base_user TO {settings.KVIT_APP_ROLE};\n"
SEQUENCES = "".join(
    f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {settings.KVIT_APP_ROLE};\n"
    for table in SIGN_IN_TABLES
    if table not in ("django_cache", "django_session", "axes_accessattemptexpiration")
)


# As Django's `createcachetable` makes it.
CACHE = """
CREATE TABLE django_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX django_cache_expires ON django_cache (expires);
"""


class Migration(migrations.Migration):
    """Nobody has chosen a language until they do; the libraries' tables have no tenant and are shared."""

    dependencies = [
        ("base", "0002_isolation"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("axes", "0010_accessattemptexpiration"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.AlterField("user", "language", models.CharField(max_length=2, default="", blank=True)),
        migrations.RunSQL(CACHE, "DROP TABLE django_cache"),
        migrations.RunSQL(PLACES, "DROP FUNCTION base_places(bigint)"),
        migrations.RunSQL(GRANTS + SEQUENCES, migrations.RunSQL.noop),
    ]
