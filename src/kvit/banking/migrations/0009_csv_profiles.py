"""The company's own profiles of bank files in columns, isolated; and the format of a file that is told later."""

from django.conf import settings
from django.db import migrations, models

import kvit.base.models
from kvit.base.isolation import isolate


class Migration(migrations.Migration):
    """Add and isolate the table."""

    dependencies = [("banking", "0008_completed_statements")]

    operations = [
        migrations.CreateModel(
            name="CsvProfile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("shape", models.CharField(max_length=64)),
                ("profile", models.JSONField()),
                ("command", kvit.base.models.TenantKey(related_name="+", to="base.command")),
                ("retired_by", kvit.base.models.TenantKey(null=True, related_name="+", to="base.command")),
                ("tenant", kvit.base.models.OwnTenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_by__isnull", True)),
                        fields=["tenant", "shape"],
                        name="banking_csvprofile_shape",
                    )
                ]
            },
        ),
        *isolate(
            "banking_csvprofile",
            update=("retired_by_id",),
            references={"command_id": "base_command", "retired_by_id": "base_command"},
        ),
        migrations.RunSQL(
            f"GRANT UPDATE (format) ON banking_intake TO {settings.KVIT_APP_ROLE};", migrations.RunSQL.noop
        ),
    ]
