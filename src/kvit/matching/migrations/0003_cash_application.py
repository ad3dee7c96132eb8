"""Suggestions, the rule of a company, payers learnt, refunds, reviews of the robot; what a link may be besides."""

import datetime
from typing import Any

from django.db import migrations, models
from django.db.models import Q

from kvit.base.models import OwnTenant, TenantKey

# Links that were there get the instant of their command. Row-level security hides rows from an UPDATE of the owner,
# so it is lifted for the owner within this transaction.
MADE_BY_THEIR_COMMANDS = """
ALTER TABLE matching_link NO FORCE ROW LEVEL SECURITY;
ALTER TABLE base_command NO FORCE ROW LEVEL SECURITY;
UPDATE matching_link k SET made_at = c.at FROM base_command c WHERE c.tenant_id = k.tenant_id AND c.id = k.command_id;
ALTER TABLE base_command FORCE ROW LEVEL SECURITY;
ALTER TABLE matching_link FORCE ROW LEVEL SECURITY;
"""
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def key(to: str, *, null: bool = False) -> TenantKey:
    return TenantKey(to, null=null)


def table(name: str, fields: list[tuple[str, Any]], **options: Any) -> migrations.CreateModel:
    first: list[tuple[str, Any]] = [("id", models.BigAutoField(primary_key=True, serialize=False))]
    return migrations.CreateModel(name=name, fields=[*first, *fields, ("tenant", OwnTenant())], options=options)


class Migration(migrations.Migration):
    """Add columns and tables."""

    dependencies = [
        ("banking", "0008_completed_statements"),
        ("base", "0004_companies"),
        ("ledger", "0003_lines_of_a_party_are_its_items"),
        ("matching", "0002_isolation"),
        ("parties", "0004_login_isolation"),
    ]

    operations = [
        migrations.RemoveConstraint("link", "matching_link_amount"),
        migrations.AddField("link", "kind", models.CharField(max_length=20, default="payment"), preserve_default=False),
        migrations.AddField("link", "confidence_ppm", models.IntegerField(null=True)),
        migrations.AddField("link", "threshold_ppm", models.IntegerField(null=True)),
        migrations.AddField("link", "target_ppm", models.IntegerField(null=True)),
        migrations.AddField("link", "made_at", models.DateTimeField(default=LONG_AGO), preserve_default=False),
        migrations.AddField("link", "undone_as", models.CharField(max_length=20, default=""), preserve_default=False),
        migrations.AlterField("link", "party", key("parties.party", null=True)),
        migrations.RunSQL(MADE_BY_THEIR_COMMANDS, migrations.RunSQL.noop),
        migrations.AddIndex(
            "link",
            models.Index(fields=["tenant", "made_at"], condition=Q(by_robot=True), name="matching_link_by_robot"),
        ),
        migrations.AddConstraint(
            "link", models.CheckConstraint(condition=~Q(amount_minor=0), name="matching_link_amount")
        ),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=Q(kind="payment", amount_minor__gt=0, party__isnull=False)
                | Q(kind="refund", amount_minor__lt=0, party__isnull=False)
                | Q(kind="aside", party__isnull=True),
                name="matching_link_kind",
            ),
        ),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=Q(undone_as__in=["", "wrong", "changed", "returned"]), name="matching_link_undone_as"
            ),
        ),
        table(
            "Netting",
            [
                ("link", key("matching.link")),
                ("allocation", key("ledger.allocation")),
                ("command", key("base.command")),
            ],
            constraints=[models.UniqueConstraint(fields=["tenant", "allocation"], name="matching_netting_once")],
            indexes=[models.Index(fields=["tenant", "link"], name="matching_netting_of_link")],
        ),
        table(
            "Suggestion",
            [
                ("line", key("banking.line")),
                ("rank", models.SmallIntegerField()),
                ("party", key("parties.party")),
                ("items", models.JSONField()),
                ("confidence_ppm", models.IntegerField()),
                ("evidence", models.JSONField()),
                ("would_book", models.BooleanField()),
                ("command", key("base.command")),
            ],
            constraints=[
                models.UniqueConstraint(fields=["tenant", "line", "rank"], name="matching_suggestion_rank"),
                models.CheckConstraint(condition=Q(rank__gte=1), name="matching_suggestion_from_one"),
            ],
            indexes=[models.Index(fields=["tenant", "party"], name="matching_suggestion_party")],
        ),
        table(
            "Rule",
            [
                ("mode", models.CharField(max_length=10)),
                ("target_ppm", models.IntegerField()),
                ("short_minor", models.BigIntegerField()),
                ("short_permille", models.IntegerField()),
                ("reminder_fee_minor", models.BigIntegerField()),
                ("rounds_up_to_minor", models.BigIntegerField()),
                ("most_items", models.SmallIntegerField()),
                ("write_off_up_to_minor", models.BigIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("since_at", models.DateTimeField()),
                ("command", key("base.command")),
            ],
            constraints=[
                models.CheckConstraint(condition=Q(mode__in=["off", "shadow", "live"]), name="matching_rule_mode"),
                models.CheckConstraint(
                    condition=Q(target_ppm__gte=500_000, target_ppm__lt=1_000_000), name="matching_rule_target"
                ),
            ],
        ),
        table(
            "Payer",
            [
                ("party", key("parties.party")),
                ("account", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(max_length=200, db_collation="C")),
                ("times", models.IntegerField()),
                ("source", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=10)),
                ("first_command", key("base.command")),
                ("last_command", key("base.command")),
                ("learnt_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            constraints=[
                models.UniqueConstraint(
                    fields=["tenant", "party", "account", "name_key"],
                    condition=Q(state="live"),
                    name="matching_payer_once",
                ),
                models.CheckConstraint(condition=Q(state__in=["live", "removed"]), name="matching_payer_state"),
                models.CheckConstraint(condition=Q(times__gte=1), name="matching_payer_times"),
            ],
            indexes=[
                models.Index(fields=["tenant", "account"], condition=Q(state="live"), name="matching_payer_by_account"),
                models.Index(fields=["tenant", "name_key"], condition=Q(state="live"), name="matching_payer_by_name"),
            ],
        ),
        table(
            "Refund",
            [
                ("link", key("matching.link")),
                ("party", key("parties.party")),
                ("credit_item", key("ledger.openitem")),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("paid_link", key("matching.link", null=True)),
                ("command", key("base.command")),
            ],
            constraints=[
                models.CheckConstraint(
                    condition=Q(state__in=["asked", "paid", "withdrawn"]), name="matching_refund_state"
                ),
                models.CheckConstraint(condition=Q(amount_minor__gt=0), name="matching_refund_amount"),
                models.UniqueConstraint(
                    fields=["tenant", "credit_item"], condition=Q(state="asked"), name="matching_refund_one_asked"
                ),
            ],
            indexes=[models.Index(fields=["tenant", "link"], name="matching_refund_of_link")],
        ),
        table(
            "Review",
            [
                ("from_date", models.DateField()),
                ("linked_count", models.IntegerField()),
                ("wrong_count", models.IntegerField()),
                ("target_ppm", models.IntegerField()),
                ("in_force_ppm", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("command", key("base.command")),
            ],
        ),
    ]
