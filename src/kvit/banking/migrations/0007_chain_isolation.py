"""Row-level security and rights of the tables of the chain, and of problems, which may be set aside."""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import isolate, isolate_reference

# A problem keeps what the reader said; only that it is set aside may be written later.
MAY_BE_SET_ASIDE = f"""
DROP TRIGGER append_only ON banking_readingproblem;
DROP TRIGGER append_only_truncate ON banking_readingproblem;
GRANT UPDATE (set_aside, set_aside_by_id) ON banking_readingproblem TO {settings.KVIT_APP_ROLE};
"""


class Migration(migrations.Migration):
    """Isolate the tables."""

    dependencies = [("banking", "0006_chain")]

    operations = [
        *isolate(
            "banking_acceptedbreak",
            references={
                "before_id": "banking_statement",
                "after_id": "banking_statement",
                "command_id": "base_command",
            },
        ),
        *isolate("banking_lineclaim", references={"statement_id": "banking_statement", "line_id": "banking_line"}),
        *isolate(
            "banking_returned",
            references={
                "line_id": "banking_line",
                "returned_line_id": "banking_line",
                "command_id": "base_command",
            },
        ),
        *isolate_reference("banking_readingproblem", "set_aside_by_id", "base_command"),
        migrations.RunSQL(MAY_BE_SET_ASIDE, migrations.RunSQL.noop),
    ]
