"""What a file says of a statement only at its end may be written then; never after it is settled."""

from django.conf import settings
from django.db import migrations

MAY_BE_COMPLETED = f"""
GRANT UPDATE (to_date, closing_minor) ON banking_statement TO {settings.KVIT_APP_ROLE};
CREATE FUNCTION banking_statement_settled() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'statement % is settled: what it says stays', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'banking_statement_settled';
END $$;
CREATE TRIGGER settled BEFORE UPDATE OF to_date, closing_minor ON banking_statement
    FOR EACH ROW WHEN (OLD.state IN ('booked', 'rejected')) EXECUTE FUNCTION banking_statement_settled();
"""


class Migration(migrations.Migration):
    """Grant it, and guard it."""

    dependencies = [("banking", "0007_chain_isolation")]

    operations = [migrations.RunSQL(MAY_BE_COMPLETED, migrations.RunSQL.noop)]
