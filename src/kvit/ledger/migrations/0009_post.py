"""Postings are one call: a function of the database writes command, entries and lines (docs/decisions/0048)."""

from django.db import migrations

from kvit.base import recording

WRITTEN = """entries AS (
        INSERT INTO ledger_entry (tenant_id, entry_date, recorded_at, kind, subject_kind, subject_id, line_count,
                                  command_id, reverses_id)
        SELECT tenant, e.entry_date, asked_at, e.kind, e.subject_kind, e.subject_id, jsonb_array_length(e.lines),
               command, e.reverses_id
        FROM ROWS FROM (jsonb_to_recordset(postings) AS (entry_date date, kind text, subject_kind text,
                        subject_id bigint, lines jsonb, reverses_id bigint)) WITH ORDINALITY AS e
        ORDER BY e.ordinality RETURNING id
    ),
    ids AS MATERIALIZED (SELECT coalesce(array_agg(id ORDER BY id), '{}') AS every FROM entries),
    lines AS (
        INSERT INTO ledger_line (tenant_id, entry_id, position, account_id, currency, amount_minor, party_id, due_date)
        SELECT tenant, ids.every[e.ordinality], l.ordinality,
               (SELECT a.id FROM ledger_account a WHERE a.tenant_id = tenant AND a.code = l.account),
               l.currency, l.amount_minor, l.party_id, l.due_date
        FROM ids, ROWS FROM (jsonb_to_recordset(postings) AS (lines jsonb)) WITH ORDINALITY AS e
        CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(e.lines) AS (account text, currency text, amount_minor bigint,
                                      party_id bigint, due_date date)) WITH ORDINALITY AS l
    )"""


class Migration(migrations.Migration):
    """One call posts."""

    dependencies = [("ledger", "0008_guards_per_statement"), ("base", "0007_keyed_commands")]

    operations = [
        *recording.function(
            "ledger_post",
            "postings jsonb",
            written=WRITTEN,
            answer="jsonb_build_object('entry_ids', ids.every)",
            made="ids",
        )
    ]
