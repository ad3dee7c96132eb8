"""Row-level security and rights of the links."""

from django.db import migrations

from kvit.base.isolation import isolate


class Migration(migrations.Migration):
    """Isolate the links."""

    dependencies = [
        ("matching", "0001_initial"),
        ("banking", "0002_isolation"),
        ("ledger", "0002_guards"),
        ("parties", "0002_isolation"),
    ]

    operations = [
        *isolate(
            "matching_link",
            per_statement=True,
            update=("state",),
            references={
                "line_id": "banking_line",
                "party_id": "parties_party",
                "entry_id": "ledger_entry",
                "command_id": "base_command",
            },
        ),
    ]
