"""Row-level security and rights of exports; which entry went into which is written once, and never anything else."""

from django.db import migrations

from kvit.base.isolation import append_only, isolate

# What was handed out is evidence: only how it was answered, and which version of its files counts, is ever written.
KEPT = """
CREATE FUNCTION ledger_export_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,version,formats,answer,answered_by}'::text[] IS DISTINCT FROM
            to_jsonb(OLD) - '{state,version,formats,answer,answered_by}'::text[] THEN
        RAISE EXCEPTION 'export % is kept as it was made', OLD.sequence
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON ledger_export FOR EACH ROW EXECUTE FUNCTION ledger_export_kept();
CREATE TRIGGER append_only BEFORE DELETE ON ledger_export
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
"""


class Migration(migrations.Migration):
    """Isolate what goes out of the books."""

    dependencies = [("ledger", "0006_books_out"), ("base", "0005_tenant_ids")]

    operations = [
        *isolate("ledger_accountmapping", references={"account_id": "ledger_account"}, update=("number", "name")),
        *isolate(
            "ledger_export",
            references={"command_id": "base_command"},
            update=("state", "version", "formats", "answer", "answered_by"),
        ),
        *isolate(
            "ledger_exportedentry",
            keyed=True,
            per_statement=True,
            references={"entry_id": "ledger_entry", "export_id": "ledger_export"},
        ),
        *isolate(
            "ledger_exportfile",
            references={"export_id": "ledger_export", "file_id": "base_file", "command_id": "base_command"},
        ),
        *isolate("ledger_exporttrouble", references={"export_id": "ledger_export", "command_id": "base_command"}),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(append_only("ledger_export")[1], migrations.RunSQL.noop),
    ]
