"""Row-level security of registers and inquiries; what a register said is evidence."""

from django.db import migrations

from kvit.base.isolation import append_only, isolate

# An inquiry that has come to its end says for good what was asked and what came back.
GUARDS = (
    "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON parties_inquiry FOR EACH ROW "
    "EXECUTE FUNCTION parties_kept('state,attempts,asked_at,ask_again_at,answered_at,outcome,reason,evidence', '')",
    """
    CREATE FUNCTION parties_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what came of inquiry % stays as it was recorded', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'parties_answer_stays';
    END $$
    """,
    "CREATE TRIGGER answer_stays BEFORE UPDATE ON parties_inquiry FOR EACH ROW "
    "WHEN (OLD.state IN ('answered', 'dropped')) EXECUTE FUNCTION parties_answer_stays()",
    append_only("parties_inquiry")[1],
)


class Migration(migrations.Migration):
    """Isolate the tables of registers."""

    dependencies = [("parties", "0005_inquiry"), ("base", "0005_tenant_ids")]

    operations = [
        *isolate(
            "parties_registerswitch",
            references={"command_id": "base_command"},
            update=("is_on", "rests_until_at", "changed_at", "command_id"),
        ),
        *isolate(
            "parties_inquiry",
            references={"identity_id": "parties_identity", "command_id": "base_command"},
            update=(
                "state",
                "attempts",
                "asked_at",
                "ask_again_at",
                "answered_at",
                "outcome",
                "reason",
                "evidence",
            ),
        ),
        *(migrations.RunSQL(guard, migrations.RunSQL.noop) for guard in GUARDS),
    ]
