"""Every company gets the accounts of advances that were taxed before the supply, and of fees and interest."""

from django.db import migrations

# The owner is under row-level security too, and an upgrade is of all tenants at once.
OPEN = """
ALTER TABLE ledger_account NO FORCE ROW LEVEL SECURITY;
INSERT INTO ledger_account (tenant_id, code, name, control)
    SELECT DISTINCT a.tenant_id, n.code, n.name, false FROM ledger_account a
    CROSS JOIN (VALUES ('advances', 'Advances received'), ('fees', 'Reminder fees and interest')) AS n (code, name)
    ON CONFLICT (tenant_id, code) DO NOTHING;
ALTER TABLE ledger_account FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Open the accounts."""

    dependencies = [("ledger", "0004_documents_by_amount")]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
