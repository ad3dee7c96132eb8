"""Each guard of the books looks once per statement, and once at each row (docs/decisions/0046).

What a line, an entry and an allocation refer to is looked up by the trigger that judges them anyway; that an entry
balances is seen when the statement ends that writes it, with all its lines.
"""

from django.conf import settings
from django.db import migrations

DEFINER = """
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
"""

IN_PLACE_OF = """
DROP TRIGGER balanced ON ledger_entry;
DROP TRIGGER references_insert ON ledger_entry;
DROP TRIGGER references_insert ON ledger_line;
DROP TRIGGER references_insert ON ledger_allocation;
DROP FUNCTION ledger_entry_references(), ledger_line_references(), ledger_allocation_references();
"""

# RELIABILITY 1. An entry comes with its lines, in one statement: `line_count` of them, which sum up to zero in each
# currency. Together with `position <= line_count` no line can be added later, not even within the same transaction.
# A reversal is the mirror image of an entry, line by line, and is not reversed itself.
# It spells its tables out instead of setting a search path, and has no rights: what the tenant does not see is not there.
ENTRY_BALANCED = """
CREATE OR REPLACE FUNCTION ledger_entry_balanced() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    suspects bigint[];
    entry record;
BEGIN
    SELECT array_agg(n.id) INTO suspects FROM inserted n
        LEFT JOIN LATERAL (SELECT true AS found FROM public.base_command c
                           WHERE c.tenant_id = n.tenant_id AND c.id = n.command_id OFFSET 0) command ON true
        CROSS JOIN LATERAL (SELECT count(*) AS lines, sum(l.amount_minor) AS total,
                                   min(l.currency) AS one, max(l.currency) AS other
                            FROM public.ledger_line l WHERE l.tenant_id = n.tenant_id AND l.entry_id = n.id) written
        WHERE command.found IS NULL OR n.reverses_id IS NOT NULL
           OR written.lines <> n.line_count OR written.total <> 0 OR written.one <> written.other;
    IF suspects IS NULL THEN
        RETURN NULL;
    END IF;
    FOR entry IN
        SELECT n.*, written.lines, written.off, reversed.mirrored,
               EXISTS (SELECT FROM public.base_command c
                       WHERE c.tenant_id = n.tenant_id AND c.id = n.command_id) AS commanded
        FROM inserted n
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(s.lines), 0) AS lines,
                   string_agg(s.currency || ' ' || s.total, ', ') FILTER (WHERE s.total <> 0) AS off
            FROM (SELECT l.currency, count(*) AS lines, sum(l.amount_minor) AS total FROM public.ledger_line l
                  WHERE l.tenant_id = n.tenant_id AND l.entry_id = n.id GROUP BY l.currency) s
        ) written
        LEFT JOIN LATERAL (
            SELECT e.reverses_id IS NULL AND e.line_count = n.line_count AND NOT EXISTS (
                SELECT FROM public.ledger_line o
                LEFT JOIN public.ledger_line m ON m.tenant_id = o.tenant_id AND m.entry_id = n.id
                    AND m.position = o.position AND m.account_id = o.account_id
                    AND m.party_id IS NOT DISTINCT FROM o.party_id
                    AND m.currency = o.currency AND m.amount_minor = -o.amount_minor
                WHERE o.tenant_id = e.tenant_id AND o.entry_id = e.id AND m.amount_minor IS NULL
            ) AS mirrored
            FROM public.ledger_entry e WHERE e.tenant_id = n.tenant_id AND e.id = n.reverses_id
        ) reversed ON true
        WHERE n.id = ANY(suspects)
    LOOP
        IF NOT entry.commanded THEN
            RAISE EXCEPTION 'ledger_entry.command_id refers to no row'
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_entry_command_id_fk';
        ELSIF entry.reverses_id IS NOT NULL AND entry.mirrored IS NULL THEN
            RAISE EXCEPTION 'ledger_entry.reverses_id refers to no row'
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_entry_reverses_id_fk';
        ELSIF entry.lines <> entry.line_count THEN
            RAISE EXCEPTION 'entry % has % lines instead of %', entry.id, entry.lines, entry.line_count
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_complete';
        ELSIF entry.off IS NOT NULL THEN
            RAISE EXCEPTION 'entry % does not balance: %', entry.id, entry.off
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced';
        ELSIF NOT entry.mirrored THEN
            RAISE EXCEPTION 'entry % is no mirror image of entry %', entry.id, entry.reverses_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_mirrored';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER balanced AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_balanced();
"""

LINES_INSERTED = f"""
CREATE OR REPLACE FUNCTION ledger_lines_inserted() RETURNS trigger {DEFINER} AS $$
DECLARE
    bad record;
BEGIN
    SELECT l.entry_id, e.line_count IS NULL OR l.position > e.line_count AS late,
           l.party_id IS NOT NULL AND p.found IS NULL AS unknown INTO bad FROM inserted l
        LEFT JOIN LATERAL (SELECT e.line_count FROM ledger_entry e
                           WHERE e.tenant_id = l.tenant_id AND e.id = l.entry_id OFFSET 0) e ON true
        LEFT JOIN LATERAL (SELECT a.control FROM ledger_account a
                           WHERE a.tenant_id = l.tenant_id AND a.id = l.account_id OFFSET 0) a ON true
        LEFT JOIN LATERAL (SELECT true AS found FROM parties_party p
                           WHERE p.tenant_id = l.tenant_id AND p.id = l.party_id OFFSET 0) p ON true
        WHERE e.line_count IS NULL OR l.position > e.line_count OR a.control IS DISTINCT FROM (l.party_id IS NOT NULL)
           OR (l.party_id IS NOT NULL AND p.found IS NULL)
        LIMIT 1;
    IF bad.late THEN
        RAISE EXCEPTION 'entry % takes no more lines', bad.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_line_late';
    ELSIF bad.unknown THEN
        RAISE EXCEPTION 'ledger_line.party_id refers to no row'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_line_party_id_fk';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'entry %: a line has a party if and only if it stands on a control account', bad.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_line_party';
    END IF;
    INSERT INTO ledger_openitem (tenant_id, account_id, party_id, side, currency, amount_minor, item_date, due_date,
                                 subject_kind, subject_id, entry_id, position)
        SELECT l.tenant_id, l.account_id, l.party_id, CASE WHEN l.amount_minor > 0 THEN 'debit' ELSE 'credit' END,
               l.currency, abs(l.amount_minor), e.entry_date, l.due_date, e.subject_kind, e.subject_id,
               l.entry_id, l.position
        FROM inserted l
        CROSS JOIN LATERAL (SELECT e.entry_date, e.subject_kind, e.subject_id FROM ledger_entry e
                            WHERE e.tenant_id = l.tenant_id AND e.id = l.entry_id OFFSET 0) e
        WHERE l.party_id IS NOT NULL ORDER BY l.entry_id, l.position;
    INSERT INTO ledger_balance AS b (tenant_id, party_id, account_id, currency, balance_minor)
        SELECT l.tenant_id, l.party_id, l.account_id, l.currency, sum(l.amount_minor) FROM inserted l
        WHERE l.party_id IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (tenant_id, party_id, account_id, currency)
        DO UPDATE SET balance_minor = b.balance_minor + excluded.balance_minor;
    RETURN NULL;
END $$;
"""

ALLOCATIONS_INSERTED = f"""
CREATE OR REPLACE FUNCTION ledger_allocations_inserted() RETURNS trigger {DEFINER}
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    places tid[];
    totals bigint[];
    bad record;
BEGIN
    -- Locked in id order, so that two allocations of the same items do not wait for each other in a circle.
    SELECT array_agg(locked.place), array_agg(touched.total) INTO places, totals FROM (
        SELECT tenant_id, item_id, sum(amount_minor)::bigint AS total FROM (
            SELECT tenant_id, debit_item_id AS item_id, amount_minor FROM inserted
            UNION ALL SELECT tenant_id, credit_item_id, amount_minor FROM inserted
        ) sides GROUP BY 1, 2 ORDER BY 1, 2
    ) touched CROSS JOIN LATERAL (
        SELECT i.ctid AS place FROM ledger_openitem i WHERE i.tenant_id = touched.tenant_id AND i.id = touched.item_id
        OFFSET 0 FOR NO KEY UPDATE
    ) locked;
    -- Planned anew each time (EXECUTE), each row found by its place: whatever is known of sizes.
    EXECUTE 'UPDATE ledger_openitem i SET allocated_minor = i.allocated_minor + t.total
             FROM unnest($1, $2) AS t (place, total) WHERE i.ctid = t.place' USING places, totals;
    SELECT a.id, m.found IS NULL AS uncommanded INTO bad FROM inserted a
        LEFT JOIN LATERAL (SELECT true AS found FROM base_command c
                           WHERE c.tenant_id = a.tenant_id AND c.id = a.command_id OFFSET 0) m ON true
        LEFT JOIN LATERAL (SELECT i.id, i.side, i.party_id, i.account_id, i.currency FROM ledger_openitem i
                           WHERE i.tenant_id = a.tenant_id AND i.id = a.debit_item_id OFFSET 0) d ON true
        LEFT JOIN LATERAL (SELECT i.id, i.side, i.party_id, i.account_id, i.currency FROM ledger_openitem i
                           WHERE i.tenant_id = a.tenant_id AND i.id = a.credit_item_id OFFSET 0) c ON true
        LEFT JOIN LATERAL (SELECT r.* FROM ledger_allocation r
                           WHERE r.tenant_id = a.tenant_id AND r.id = a.reverses_id OFFSET 0) r ON true
        WHERE m.found IS NULL
           OR d.id IS NULL OR c.id IS NULL OR d.side <> 'debit' OR c.side <> 'credit' OR d.party_id <> c.party_id
           OR d.account_id <> c.account_id OR d.currency <> c.currency
           OR (a.reverses_id IS NOT NULL AND (r.id IS NULL OR r.reverses_id IS NOT NULL
               OR r.debit_item_id <> a.debit_item_id OR r.credit_item_id <> a.credit_item_id
               OR r.amount_minor <> -a.amount_minor)) LIMIT 1;
    IF bad.uncommanded THEN
        RAISE EXCEPTION 'ledger_allocation.command_id refers to no row'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_allocation_command_id_fk';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'allocation % joins items that do not belong together', bad.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_allocation_pair';
    END IF;
    SELECT a.id INTO bad FROM inserted a JOIN inserted r ON r.tenant_id = a.tenant_id AND r.id = a.reverses_id
        WHERE a.reverses_id IS NOT NULL LIMIT 1;
    IF FOUND THEN  -- the two would cancel out in the sum above, however much they are
        RAISE EXCEPTION 'allocation % takes back what is only being allocated', bad.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_allocation_pair';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """One guard for each table of the books."""

    dependencies = [("ledger", "0007_books_out_isolation")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            IN_PLACE_OF,
            ENTRY_BALANCED,
            LINES_INSERTED,
            ALLOCATIONS_INSERTED,
            f"REVOKE ALL ON FUNCTION ledger_entry_balanced() FROM PUBLIC, {settings.KVIT_APP_ROLE}",
        )
    ]
