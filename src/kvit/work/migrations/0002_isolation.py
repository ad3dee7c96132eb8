"""Row-level security and rights of the table of work items."""

from django.db import migrations

from kvit.base.isolation import isolate


class Migration(migrations.Migration):
    """Isolate the table; what an item is about never changes."""

    dependencies = [("work", "0001_initial"), ("base", "0002_isolation")]

    operations = isolate(
        "work_item",
        references={"command_id": "base_command"},
        update=(
            "state",
            "reason_code",
            "reason_params",
            "reason",
            "priority",
            "due_at",
            "snoozed_until_at",
            "closed_at",
            "outcome",
            "assigned_to_id",
        ),
    )
