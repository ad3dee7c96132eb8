"""Row-level security of runs, statements, confirmations and answers; a confirmation is frozen."""

from django.db import migrations

from kvit.base.isolation import append_only, isolate, isolate_reference

# What was sent and signed is evidence: only how far its answering has come is ever written.
FROZEN = """
CREATE FUNCTION invoicing_confirmation_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,reminder_count,reminded_at,settled_reason}'::text[] IS DISTINCT FROM
            to_jsonb(OLD) - '{state,reminder_count,reminded_at,settled_reason}'::text[] THEN
        RAISE EXCEPTION 'confirmation % is frozen', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON invoicing_confirmation
    FOR EACH ROW EXECUTE FUNCTION invoicing_confirmation_frozen();
CREATE TRIGGER append_only BEFORE DELETE ON invoicing_confirmation
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
"""


class Migration(migrations.Migration):
    """Isolate what is sent about accounts, and what is answered."""

    dependencies = [("invoicing", "0007_statements_and_confirmations"), ("base", "0005_tenant_ids")]

    operations = [
        *isolate(
            "invoicing_run",
            references={"command_id": "base_command"},
            update=("done_count", "made_count", "through_customer_id", "finished_at"),
        ),
        *isolate(
            "invoicing_statement",
            references={
                "customer_id": "invoicing_customer",
                "run_id": "invoicing_run",
                "command_id": "base_command",
            },
        ),
        *isolate(
            "invoicing_confirmation",
            references={
                "customer_id": "invoicing_customer",
                "run_id": "invoicing_run",
                "command_id": "base_command",
            },
            update=("state", "reminder_count", "reminded_at", "settled_reason"),
        ),
        *isolate_reference("invoicing_link", "confirmation_id", "invoicing_confirmation"),
        *isolate(
            "invoicing_confirmationanswer",
            references={
                "confirmation_id": "invoicing_confirmation",
                "link_id": "invoicing_link",
                "file_id": "base_file",
                "command_id": "base_command",
            },
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
        migrations.RunSQL(append_only("invoicing_confirmation")[1], migrations.RunSQL.noop),
    ]
