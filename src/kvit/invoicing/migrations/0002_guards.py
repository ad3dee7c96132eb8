"""Row-level security and rights of the invoicing tables; an issued document is final; serials of references."""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import isolate

ISSUED_IS_FINAL = """
CREATE FUNCTION invoicing_issued_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{due_date}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{due_date}'::text[] THEN
        RAISE EXCEPTION 'document % is issued and final; credit it instead', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoicing_issued_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER issued_is_final BEFORE UPDATE ON invoicing_invoice
    FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION invoicing_issued_is_final();
CREATE TRIGGER append_only BEFORE DELETE ON invoicing_invoice
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON invoicing_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION base_append_only();
"""

# A draft's lines are written with it; a changed draft is a new draft. So lines are only ever added, and never to a
# document that is issued. What the function does not see it refuses, for the setting of the tenant may change under it.
LINES_OF_DRAFTS = """
CREATE FUNCTION invoicing_lines_of_drafts() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF EXISTS (SELECT FROM inserted l
               LEFT JOIN LATERAL (SELECT i.state FROM invoicing_invoice i
                                  WHERE i.tenant_id = l.tenant_id AND i.id = l.invoice_id OFFSET 0) i ON true
               WHERE i.state IS DISTINCT FROM 'draft') THEN
        RAISE EXCEPTION 'only a draft takes lines'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoicing_issued_is_final';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER of_drafts AFTER INSERT ON invoicing_invoiceline REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_lines_of_drafts();
CREATE TRIGGER of_drafts AFTER INSERT ON invoicing_vattotal REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_lines_of_drafts();
"""


class Migration(migrations.Migration):
    """Isolate and guard the invoicing tables."""

    dependencies = [("invoicing", "0001_initial"), ("base", "0002_isolation"), ("parties", "0002_isolation")]

    operations = [
        *isolate("invoicing_customer", update=("terms_days", "currency"), references={"party_id": "parties_party"}),
        *isolate("invoicing_series", update=("next_sequence",), references={"supplier_id": "parties_party"}),
        *isolate(
            "invoicing_invoice",
            update=(
                "state",
                "series_id",
                "sequence",
                "number",
                "payment_reference",
                "issue_date",
                "due_date",
            ),
            references={
                "supplier_id": "parties_party",
                "customer_id": "invoicing_customer",
                "credits_id": "invoicing_invoice",
                "series_id": "invoicing_series",
                "command_id": "base_command",
            },
        ),
        *isolate("invoicing_invoiceline", references={"invoice_id": "invoicing_invoice"}),
        *isolate("invoicing_vattotal", references={"invoice_id": "invoicing_invoice"}),
        *isolate("invoicing_duedatemove", references={"invoice_id": "invoicing_invoice", "command_id": "base_command"}),
        migrations.RunSQL(ISSUED_IS_FINAL, migrations.RunSQL.noop),
        migrations.RunSQL(LINES_OF_DRAFTS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE SEQUENCE invoicing_payment_serial; "
            f"GRANT USAGE ON SEQUENCE invoicing_payment_serial TO {settings.KVIT_APP_ROLE}",
            migrations.RunSQL.noop,
        ),
    ]
