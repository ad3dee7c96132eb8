"""Row-level security and rights of the archive; what is frozen stays, what must be kept cannot go."""

from django.db import migrations

from kvit.base.isolation import isolate

# Whatever the application does: contents leave after the last day of their file only, terms are never shortened, and
# a sheet is as it was frozen until it is emptied with its file. The check `documents_file_kept` holds the dates apart.
KEPT = """
CREATE FUNCTION documents_content_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM documents_file f WHERE f.tenant_id = OLD.tenant_id AND f.sha256 = OLD.sha256
                   AND f.erased_date IS NOT NULL) THEN
        RAISE EXCEPTION 'the content of a file must be kept until its term is over'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'documents_content_kept';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER kept BEFORE DELETE ON documents_content
    FOR EACH ROW EXECUTE FUNCTION documents_content_kept();
CREATE FUNCTION documents_file_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.keep_until < OLD.keep_until OR NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size THEN
        RAISE EXCEPTION 'file %: a term is never shortened and a content never changed', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'documents_file_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON documents_file FOR EACH ROW EXECUTE FUNCTION documents_file_kept();
CREATE TRIGGER append_only BEFORE DELETE ON documents_file FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE FUNCTION documents_sheet_frozen() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - '{body}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{body}'::text[] OR NEW.body <> '' OR
        NOT EXISTS (SELECT FROM documents_rendering r
                JOIN documents_file f ON f.tenant_id = r.tenant_id AND f.id = r.file_id
                WHERE r.tenant_id = OLD.tenant_id AND r.sheet_id = OLD.id AND f.erased_date IS NOT NULL) THEN
        RAISE EXCEPTION 'sheet % is frozen', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'documents_sheet_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON documents_sheet FOR EACH ROW EXECUTE FUNCTION documents_sheet_frozen();
CREATE TRIGGER append_only BEFORE DELETE ON documents_sheet FOR EACH ROW EXECUTE FUNCTION base_append_only();
"""
# PDFs are deflated already: trying again costs time and saves nothing.
AS_IT_IS = "ALTER TABLE documents_content ALTER COLUMN content SET STORAGE EXTERNAL"


class Migration(migrations.Migration):
    """Isolate and guard the tables of documents."""

    dependencies = [("documents", "0001_initial"), ("base", "0002_isolation")]

    operations = [
        *isolate("documents_look", references={"command_id": "base_command"}),
        *isolate("documents_sheet", update=("body",), references={"command_id": "base_command"}, per_statement=True),
        *isolate(
            "documents_file",
            update=("keep_until", "erased_date", "store"),
            references={"command_id": "base_command"},
            per_statement=True,
        ),
        *isolate("documents_content", delete=True),
        *isolate(
            "documents_filing",
            references={"file_id": "documents_file", "command_id": "base_command"},
            per_statement=True,
        ),
        *isolate(
            "documents_rendering",
            update=("state", "reason", "file_id"),
            references={"sheet_id": "documents_sheet", "file_id": "documents_file", "command_id": "base_command"},
            per_statement=True,
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(AS_IT_IS, migrations.RunSQL.noop),
    ]
