"""Row-level security of the books, and the triggers that keep them balanced, append-only and consistent.

The trigger functions fix their plans: the new rows drive, each looks its partner up by primary key (`LATERAL …
OFFSET 0`, no sequential scan). A plan cached while the tables are small must not turn a large import quadratic.
"""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import isolate

DEFINER = """
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
"""

POSTING_LOCK, CHECKPOINT_LOCK = 0x4B76, 0x4B77  # advisory, each with the tenant's number

# Nobody chooses the id of an entry: it is drawn here, under a lock that postings share until they commit. Whoever
# holds that lock alone knows that no entry with a smaller id is still on its way.
ENTRY_IN_ORDER = f"""
CREATE FUNCTION ledger_entry_in_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({POSTING_LOCK}, nullif(current_setting('app.tenant', true), '')::integer);
    RETURN NULL;
END $$;
CREATE TRIGGER in_order BEFORE INSERT ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_in_order();
"""

# RELIABILITY 1: one deferred check per header. It counts as well, so that together with `position <= line_count`
# no line can ever be added to an entry that was once found complete, not even within its own transaction.
# A reversal is the mirror image of an entry, line by line, and is not reversed itself.
# It runs for every entry at commit, so it spells its tables out instead of setting a search path, and has no rights.
ENTRY_BALANCED = """
CREATE FUNCTION ledger_entry_balanced() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    lines bigint;
    total numeric;
    one text;
    other text;
    off text;
    mirrored boolean := true;
    scope text := current_setting('app.tenant', true);
BEGIN
    IF scope IS DISTINCT FROM NEW.tenant_id::text THEN
        PERFORM set_config('app.tenant', NEW.tenant_id::text, true);
    END IF;
    SELECT count(*), sum(l.amount_minor), min(l.currency), max(l.currency) INTO lines, total, one, other
        FROM public.ledger_line l WHERE l.tenant_id = NEW.tenant_id AND l.entry_id = NEW.id;
    IF one <> other THEN
        SELECT string_agg(s.currency || ' ' || s.total, ', ') INTO off
            FROM (SELECT l.currency, sum(l.amount_minor) AS total FROM public.ledger_line l
                  WHERE l.tenant_id = NEW.tenant_id AND l.entry_id = NEW.id GROUP BY l.currency) s WHERE s.total <> 0;
    ELSIF total <> 0 THEN
        off := one || ' ' || total;
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT count(m.amount_minor) = NEW.line_count AND count(*) = NEW.line_count INTO mirrored
            FROM public.ledger_entry e JOIN public.ledger_line o ON o.tenant_id = e.tenant_id AND o.entry_id = e.id
            LEFT JOIN public.ledger_line m ON m.tenant_id = o.tenant_id AND m.entry_id = NEW.id AND m.position = o.position
                AND m.account_id = o.account_id AND m.party_id IS NOT DISTINCT FROM o.party_id
                AND m.currency = o.currency AND m.amount_minor = -o.amount_minor
            WHERE e.tenant_id = NEW.tenant_id AND e.id = NEW.reverses_id AND e.reverses_id IS NULL;
    END IF;
    IF scope IS DISTINCT FROM NEW.tenant_id::text THEN
        PERFORM set_config('app.tenant', coalesce(scope, ''), true);
    END IF;
    IF lines <> NEW.line_count THEN
        RAISE EXCEPTION 'entry % has % lines instead of %', NEW.id, lines, NEW.line_count
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_complete';
    END IF;
    IF off IS NOT NULL THEN
        RAISE EXCEPTION 'entry % does not balance: %', NEW.id, off
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced';
    END IF;
    IF NOT mirrored THEN
        RAISE EXCEPTION 'entry % is no mirror image of entry %', NEW.id, NEW.reverses_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_mirrored';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_balanced();
"""

LINES_INSERTED = f"""
CREATE FUNCTION ledger_lines_inserted() RETURNS trigger {DEFINER} AS $$
DECLARE
    bad record;
BEGIN
    SELECT l.entry_id, e.line_count IS NULL OR l.position > e.line_count AS late INTO bad FROM inserted l
        LEFT JOIN LATERAL (SELECT e.line_count FROM ledger_entry e
                           WHERE e.tenant_id = l.tenant_id AND e.id = l.entry_id OFFSET 0) e ON true
        LEFT JOIN LATERAL (SELECT a.control FROM ledger_account a
                           WHERE a.tenant_id = l.tenant_id AND a.id = l.account_id OFFSET 0) a ON true
        WHERE e.line_count IS NULL OR l.position > e.line_count OR a.control IS DISTINCT FROM (l.party_id IS NOT NULL)
        LIMIT 1;
    IF bad.late THEN
        RAISE EXCEPTION 'entry % takes no more lines', bad.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_line_late';
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
CREATE TRIGGER inserted AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_inserted();
"""

ALLOCATIONS_INSERTED = f"""
CREATE FUNCTION ledger_allocations_inserted() RETURNS trigger {DEFINER}
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    bad bigint;
BEGIN
    -- Locked in id order, so that two allocations of the same items do not wait for each other in a circle.
    PERFORM 1 FROM (
        SELECT tenant_id, debit_item_id AS item_id FROM inserted UNION SELECT tenant_id, credit_item_id FROM inserted
        ORDER BY 1, 2
    ) touched CROSS JOIN LATERAL (
        SELECT i.id FROM ledger_openitem i WHERE i.tenant_id = touched.tenant_id AND i.id = touched.item_id
        OFFSET 0 FOR NO KEY UPDATE
    ) locked;
    -- Planned anew each time (EXECUTE), each row found by its key and then by its place: whatever is known of sizes.
    EXECUTE $update$
        UPDATE ledger_openitem i SET allocated_minor = i.allocated_minor + t.total FROM (
            SELECT touched.total, found.at FROM (
                SELECT tenant_id, item_id, sum(amount_minor)::bigint AS total FROM (
                    SELECT tenant_id, debit_item_id AS item_id, amount_minor FROM inserted
                    UNION ALL SELECT tenant_id, credit_item_id, amount_minor FROM inserted
                ) sides GROUP BY 1, 2
            ) touched CROSS JOIN LATERAL (
                SELECT o.ctid AS at FROM ledger_openitem o
                WHERE o.tenant_id = touched.tenant_id AND o.id = touched.item_id OFFSET 0
            ) found
        ) t WHERE i.ctid = t.at $update$;
    SELECT a.id INTO bad FROM inserted a
        LEFT JOIN LATERAL (SELECT i.id, i.side, i.party_id, i.account_id, i.currency FROM ledger_openitem i
                           WHERE i.tenant_id = a.tenant_id AND i.id = a.debit_item_id OFFSET 0) d ON true
        LEFT JOIN LATERAL (SELECT i.id, i.side, i.party_id, i.account_id, i.currency FROM ledger_openitem i
                           WHERE i.tenant_id = a.tenant_id AND i.id = a.credit_item_id OFFSET 0) c ON true
        LEFT JOIN LATERAL (SELECT r.* FROM ledger_allocation r
                           WHERE r.tenant_id = a.tenant_id AND r.id = a.reverses_id OFFSET 0) r ON true
        WHERE d.id IS NULL OR c.id IS NULL OR d.side <> 'debit' OR c.side <> 'credit' OR d.party_id <> c.party_id
           OR d.account_id <> c.account_id OR d.currency <> c.currency
           OR (a.reverses_id IS NOT NULL AND (r.id IS NULL OR r.reverses_id IS NOT NULL
               OR r.debit_item_id <> a.debit_item_id OR r.credit_item_id <> a.credit_item_id
               OR r.amount_minor <> -a.amount_minor)) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'allocation % joins items that do not belong together', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_allocation_pair';
    END IF;
    SELECT a.id INTO bad FROM inserted a JOIN inserted r ON r.tenant_id = a.tenant_id AND r.id = a.reverses_id
        WHERE a.reverses_id IS NOT NULL LIMIT 1;
    IF FOUND THEN  -- the two would cancel out in the sum above, however much they are
        RAISE EXCEPTION 'allocation % takes back what is only being allocated', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_allocation_pair';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inserted AFTER INSERT ON ledger_allocation REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_allocations_inserted();
"""

# RELIABILITY 2. The application may ask for a checkpoint but not say what is in it. One at a time, so that none is
# summed from another one that reaches further. The lock of postings is let go by rolling back the inner block.
TAKE_CHECKPOINT = f"""
CREATE FUNCTION ledger_take_checkpoint(command bigint, OUT through bigint, OUT balances bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tenant integer := current_setting('app.tenant')::integer;
BEGIN
    PERFORM pg_advisory_xact_lock({CHECKPOINT_LOCK}, tenant);
    BEGIN
        PERFORM pg_advisory_xact_lock({POSTING_LOCK}, tenant);
        SELECT coalesce(max(e.id), 0) INTO through FROM ledger_entry e WHERE e.tenant_id = tenant;
        RAISE EXCEPTION USING ERRCODE = 'KV001';
    EXCEPTION WHEN SQLSTATE 'KV001' THEN NULL;
    END;
    INSERT INTO ledger_checkpoint (tenant_id, account_id, currency, through_entry_id, balance_minor, command_id)
        SELECT tenant, a.id, sums.currency, through, sum(sums.total)::bigint, command
        FROM ledger_account a
        CROSS JOIN LATERAL (
            SELECT DISTINCT ON (c.currency) c.currency, c.balance_minor AS total, c.through_entry_id
            FROM ledger_checkpoint c WHERE c.account_id = a.id ORDER BY c.currency, c.id DESC
        ) latest
        CROSS JOIN LATERAL (
            SELECT latest.currency, latest.total
            UNION ALL
            SELECT l.currency, l.amount_minor FROM ledger_line l
            WHERE l.account_id = a.id AND l.currency = latest.currency
              AND l.entry_id > latest.through_entry_id AND l.entry_id <= through
        ) sums
        WHERE NOT a.control GROUP BY a.id, sums.currency
        UNION ALL
        SELECT tenant, l.account_id, l.currency, through, sum(l.amount_minor)::bigint, command
        FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
        WHERE NOT a.control AND l.entry_id <= through AND NOT EXISTS (
            SELECT FROM ledger_checkpoint c WHERE c.account_id = l.account_id AND c.currency = l.currency)
        GROUP BY l.account_id, l.currency;
    GET DIAGNOSTICS balances = ROW_COUNT;
END $$;
REVOKE ALL ON FUNCTION ledger_take_checkpoint(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_take_checkpoint(bigint) TO {settings.KVIT_APP_ROLE};
"""

NOTHING_VANISHES = """
CREATE TRIGGER append_only BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION base_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION base_append_only();
"""


class Migration(migrations.Migration):
    """Isolate and guard the books."""

    dependencies = [("ledger", "0001_initial"), ("base", "0002_isolation"), ("parties", "0002_isolation")]

    operations = [
        *isolate("ledger_account"),
        *isolate(
            "ledger_entry",
            insert=(
                *("tenant_id", "entry_date", "recorded_at", "kind", "subject_kind", "subject_id"),
                *("line_count", "command_id", "reverses_id"),
            ),
            per_statement=True,
            references={"command_id": "base_command", "reverses_id": "ledger_entry"},
        ),
        *isolate(
            "ledger_line",
            keyed=True,
            per_statement=True,
            references={"entry_id": "ledger_entry", "account_id": "ledger_account", "party_id": "parties_party"},
        ),
        # its rows are copies of lines, made by the trigger below, and point where those do
        *isolate("ledger_openitem", insert=False, update=("due_date",)),
        *isolate(
            "ledger_allocation",
            per_statement=True,
            references={
                "debit_item_id": "ledger_openitem",
                "credit_item_id": "ledger_openitem",
                "command_id": "base_command",
                "reverses_id": "ledger_allocation",
            },
        ),
        *isolate("ledger_balance", keyed=True, insert=False, update=None),
        *isolate(
            "ledger_checkpoint",
            insert=False,
            references={"account_id": "ledger_account", "command_id": "base_command"},
        ),
        *[
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (
                ENTRY_IN_ORDER,
                ENTRY_BALANCED,
                LINES_INSERTED,
                ALLOCATIONS_INSERTED,
                TAKE_CHECKPOINT,
                NOTHING_VANISHES.format(table="ledger_openitem"),
                NOTHING_VANISHES.format(table="ledger_balance"),
                # Room on each page for the new rows of all its items, once they are settled, and for some balances: no
                # index speaks of what is open, so that a row that stays on its page costs no entry in any.
                "ALTER TABLE ledger_openitem SET (fillfactor = 45)",
                "ALTER TABLE ledger_balance SET (fillfactor = 80)",
                "REVOKE ALL ON FUNCTION ledger_entry_balanced(), ledger_lines_inserted(), "
                f"ledger_allocations_inserted() FROM PUBLIC, {settings.KVIT_APP_ROLE}",
            )
        ],
    ]
