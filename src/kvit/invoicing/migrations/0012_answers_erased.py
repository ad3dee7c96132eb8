"""Who answered a confirmation, and in what words, can be erased, once and for good; what was answered stays."""

from django.conf import settings
from django.db import migrations

# Names and words become the neutral text of `parties.domain.erasure` or, inside the differences, nothing; else an
# answer is evidence and stays as it came.
ERASED = f"""
CREATE FUNCTION invoicing_answer_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    personal text[] := '{{name,role,explanation}}';
    old_row jsonb := to_jsonb(OLD) - 'differences';
    new_row jsonb := to_jsonb(NEW) - 'differences';
    is_kept boolean;
BEGIN
    is_kept := new_row - personal IS NOT DISTINCT FROM old_row - personal AND NOT EXISTS (
        SELECT FROM unnest(personal) AS p (named)
        WHERE new_row -> named IS DISTINCT FROM old_row -> named AND new_row ->> named IS DISTINCT FROM '[erased]'
    );
    IF NEW.differences IS DISTINCT FROM OLD.differences THEN
        is_kept := is_kept
            AND (SELECT jsonb_agg(d - 'note' ORDER BY n)
                 FROM jsonb_array_elements(NEW.differences::jsonb) WITH ORDINALITY AS e (d, n))
                IS NOT DISTINCT FROM
                (SELECT jsonb_agg(d - 'note' ORDER BY n)
                 FROM jsonb_array_elements(OLD.differences::jsonb) WITH ORDINALITY AS e (d, n))
            AND NOT EXISTS (SELECT FROM jsonb_array_elements(NEW.differences::jsonb) AS e (d) WHERE d ->> 'note' <> '');
    END IF;
    IF NOT is_kept THEN
        RAISE EXCEPTION 'answer % stays as it was given, or its words are erased', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER append_only ON invoicing_confirmationanswer;
CREATE TRIGGER append_only BEFORE DELETE ON invoicing_confirmationanswer
    FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE TRIGGER kept BEFORE UPDATE ON invoicing_confirmationanswer
    FOR EACH ROW EXECUTE FUNCTION invoicing_answer_kept();
GRANT UPDATE (name, role, explanation, differences) ON invoicing_confirmationanswer TO {settings.KVIT_APP_ROLE};
"""


class Migration(migrations.Migration):
    """Names and words of an answer may be erased."""

    dependencies = [("invoicing", "0011_once_where_given")]

    operations = [migrations.RunSQL(ERASED, migrations.RunSQL.noop)]
