"""What a file says of a statement only at its end may be written then."""

from django.conf import settings
from django.db import migrations

MAY_BE_COMPLETED = f"""
GRANT UPDATE (statement_number, sequence_number, from_date, to_date, opening_minor, closing_minor)
ON banking_statement TO {settings.KVIT_APP_ROLE};
"""


class Migration(migrations.Migration):
    """Grant it."""

    dependencies = [("banking", "0007_chain_isolation")]

    operations = [migrations.RunSQL(MAY_BE_COMPLETED, migrations.RunSQL.noop)]
