"""Row-level security and rights of the banking tables."""

from django.db import migrations

from kvit.base.isolation import isolate


class Migration(migrations.Migration):
    """Isolate the banking tables."""

    dependencies = [("banking", "0001_initial"), ("base", "0002_isolation")]

    operations = [
        *isolate("banking_account"),
        *isolate(
            "banking_intake", update=("state",), references={"file_id": "base_file", "command_id": "base_command"}
        ),
        *isolate(
            "banking_statement",
            update=("state", "account_id", "hold_code", "hold_reason"),
            references={
                "intake_id": "banking_intake",
                "account_id": "banking_account",
                "command_id": "base_command",
            },
        ),
        *isolate(
            "banking_line",
            per_statement=True,
            update=("statement_id",),
            references={"statement_id": "banking_statement", "account_id": "banking_account"},
        ),
        *isolate("banking_readingproblem", references={"intake_id": "banking_intake"}),
    ]
