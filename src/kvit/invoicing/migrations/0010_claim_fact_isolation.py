"""Row-level security and rights of facts about claims; of what was said only the words go, once, when erased."""

from django.db import migrations

from kvit.base.isolation import append_only, isolate

# What a customer said is evidence: of a fact only the state moves, and of a remark only the words may be taken out.
KEPT_AS_SAID = """
CREATE FUNCTION invoicing_kept_as_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own text := TG_ARGV[0];
BEGIN
    IF to_jsonb(NEW) - own IS DISTINCT FROM to_jsonb(OLD) - own
            OR (own = 'words' AND (to_jsonb(OLD) ->> own IS NULL OR to_jsonb(NEW) ->> own IS NOT NULL)) THEN
        RAISE EXCEPTION 'what was said about a claim stays as it was said'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept_as_said BEFORE UPDATE ON invoicing_claimfact
    FOR EACH ROW EXECUTE FUNCTION invoicing_kept_as_said('state');
CREATE TRIGGER append_only BEFORE DELETE ON invoicing_claimfact
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE TRIGGER kept_as_said BEFORE UPDATE ON invoicing_remark
    FOR EACH ROW EXECUTE FUNCTION invoicing_kept_as_said('words');
CREATE TRIGGER append_only BEFORE DELETE ON invoicing_remark
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
"""


class Migration(migrations.Migration):
    """Isolate facts, disputed lines, remarks and rules."""

    dependencies = [("invoicing", "0009_claim_facts"), ("base", "0002_isolation")]

    operations = [
        *isolate(
            "invoicing_claimfact",
            update=("state",),
            references={"invoice_id": "invoicing_invoice", "file_id": "base_file", "command_id": "base_command"},
        ),
        *isolate(
            "invoicing_disputedline",
            references={"fact_id": "invoicing_claimfact", "line_id": "invoicing_invoiceline"},
        ),
        *isolate(
            "invoicing_remark",
            update=("words",),
            references={
                "invoice_id": "invoicing_invoice",
                "fact_id": "invoicing_claimfact",
                "command_id": "base_command",
            },
        ),
        *isolate("invoicing_claimrule", references={"command_id": "base_command"}),
        migrations.RunSQL(KEPT_AS_SAID, migrations.RunSQL.noop),
        *[
            migrations.RunSQL(append_only(t)[1], migrations.RunSQL.noop)
            for t in ("invoicing_claimfact", "invoicing_remark")
        ],
    ]
