"""Row-level security, rights and guards of the tables of parties."""

from collections.abc import Sequence

from django.db import migrations

from kvit.base.isolation import append_only, isolate

# Most rows here are evidence: a few named columns may change, and personal text may become the neutral
# text of `domain.erasure` and nothing else, so that the erasure of a person never rewrites what was known.
KEPT_FUNCTION = """
CREATE FUNCTION parties_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changing text[] := string_to_array(TG_ARGV[0], ',');
    erasable text[] := string_to_array(TG_ARGV[1], ',');
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    named text;
BEGIN
    IF TG_OP = 'DELETE' OR new_row - changing - erasable IS DISTINCT FROM old_row - changing - erasable THEN
        RAISE EXCEPTION '% of % is refused: its rows are kept', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'parties_kept';
    END IF;
    FOREACH named IN ARRAY erasable LOOP
        IF new_row -> named IS DISTINCT FROM old_row -> named AND new_row ->> named IS DISTINCT FROM '[erased]' THEN
            RAISE EXCEPTION '%.% can be erased, not rewritten', TG_TABLE_NAME, named
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'parties_kept';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""


def keep(
    table: str, *, references: Sequence[str] = (), changing: Sequence[str] = (), erasable: Sequence[str]
) -> list[migrations.RunSQL]:
    """Isolate a table of which only these columns ever change, whoever asks."""
    targets = {"party_id": "parties_party", "command_id": "base_command", **dict.fromkeys(references, "base_command")}
    guards = [
        f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION parties_kept('{','.join(changing)}', '{','.join(erasable)}')",
        append_only(table)[1],
    ]
    return [
        *isolate(table, references=targets, update=(*changing, *erasable)),
        *(migrations.RunSQL(guard, migrations.RunSQL.noop) for guard in guards),
    ]


class Migration(migrations.Migration):
    """Isolate every table of parties."""

    dependencies = [("parties", "0001_initial"), ("base", "0002_isolation")]

    operations = [
        migrations.RunSQL(KEPT_FUNCTION, "DROP FUNCTION parties_kept()"),
        *isolate(
            "parties_party",
            references={"command_id": "base_command"},
            update=("name", "name_key", "language", "erased_at"),
        ),
        *isolate("parties_namestart", references={"party_id": "parties_party"}, delete=True),
        *keep("parties_formername", erasable=("name",)),
        *keep(
            "parties_address",
            references=("closed_by_id",),
            changing=("closed_at", "closed_by_id"),
            erasable=("street", "postal_code", "city"),
        ),
        *keep(
            "parties_contact",
            references=("closed_by_id",),
            changing=("closed_at", "closed_by_id"),
            erasable=("value",),
        ),
        *keep("parties_consent", erasable=("evidence",)),
        *keep(
            "parties_identity",
            changing=("state", "source", "evidence", "checked_date"),
            erasable=("value",),
        ),
        *keep("parties_fact", erasable=("value",)),
    ]
