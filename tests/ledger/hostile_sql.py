"""SQL that somebody might send who has got hold of the application's connection, and what refuses it.

Each case is a list of statements, run in one transaction of the application's role with Anna's tenant set and then
committed, and a pattern that the refusal must fit: a case that fails for another reason proves nothing.
Names in braces stand for ids (see `World`). What is *not* refused, and need not be: setting `app.tenant` to another
tenant. The setting is the application's own statement of whom it acts for; what is refused is crossing
within one scope.
"""

from typing import Final, NamedTuple

GUARDED: Final = (
    *("ledger_account", "ledger_entry", "ledger_line", "ledger_openitem", "ledger_allocation"),
    *("ledger_balance", "ledger_checkpoint", "base_command", "base_event", "base_statechange"),
)


NO_RIGHT: Final = "^42501 "  # insufficient privilege; the words differ between versions of the server


class Hostile(NamedTuple):
    """Statements and the pattern of `<sqlstate> <constraint> <message>` with which one of them is refused."""

    statements: tuple[str, ...]
    says: str


def entry(
    lines: int, *, tenant: str = "{tenant}", command: str = "{command}", reverses: str = "NULL", id: str = ""
) -> str:
    """An entry's header; with `id` it is chosen."""
    return f"""
        INSERT INTO ledger_entry ({"id, " if id else ""}tenant_id, entry_date, recorded_at, kind, subject_kind,
                                  subject_id, line_count, command_id, reverses_id)
        VALUES ({f"{id}, " if id else ""}{tenant}, '2026-03-02', now(), 'raw', 'test', 1,
                {lines}, {command}, {reverses})
    """


def line(
    position: int,
    account: str,
    minor: int,
    *,
    party: str = "NULL",
    currency: str = "SEK",
    entry: str = "(SELECT max(id) FROM ledger_entry)",
    tenant: str = "{tenant}",
) -> str:
    """A line, of the newest entry if none is named."""
    return f"""
        INSERT INTO ledger_line (tenant_id, entry_id, position, account_id, currency, amount_minor, party_id)
        VALUES ({tenant}, {entry}, {position}, {account}, '{currency}', {minor}, {party})
    """


def allocations(*given: tuple[str, str, int | str, str], id: str = "DEFAULT", tenant: str = "{tenant}") -> str:
    """Allocations in one statement: (debit item, credit item, amount, what it takes back)."""
    values = ", ".join(
        f"({id if number == 0 else 'DEFAULT'}, {tenant}, {debit}, {credit}, {minor}, '2026-03-02', now(), "
        f"{{command}}, {reverses})"
        for number, (debit, credit, minor, reverses) in enumerate(given)
    )
    return f"""
        INSERT INTO ledger_allocation (id, tenant_id, debit_item_id, credit_item_id, amount_minor, allocation_date,
                                       recorded_at, command_id, reverses_id) VALUES {values}
    """


DEBIT, CREDIT = line(1, "{receivable}", 100, party="{bo}"), line(2, "{sales}", -100)
GOOD_ENTRY: Final = (entry(2), DEBIT, CREDIT)
GOOD_ALLOCATION: Final = (allocations(("{invoice}", "{paid}", 1, "NULL")),)
GOOD_TAKING_BACK: Final = (allocations(("{invoice}", "{paid}", -40, "{settled}")),)

BALANCE: Final = {
    "an unbalanced entry": Hostile((entry(2), DEBIT, line(2, "{sales}", -99)), "does not balance: SEK 1$"),
    "an entry balanced over two currencies": Hostile(
        (entry(2), DEBIT, line(2, "{sales}", -100, currency="PLN")),
        "does not balance: (PLN -100, SEK 100|SEK 100, PLN)",
    ),
    "an unbalanced entry behind deferred checks": Hostile(
        ("SET CONSTRAINTS ALL DEFERRED", entry(2), DEBIT, line(2, "{sales}", -1)), "does not balance"
    ),
    "an unbalanced entry left behind in another tenant's scope": Hostile(
        (entry(2), DEBIT, line(2, "{sales}", -99), "SELECT set_config('app.tenant', '{her_tenant}', true)"),
        "does not balance",
    ),
    "an unbalanced entry with no tenant set at commit": Hostile(
        (entry(2), DEBIT, line(2, "{sales}", -99), "SELECT set_config('app.tenant', '', true)"), "does not balance"
    ),
    "an entry of one line": Hostile((entry(1), DEBIT), "ledger_entry_two_lines"),
    "an entry without lines": Hostile((entry(2),), "has 0 lines instead of 2"),
    "an entry that lacks a line": Hostile((entry(3), DEBIT, CREDIT), "has 2 lines instead of 3"),
    "a line of zero": Hostile((entry(3), DEBIT, CREDIT, line(3, "{sales}", 0)), "ledger_line_not_zero"),
    "a late line in the same transaction": Hostile(
        (*GOOD_ENTRY, "SET CONSTRAINTS ALL IMMEDIATE", line(3, "{sales}", 5)), "ledger_line_late"
    ),
    "late lines that balance in another transaction": Hostile(
        (line(3, "{receivable}", 5, party="{bo}", entry="{sale}"), line(4, "{sales}", -5, entry="{sale}")),
        "ledger_line_late",
    ),
    "a late line before the first": Hostile((line(0, "{sales}", 5, entry="{sale}"),), "ledger_line_position"),
    "a line in place of another": Hostile((line(2, "{sales}", 5, entry="{sale}"),), "23505 ledger_line_pkey"),
    "a line before its entry": Hostile((line(1, "{sales}", 5, entry="1000000000000"),), "ledger_line_late"),
    "a party on an account that is none's": Hostile(
        (entry(2), DEBIT, line(2, "{sales}", -100, party="{bo}")), "ledger_line_party"
    ),
    "nobody on a control account": Hostile((entry(2), line(1, "{receivable}", 100), CREDIT), "ledger_line_party"),
    "a reversal that is no mirror image": Hostile(
        (entry(2, reverses="{sale}"), line(1, "{receivable}", -1, party="{bo}"), line(2, "{sales}", 1)),
        "ledger_entry_mirrored",
    ),
    "a second reversal": Hostile((entry(2, reverses="{reversed}"), DEBIT, CREDIT), "ledger_entry_reversed_once"),
    "a reversal of a reversal": Hostile(
        (
            entry(2, reverses="{reversal}"),
            line(1, "{receivable}", 70, party="{eva}"),
            line(2, "{sales}", -70),
        ),
        "ledger_entry_mirrored",
    ),
}

APPEND_ONLY: Final = {
    **{
        f"{verb} of {table}": Hostile((statement.format(table=table),), f"42501 .*permission denied for table {table}")
        for table in GUARDED
        for verb, statement in (
            ("an update", "UPDATE {table} SET tenant_id = tenant_id"),
            ("a deletion", "DELETE FROM {table}"),
            ("a truncation", "TRUNCATE {table} CASCADE"),
        )
    },
    "an update of an amount": Hostile(("UPDATE ledger_line SET amount_minor = 1",), "permission denied"),
    "an update of what is settled": Hostile(("UPDATE ledger_openitem SET allocated_minor = 0",), "permission denied"),
    "an update of what is open": Hostile(("UPDATE ledger_openitem SET open_minor = 0",), "42501|428C9"),
    "an item of one's own": Hostile(
        ("INSERT INTO ledger_openitem (tenant_id, account_id) VALUES ({tenant}, {sales})",),
        "permission denied for table ledger_openitem",
    ),
    "a balance of one's own": Hostile(
        ("INSERT INTO ledger_balance (tenant_id, party_id) VALUES ({tenant}, {eva})",),
        "permission denied for table ledger_balance",
    ),
    "an update by way of an insert": Hostile(
        (
            "INSERT INTO ledger_account (tenant_id, code, name, control) VALUES ({tenant}, 'sales', 'x', true) "
            "ON CONFLICT (tenant_id, code) DO UPDATE SET control = true",
        ),
        "permission denied for table ledger_account",
    ),
    "a deletion by way of a merge": Hostile(
        ("MERGE INTO ledger_line l USING ledger_entry e ON e.id = l.entry_id WHEN MATCHED THEN DELETE",),
        "permission denied for table ledger_line",
    ),
    "a deletion within a reading": Hostile(
        ("WITH gone AS (DELETE FROM ledger_allocation RETURNING id) SELECT count(*) FROM gone",), "permission denied"
    ),
    "a deletion in a block of code": Hostile(("DO $$ BEGIN DELETE FROM ledger_line; END $$",), "permission denied"),
    "a lock of all lines": Hostile(("LOCK TABLE ledger_line IN ACCESS EXCLUSIVE MODE",), "permission denied"),
    "a lock of a row": Hostile(("SELECT FROM ledger_line FOR UPDATE",), "permission denied"),
    "another answer in the audit": Hostile(
        ("UPDATE base_command SET result = '[]' WHERE id = {command}",), "append_only a command is answered once"
    ),
    "another actor in the audit": Hostile(("UPDATE base_command SET actor = 'robot'",), "permission denied"),
    "a file read into a table": Hostile(("COPY ledger_line FROM '/etc/hosts'",), "42501|0A000"),
    "rows copied into a table": Hostile(("COPY ledger_line FROM STDIN",), "0A000 .*row-level security"),
}

CHOSEN: Final = {
    "an entry with a chosen id": Hostile((entry(2, id="-5"),), "permission denied for table ledger_entry"),
    "an entry with an id from the future": Hostile(
        (entry(2, id="9000000000000000000"),), "permission denied for table ledger_entry"
    ),
    "the next entry's id set back": Hostile(
        ("SELECT setval(pg_get_serial_sequence('ledger_entry', 'id'), 1)",), "permission denied for sequence"
    ),
    "the ids' sequence restarted": Hostile(
        ("ALTER TABLE ledger_entry ALTER COLUMN id RESTART WITH 1",), "must be owner"
    ),
    "a checkpoint of one's own": Hostile(
        (
            "INSERT INTO ledger_checkpoint (tenant_id, account_id, currency, through_entry_id, balance_minor, "
            "command_id) VALUES ({tenant}, {sales}, 'SEK', 0, 5, {command})",
        ),
        "permission denied for table ledger_checkpoint",
    ),
    "a checkpoint under another tenant's command": Hostile(
        ("SELECT ledger_take_checkpoint({her_command})",), "ledger_checkpoint_command_id_fk"
    ),
    "a checkpoint of no tenant": Hostile(
        ("SELECT set_config('app.tenant', '', true)", "SELECT ledger_take_checkpoint({command})"), "22P02"
    ),
}

ALLOCATION: Final = {
    "more than is open": Hostile((allocations(("{invoice}", "{paid}", 61, "NULL")),), "ledger_openitem_capacity"),
    "more than is open in two parts": Hostile(
        (allocations(("{invoice}", "{paid}", 10, "NULL"), ("{invoice}", "{paid}", 51, "NULL")),),
        "ledger_openitem_capacity",
    ),
    "more than is open, one after the other": Hostile(
        (allocations(("{invoice}", "{paid}", 60, "NULL")), allocations(("{invoice}", "{paid}", 1, "NULL"))),
        "ledger_openitem_capacity",
    ),
    "more than a number holds": Hostile(
        (allocations(("{invoice}", "{paid}", 2**63 - 1, "NULL"), ("{invoice}", "{paid}", 2**63 - 1, "NULL")),), "22003"
    ),
    "items of two parties": Hostile((allocations(("{invoice}", "{eva_paid}", 1, "NULL")),), "ledger_allocation_pair"),
    "items of two currencies": Hostile((allocations(("{invoice}", "{pln}", 1, "NULL")),), "ledger_allocation_pair"),
    "items of two accounts": Hostile((allocations(("{invoice}", "{payable}", 1, "NULL")),), "ledger_allocation_pair"),
    "a credit for a debit": Hostile((allocations(("{paid}", "{invoice}", 1, "NULL")),), "ledger_allocation_pair"),
    "an item with itself": Hostile((allocations(("{invoice}", "{invoice}", 1, "NULL")),), "ledger_allocation_pair"),
    "an item that is not there": Hostile((allocations(("{invoice}", "-1", 1, "NULL")),), "ledger_allocation_pair"),
    "less than nothing": Hostile((allocations(("{invoice}", "{paid}", -1, "NULL")),), "ledger_allocation_sign"),
    "nothing": Hostile((allocations(("{invoice}", "{paid}", 0, "NULL")),), "ledger_allocation_sign"),
    "an unknown amount": Hostile((allocations(("{invoice}", "{paid}", "NULL", "NULL")),), "23502"),
    "a taking back that adds": Hostile(
        (allocations(("{invoice}", "{paid}", 1, "{settled}")),), "ledger_allocation_sign"
    ),
    "a taking back of another amount": Hostile(
        (allocations(("{invoice}", "{paid}", -39, "{settled}")),), "ledger_allocation_pair"
    ),
    "a taking back from another item": Hostile(
        (allocations(("{second}", "{paid}", -40, "{settled}")),), "ledger_openitem_capacity|ledger_allocation_pair"
    ),
    "a second taking back": Hostile(
        (allocations(("{invoice}", "{paid}", 40, "NULL")), allocations(("{second}", "{paid}", -5, "{taken}"))),
        "ledger_allocation_reversed_once",
    ),
    "a taking back of a taking back": Hostile(
        (allocations(("{second}", "{paid}", -5, "{taking}")),), "ledger_openitem_capacity|ledger_allocation_pair"
    ),
    "a taking back of itself": Hostile(
        (allocations(("{invoice}", "{paid}", -40, "-7"), id="-7"),), "ledger_allocation_pair"
    ),
    "far too much together with its taking back": Hostile(
        (allocations(("{invoice}", "{paid}", 10**6, "NULL"), ("{invoice}", "{paid}", -(10**6), "-7"), id="-7"),),
        "ledger_allocation_pair .*only being allocated",
    ),
}

TENANTS: Final = {
    "an entry for another tenant": Hostile((entry(2, tenant="{her_tenant}"),), "row-level security"),
    "a line for another tenant": Hostile(
        (entry(2), line(1, "{her_sales}", 1, tenant="{her_tenant}", entry="{her_sale}")), "row-level security"
    ),
    "a line in another tenant's entry": Hostile((line(1, "{sales}", 1, entry="{her_sale}"),), "ledger_line_late"),
    "a line on another tenant's account": Hostile((entry(2), DEBIT, line(2, "{her_sales}", -100)), "ledger_line_party"),
    "a line for another tenant's party": Hostile(
        (entry(2), line(1, "{receivable}", 100, party="{her_bo}"), CREDIT), "ledger_line_party_id_fk"
    ),
    "an entry under another tenant's command": Hostile(
        (entry(2, command="{her_command}"),), "ledger_entry_command_id_fk"
    ),
    "a reversal of another tenant's entry": Hostile((entry(2, reverses="{her_sale}"),), "ledger_entry_reverses_id_fk"),
    "an allocation for another tenant": Hostile(
        (allocations(("{her_invoice}", "{her_invoice}", 1, "NULL"), tenant="{her_tenant}"),), "row-level security"
    ),
    "an allocation to another tenant's item": Hostile(
        (allocations(("{her_invoice}", "{paid}", 1, "NULL")),), "ledger_allocation_pair"
    ),
    "an account for another tenant": Hostile(
        ("INSERT INTO ledger_account (tenant_id, code, name, control) VALUES ({her_tenant}, 'x', 'x', false)",),
        "row-level security",
    ),
    "a command for another tenant": Hostile(
        (
            "INSERT INTO base_command (tenant_id, name, input, actor, at) "
            "VALUES ({her_tenant}, 'x', '[]', 'user:cilla', now())",
        ),
        "row-level security",
    ),
    "a line while another tenant is set under the statement": Hostile(
        (entry(2), DEBIT + " RETURNING set_config('app.tenant', '{her_tenant}', true)"), "ledger_line_late"
    ),
    "an allocation while another tenant is set under the statement": Hostile(
        (*(s + " RETURNING set_config('app.tenant', '{her_tenant}', true)" for s in GOOD_ALLOCATION),),
        "ledger_allocation_pair",
    ),
    "a reading round the policies": Hostile(
        ("SET LOCAL row_security = off", "SELECT count(*) FROM ledger_line"), "affected by row-level security"
    ),
    "a table without its policy": Hostile(
        ("ALTER TABLE ledger_line DISABLE ROW LEVEL SECURITY",), "must be owner of table ledger_line"
    ),
    "a policy that lets all pass": Hostile(
        ("CREATE POLICY mine ON ledger_line USING (true)",), "must be owner of (table|relation) ledger_line"
    ),
}

POWERS: Final = {
    "the triggers off": Hostile(("ALTER TABLE ledger_line DISABLE TRIGGER ALL",), "must be owner"),
    "a trigger gone": Hostile(("DROP TRIGGER balanced ON ledger_entry",), "must be owner"),
    "a constraint gone": Hostile(
        ("ALTER TABLE ledger_openitem DROP CONSTRAINT ledger_openitem_capacity",), "must be owner"
    ),
    "a table gone": Hostile(("DROP TABLE ledger_checkpoint",), "must be owner"),
    "a function gone": Hostile(("DROP FUNCTION ledger_entry_balanced() CASCADE",), "must be owner"),
    "a function in place of a guard": Hostile(
        (
            "CREATE OR REPLACE FUNCTION ledger_entry_balanced() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NULL; END $$",
        ),
        "permission denied for schema public|must be owner",
    ),
    "a trigger of one's own": Hostile(
        ("CREATE TRIGGER t BEFORE INSERT ON ledger_line EXECUTE FUNCTION base_append_only()",), "permission denied"
    ),
    "a rule of one's own": Hostile(("CREATE RULE r AS ON INSERT TO ledger_line DO INSTEAD NOTHING",), "must be owner"),
    "the guards as a replica": Hostile(("SET session_replication_role = replica",), "permission denied to set"),
    "a guard called by hand": Hostile(("SELECT ledger_lines_inserted()",), "permission denied for function|0A000"),
    "the guard of deletions called by hand": Hostile(("SELECT base_append_only()",), "called as triggers"),
    "the owner's role": Hostile(("SET ROLE {owner}",), "permission denied to set role"),
    "the resolver's role": Hostile(("SET ROLE {resolver}",), "permission denied to set role"),
    "the superuser's role": Hostile(("SET ROLE {superuser}",), "permission denied to set role"),
    "the superuser's session": Hostile(("SET SESSION AUTHORIZATION {superuser}",), "permission denied to set session"),
    "the owner's password": Hostile(("ALTER ROLE {owner} PASSWORD 'x'",), NO_RIGHT),
    "superpowers": Hostile(("ALTER ROLE {app} SUPERUSER",), NO_RIGHT),
    "a way round the policies": Hostile(("ALTER ROLE {app} BYPASSRLS",), NO_RIGHT),
    "the owner's powers": Hostile(("GRANT {owner} TO {app}",), NO_RIGHT),
    "rights given to oneself": Hostile(
        ("GRANT ALL ON ledger_line TO {app}", "DELETE FROM ledger_line"), "permission denied for table ledger_line"
    ),
    "a role of one's own": Hostile(("CREATE ROLE eve LOGIN",), "permission denied to create role"),
    "a table of one's own": Hostile(("CREATE TABLE public.mine (id int)",), "permission denied for schema"),
    "a schema of one's own": Hostile(("CREATE SCHEMA mine",), "permission denied for database"),
    "a temporary table that hides one": Hostile(
        ("CREATE TEMPORARY TABLE ledger_entry (id int)",), "permission denied to create temporary"
    ),
    "a function of one's own": Hostile(
        ("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",), "permission denied for schema"
    ),
    "an extension": Hostile(("CREATE EXTENSION dblink",), "permission denied to create extension|0A000|58P01"),
    "a setting of the server": Hostile(("ALTER SYSTEM SET fsync = off",), "permission denied to set|25001"),
    "the passwords": Hostile(("SELECT rolpassword FROM pg_authid",), "permission denied for table pg_authid"),
    "the catalogue": Hostile(("UPDATE pg_class SET relrowsecurity = false",), "permission denied for table pg_class"),
    "a program": Hostile(("COPY ledger_line TO PROGRAM 'cat > /dev/null'",), NO_RIGHT),
    "a file written": Hostile(("COPY ledger_line TO '/tmp/lines'",), NO_RIGHT),
    "a file read": Hostile(("SELECT pg_read_file('/etc/passwd')",), "permission denied for function pg_read_file"),
    "a folder read": Hostile(("SELECT pg_ls_dir('/')",), "permission denied for function pg_ls_dir"),
    "a file imported": Hostile(("SELECT lo_import('/etc/passwd')",), "permission denied for function lo_import"),
}

CASES: Final = {**BALANCE, **APPEND_ONLY, **CHOSEN, **ALLOCATION, **TENANTS, **POWERS}

# What to take away so that a case is accepted: the guard was what held it, and the judge would have seen it pass.
PLANTED: Final = {
    "an unbalanced entry": ("DROP TRIGGER balanced ON ledger_entry",),
    "an entry balanced over two currencies": ("DROP TRIGGER balanced ON ledger_entry",),
    "an entry without lines": ("DROP TRIGGER balanced ON ledger_entry",),
    "an entry of one line": ("ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_two_lines",
                             "DROP TRIGGER balanced ON ledger_entry"),
    "a late line in the same transaction": ("DROP TRIGGER inserted ON ledger_line",),
    "late lines that balance in another transaction": ("DROP TRIGGER inserted ON ledger_line",),
    "a party on an account that is none's": ("DROP TRIGGER inserted ON ledger_line",),
    "a reversal that is no mirror image": ("DROP TRIGGER balanced ON ledger_entry",),
    "a reversal of a reversal": ("DROP TRIGGER balanced ON ledger_entry",),
    "an update of ledger_entry": ("GRANT UPDATE ON ledger_entry TO {app}", "DROP TRIGGER append_only ON ledger_entry"),
    "a deletion of ledger_line": ("GRANT DELETE ON ledger_line TO {app}", "DROP TRIGGER append_only ON ledger_line"),
    "a truncation of ledger_checkpoint": ("GRANT TRUNCATE ON ledger_checkpoint TO {app}",
                                          "DROP TRIGGER append_only_truncate ON ledger_checkpoint"),
    "an update of what is settled": ("GRANT UPDATE ON ledger_openitem TO {app}",),
    "another answer in the audit": ("DROP TRIGGER answered_once ON base_command",),
    "an entry with a chosen id": ("GRANT INSERT ON ledger_entry TO {app}", "DROP TRIGGER balanced ON ledger_entry"),
    "a checkpoint of one's own": ("GRANT INSERT ON ledger_checkpoint TO {app}",),
    "more than is open": ("ALTER TABLE ledger_openitem DROP CONSTRAINT ledger_openitem_capacity",),
    "items of two parties": ("DROP TRIGGER inserted ON ledger_allocation",),
    "less than nothing": ("ALTER TABLE ledger_allocation DROP CONSTRAINT ledger_allocation_sign",),
    "a second taking back": ("DROP INDEX ledger_allocation_reversed_once",
                             "ALTER TABLE ledger_openitem DROP CONSTRAINT ledger_openitem_capacity"),
    "far too much together with its taking back": ("DROP TRIGGER inserted ON ledger_allocation",
                                                   "DROP TRIGGER references_insert ON ledger_allocation"),
    "an entry for another tenant": ("ALTER TABLE ledger_entry DISABLE ROW LEVEL SECURITY",
                                    "DROP TRIGGER references_insert ON ledger_entry",
                                    "DROP TRIGGER balanced ON ledger_entry"),
    "a line for another tenant's party": ("DROP TRIGGER references_insert ON ledger_line",),
    "an entry under another tenant's command": ("DROP TRIGGER references_insert ON ledger_entry",
                                                "DROP TRIGGER balanced ON ledger_entry"),
    "an allocation to another tenant's item": ("DROP TRIGGER inserted ON ledger_allocation",
                                               "DROP TRIGGER references_insert ON ledger_allocation"),
    "a temporary table that hides one": ("GRANT TEMPORARY ON DATABASE {database} TO {app}",),
    "a table of one's own": ("GRANT CREATE ON SCHEMA public TO {app}",),
}  # fmt: skip
