"""Numbers of statements, breaks of their chain, problems set aside, lines told twice, and lines taken back."""

from django.db import migrations, models

import kvit.base.models


class Migration(migrations.Migration):
    """Add columns and tables."""

    dependencies = [("banking", "0005_account_kind")]

    operations = [
        migrations.AddField(
            "statement", "sequence_number", models.CharField(max_length=40, default=""), preserve_default=False
        ),
        migrations.AddField(
            "readingproblem", "set_aside", models.CharField(max_length=300, default=""), preserve_default=False
        ),
        migrations.AddField(
            "readingproblem",
            "set_aside_by",
            kvit.base.models.TenantKey(null=True, related_name="+", to="base.command"),
        ),
        migrations.CreateModel(
            name="AcceptedBreak",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=300)),
                ("after", kvit.base.models.TenantKey(related_name="+", to="banking.statement")),
                ("before", kvit.base.models.TenantKey(related_name="+", to="banking.statement")),
                ("command", kvit.base.models.TenantKey(related_name="+", to="base.command")),
                ("tenant", kvit.base.models.OwnTenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["tenant", "before", "after"], name="banking_acceptedbreak_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="LineClaim",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", kvit.base.models.TenantKey(related_name="+", to="banking.line")),
                ("statement", kvit.base.models.TenantKey(related_name="+", to="banking.statement")),
                ("tenant", kvit.base.models.OwnTenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["tenant", "statement", "line"], name="banking_lineclaim_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Returned",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason_code", models.CharField(max_length=35)),
                ("command", kvit.base.models.TenantKey(related_name="+", to="base.command")),
                ("line", kvit.base.models.TenantKey(related_name="+", to="banking.line")),
                ("returned_line", kvit.base.models.TenantKey(related_name="+", to="banking.line")),
                ("tenant", kvit.base.models.OwnTenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["tenant", "line"], name="banking_returned_once"),
                    models.UniqueConstraint(fields=["tenant", "returned_line"], name="banking_returned_line_once"),
                ]
            },
        ),
    ]
