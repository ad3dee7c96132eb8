"""Documents are found by what they come to: a payment that says nothing else has at least an amount."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Add the index, without keeping writers waiting."""

    atomic = False

    dependencies = [("ledger", "0003_lines_of_a_party_are_its_items")]

    operations = [
        # what an attempt left that gave up waiting
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS ledger_openitem_amount", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "openitem",
            models.Index(
                fields=["tenant", "amount_minor"],
                condition=Q(side="debit", due_date__isnull=False),
                name="ledger_openitem_amount",
            ),
        ),
    ]
