"""Row-level security and rights of the tables of cash application."""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import isolate

# Whether an undone link was wrong is said when it is undone.
MAY_BE_CALLED_WRONG = f"GRANT UPDATE (undone_as) ON matching_link TO {settings.KVIT_APP_ROLE}"


class Migration(migrations.Migration):
    """Isolate the tables."""

    dependencies = [("matching", "0003_cash_application")]

    operations = [
        migrations.RunSQL(MAY_BE_CALLED_WRONG, migrations.RunSQL.noop),
        *isolate(
            "matching_netting",
            per_statement=True,
            references={
                "link_id": "matching_link",
                "allocation_id": "ledger_allocation",
                "command_id": "base_command",
            },
        ),
        *isolate(
            "matching_suggestion",
            per_statement=True,
            delete=True,
            references={"line_id": "banking_line", "party_id": "parties_party", "command_id": "base_command"},
        ),
        *isolate("matching_rule", references={"command_id": "base_command"}),
        *isolate(
            "matching_payer",
            # a payer paid again; it is removed; the person behind it is erased
            update=("times", "last_command_id", "last_at", "state", "account", "name", "name_key"),
            references={
                "party_id": "parties_party",
                "first_command_id": "base_command",
                "last_command_id": "base_command",
            },
        ),
        *isolate(
            "matching_refund",
            update=("state", "paid_link_id"),
            references={
                "link_id": "matching_link",
                "party_id": "parties_party",
                "credit_item_id": "ledger_openitem",
                "paid_link_id": "matching_link",
                "command_id": "base_command",
            },
        ),
        *isolate("matching_review", references={"command_id": "base_command"}),
    ]
