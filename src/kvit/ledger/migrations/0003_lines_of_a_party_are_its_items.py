"""The lines of a party are its open items, which have an index by party: the lines need none."""

from django.db import migrations


class Migration(migrations.Migration):
    """Drop the index."""

    dependencies = [("ledger", "0002_guards")]

    operations = [migrations.RemoveIndex(model_name="line", name="ledger_line_party")]
