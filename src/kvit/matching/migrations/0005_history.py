"""A firm's own history of confirmed links, what the robot would have done with it, and calibrations."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from kvit.base.models import OwnTenant, TenantKey


def table(name: str, fields: list[tuple[str, Any]], **options: Any) -> migrations.CreateModel:
    first: list[tuple[str, Any]] = [("id", models.BigAutoField(primary_key=True, serialize=False))]
    return migrations.CreateModel(name=name, fields=[*first, *fields, ("tenant", OwnTenant())], options=options)


class Migration(migrations.Migration):
    """Add the tables."""

    dependencies = [("base", "0004_companies"), ("matching", "0004_cash_application_isolation")]

    operations = [
        table(
            "History",
            [
                ("file", TenantKey("base.file")),
                ("currency", models.CharField(max_length=3)),
                ("given_at", models.DateTimeField()),
                ("command", TenantKey("base.command")),
            ],
            constraints=[models.UniqueConstraint(fields=["tenant", "file"], name="matching_history_once")],
        ),
        table(
            "HistoryReport",
            [
                ("history", TenantKey("matching.history")),
                ("report", models.JSONField()),
                ("at", models.DateTimeField()),
                ("command", TenantKey("base.command")),
            ],
            indexes=[models.Index(fields=["tenant", "history", "id"], name="matching_report_of_history")],
        ),
        table(
            "Calibration",
            [
                ("history", TenantKey("matching.history", null=True)),
                ("factor_ppm", models.IntegerField()),
                ("from_date", models.DateField(null=True)),
                ("to_date", models.DateField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("since_at", models.DateTimeField()),
                ("command", TenantKey("base.command")),
            ],
            constraints=[
                models.CheckConstraint(
                    condition=Q(factor_ppm__gte=200_000, factor_ppm__lte=2_000_000), name="matching_calibration_factor"
                )
            ],
            indexes=[models.Index(fields=["tenant", "history"], name="matching_calibration_history")],
        ),
    ]
