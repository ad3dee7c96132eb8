"""Row-level security and rights of payment files, and the trigger without which one person could pay alone."""

from django.db import migrations

from kvit.base.isolation import isolate

# RELIABILITY, scorecard 17: whatever the application does, a file that two persons have not signed, with the content
# that it has, stands nowhere but at its beginning or is discarded.
TWO_SIGNATURES = """
CREATE FUNCTION banking_paymentfile_two_signatures() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state NOT IN ('made', 'discarded') AND (
        SELECT count(DISTINCT s.person) FROM banking_paymentsignature s
        JOIN base_file f ON f.tenant_id = s.tenant_id AND f.sha256 = s.sha256
        WHERE s.tenant_id = NEW.tenant_id AND s.payment_file_id = NEW.id AND f.id = NEW.file_id
    ) < 2 THEN
        RAISE EXCEPTION 'payment file % is not signed by two persons', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'banking_paymentfile_two_signatures';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER two_signatures BEFORE INSERT OR UPDATE ON banking_paymentfile
    FOR EACH ROW EXECUTE FUNCTION banking_paymentfile_two_signatures();
"""


class Migration(migrations.Migration):
    """Isolate the tables of payment files."""

    dependencies = [("banking", "0003_payment_files"), ("base", "0002_isolation")]

    operations = [
        *isolate(
            "banking_paymentfile",
            update=("state",),
            references={"account_id": "banking_account", "file_id": "base_file", "command_id": "base_command"},
        ),
        *isolate(
            "banking_paymentsignature",
            references={"payment_file_id": "banking_paymentfile", "command_id": "base_command"},
        ),
        *isolate(
            "banking_payment",
            update=("state", "reason"),
            references={"payment_file_id": "banking_paymentfile", "command_id": "base_command"},
        ),
        migrations.RunSQL(TWO_SIGNATURES, migrations.RunSQL.noop),
    ]
