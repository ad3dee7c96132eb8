"""Files can be erased: content, name and hash go once and for good, the row stays; nothing else of them changes."""

from django.conf import settings
from django.db import migrations, models

# A part goes only after its file said so, and a file says nothing but that it is erased, once.
ERASED = f"""
CREATE FUNCTION base_file_erased() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.sha256 <> 'erased-' || OLD.id OR NEW.name <> ''
            OR to_jsonb(NEW) - '{{sha256,name,erased_at}}'::text[]
               IS DISTINCT FROM to_jsonb(OLD) - '{{sha256,name,erased_at}}'::text[] THEN
        RAISE EXCEPTION 'file % stays as it came, or is erased', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION base_filepart_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM base_file f WHERE f.tenant_id = OLD.tenant_id AND f.sha256 = OLD.sha256) THEN
        RAISE EXCEPTION 'a part of a file that is kept cannot go'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'base_filepart_kept';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER append_only ON base_file;
DROP TRIGGER append_only ON base_filepart;
CREATE TRIGGER append_only BEFORE DELETE ON base_file FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE TRIGGER erased BEFORE UPDATE ON base_file FOR EACH ROW EXECUTE FUNCTION base_file_erased();
CREATE TRIGGER append_only BEFORE UPDATE ON base_filepart FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE TRIGGER kept BEFORE DELETE ON base_filepart FOR EACH ROW EXECUTE FUNCTION base_filepart_kept();
GRANT UPDATE (sha256, name, erased_at) ON base_file TO {settings.KVIT_APP_ROLE};
GRANT DELETE ON base_filepart TO {settings.KVIT_APP_ROLE};
"""


class Migration(migrations.Migration):
    """A file may be erased."""

    dependencies = [("base", "0005_tenant_ids")]

    operations = [
        migrations.AddField("file", "erased_at", models.DateTimeField(null=True)),
        migrations.RunSQL(ERASED, migrations.RunSQL.noop),
    ]
