"""Of which account a file is that names none, and by which profile a statement was read."""

from django.conf import settings
from django.db import migrations, models

import kvit.base.models
from kvit.base.isolation import isolate_reference

MAY_BE_TOLD = f"""
GRANT UPDATE (account_id) ON banking_intake TO {settings.KVIT_APP_ROLE};
GRANT UPDATE (currency, currency_assumed) ON banking_statement TO {settings.KVIT_APP_ROLE};
CREATE TRIGGER settled_currency BEFORE UPDATE OF currency, currency_assumed ON banking_statement
    FOR EACH ROW WHEN (OLD.state IN ('booked', 'rejected')) EXECUTE FUNCTION banking_statement_settled();
"""


class Migration(migrations.Migration):
    """Add the columns, and let both be told later; never after the statement is settled."""

    dependencies = [("banking", "0009_csv_profiles")]

    operations = [
        migrations.AddField(
            model_name="intake",
            name="account",
            field=kvit.base.models.TenantKey(null=True, related_name="+", to="banking.account"),
        ),
        migrations.AddField(model_name="statement", name="profile", field=models.CharField(default="", max_length=80)),
        migrations.AddField(model_name="statement", name="currency_assumed", field=models.BooleanField(default=False)),
        *isolate_reference("banking_intake", "account_id", "banking_account"),
        migrations.RunSQL(MAY_BE_TOLD, migrations.RunSQL.noop),
    ]
