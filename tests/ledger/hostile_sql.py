"""SQL that somebody might send who has got hold of the application's connection, and what refuses it.

Each case is a list of statements, run in one transaction of the application's role with Anna's tenant set and then
committed, and a pattern that the refusal must fit: a case that fails for another reason proves nothing.
Names in braces stand for ids (see `World`). What is *not* refused, and need not be: setting `app.tenant` to another
tenant. The setting is the application's own statement of whom it acts for; what is refused is crossing
within one scope.
"""

from typing import Final

from ledger.hostile_calls import CALLS, PLANTED_CALLS
from ledger.hostile_powers import POWERS, Hostile

GUARDED: Final = (
    *("ledger_account", "ledger_entry", "ledger_line", "ledger_openitem", "ledger_allocation"),
    *("ledger_balance", "ledger_checkpoint", "base_command", "base_event", "base_statechange"),
)


def entry(
    *lines: str,
    count: int | None = None,
    tenant: str = "{tenant}",
    command: str = "{command}",
    reverses: str = "NULL",
    id: str = "",
) -> str:
    """An entry with its lines, in one statement; with `count` it says that it has as many, with `id` it is chosen."""
    header = f"""
        INSERT INTO ledger_entry ({"id, " if id else ""}tenant_id, entry_date, recorded_at, kind, subject_kind,
                                  subject_id, line_count, command_id, reverses_id)
        VALUES ({f"{id}, " if id else ""}{tenant}, '2026-03-02', now(), 'raw', 'test', 1,
                {len(lines) if count is None else count}, {command}, {reverses})
    """
    written = ", ".join(f"l{number} AS ({one})" for number, one in enumerate(lines, 1))
    return f"WITH new AS ({header} RETURNING id), {written} SELECT 1" if lines else header


def line(
    position: int,
    account: str,
    minor: int,
    *,
    party: str = "NULL",
    currency: str = "SEK",
    entry: str = "(SELECT id FROM new)",
    tenant: str = "{tenant}",
) -> str:
    """A line, of the entry that is written by the same statement if none is named."""
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
NEWEST: Final = "(SELECT max(id) FROM ledger_entry)"
GOOD_ENTRY: Final = (entry(DEBIT, CREDIT),)
GOOD_ALLOCATION: Final = (allocations(("{invoice}", "{paid}", 1, "NULL")),)
GOOD_TAKING_BACK: Final = (allocations(("{invoice}", "{paid}", -40, "{settled}")),)

BALANCE: Final = {
    "an unbalanced entry": Hostile((entry(DEBIT, line(2, "{sales}", -99)),), "does not balance: SEK 1$"),
    "an entry balanced over two currencies": Hostile(
        (entry(DEBIT, line(2, "{sales}", -100, currency="PLN")),),
        "does not balance: (PLN -100, SEK 100|SEK 100, PLN)",
    ),
    "an unbalanced entry among balanced ones": Hostile(
        (*GOOD_ENTRY, entry(DEBIT, line(2, "{sales}", -99)), *GOOD_ENTRY), "does not balance"
    ),
    "an unbalanced entry behind deferred checks": Hostile(
        ("SET CONSTRAINTS ALL DEFERRED", entry(DEBIT, line(2, "{sales}", -1))), "does not balance"
    ),
    "an entry left behind in another tenant's scope": Hostile(
        (entry(DEBIT + " RETURNING set_config('app.tenant', '{her_tenant}', true)", line(2, "{sales}", -99)),),
        "ledger_entry_command_id_fk",
    ),
    "an entry with no tenant set at its end": Hostile(
        (entry(DEBIT + " RETURNING set_config('app.tenant', '', true)", line(2, "{sales}", -99)),),
        "ledger_entry_command_id_fk",
    ),
    "an entry of one line": Hostile((entry(DEBIT),), "ledger_entry_two_lines"),
    "an entry without lines": Hostile((entry(count=2),), "has 0 lines instead of 2"),
    "an entry whose lines come later": Hostile(
        (
            entry(count=2),
            line(1, "{receivable}", 100, party="{bo}", entry=NEWEST),
            line(2, "{sales}", -100, entry=NEWEST),
        ),
        "has 0 lines instead of 2",
    ),
    "an entry that lacks a line": Hostile((entry(DEBIT, CREDIT, count=3),), "has 2 lines instead of 3"),
    "an entry with a line too many": Hostile(
        (entry(DEBIT, line(2, "{sales}", -95), line(3, "{sales}", -5), count=2),),
        "ledger_entry_complete|ledger_line_late",
    ),
    "a line of zero": Hostile((entry(DEBIT, CREDIT, line(3, "{sales}", 0)),), "ledger_line_not_zero"),
    "a late line in the same transaction": Hostile(
        (*GOOD_ENTRY, line(3, "{sales}", 5, entry=NEWEST)), "ledger_line_late"
    ),
    "late lines that balance in another transaction": Hostile(
        (line(3, "{receivable}", 5, party="{bo}", entry="{sale}"), line(4, "{sales}", -5, entry="{sale}")),
        "ledger_line_late",
    ),
    "a late line before the first": Hostile((line(0, "{sales}", 5, entry="{sale}"),), "ledger_line_position"),
    "a line in place of another": Hostile((line(2, "{sales}", 5, entry="{sale}"),), "23505 ledger_line_pkey"),
    "a line before its entry": Hostile((line(1, "{sales}", 5, entry="1000000000000"),), "ledger_line_late"),
    "a party on an account that is none's": Hostile(
        (entry(DEBIT, line(2, "{sales}", -100, party="{bo}")),), "ledger_line_party"
    ),
    "nobody on a control account": Hostile((entry(line(1, "{receivable}", 100), CREDIT),), "ledger_line_party"),
    "a reversal that is no mirror image": Hostile(
        (entry(line(1, "{receivable}", -1, party="{bo}"), line(2, "{sales}", 1), reverses="{sale}"),),
        "ledger_entry_mirrored",
    ),
    "a reversal of a part": Hostile(
        (
            entry(
                line(1, "{receivable}", -100, party="{bo}"),
                line(2, "{sales}", 99),
                line(3, "{sales}", 1),
                reverses="{sale}",
            ),
        ),
        "ledger_entry_mirrored",
    ),
    "a second reversal": Hostile((entry(DEBIT, CREDIT, reverses="{reversed}"),), "ledger_entry_reversed_once"),
    "a reversal of a reversal": Hostile(
        (entry(line(1, "{receivable}", 70, party="{eva}"), line(2, "{sales}", -70), reverses="{reversal}"),),
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
    "an entry with a chosen id": Hostile((entry(DEBIT, CREDIT, id="-5"),), "permission denied for table ledger_entry"),
    "an entry with an id from the future": Hostile(
        (entry(DEBIT, CREDIT, id="9000000000000000000"),), "permission denied for table ledger_entry"
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
    "an entry for another tenant": Hostile((entry(count=2, tenant="{her_tenant}"),), "row-level security"),
    "a line for another tenant": Hostile(
        (line(1, "{her_sales}", 1, tenant="{her_tenant}", entry="{her_sale}"),), "row-level security"
    ),
    "a line in another tenant's entry": Hostile((line(1, "{sales}", 1, entry="{her_sale}"),), "ledger_line_late"),
    "a line on another tenant's account": Hostile((entry(DEBIT, line(2, "{her_sales}", -100)),), "ledger_line_party"),
    "a line for another tenant's party": Hostile(
        (entry(line(1, "{receivable}", 100, party="{her_bo}"), CREDIT),), "ledger_line_party_id_fk"
    ),
    "an entry under another tenant's command": Hostile(
        (entry(DEBIT, CREDIT, command="{her_command}"),), "ledger_entry_command_id_fk"
    ),
    "a reversal of another tenant's entry": Hostile(
        (entry(DEBIT, CREDIT, reverses="{her_sale}"),), "ledger_entry_reverses_id_fk"
    ),
    "an allocation for another tenant": Hostile(
        (allocations(("{her_invoice}", "{her_invoice}", 1, "NULL"), tenant="{her_tenant}"),), "row-level security"
    ),
    "an allocation to another tenant's item": Hostile(
        (allocations(("{her_invoice}", "{paid}", 1, "NULL")),), "ledger_allocation_pair"
    ),
    "an allocation from another tenant's item": Hostile(
        (allocations(("{invoice}", "{her_invoice}", 1, "NULL")),), "ledger_allocation_pair"
    ),
    "a taking back of another tenant's allocation": Hostile(
        (allocations(("{invoice}", "{paid}", -40, "{her_settled}")),), "ledger_allocation_pair"
    ),
    "an allocation under another tenant's command": Hostile(
        tuple(s.replace("{command}", "{her_command}") for s in GOOD_ALLOCATION), "ledger_allocation_command_id_fk"
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
        (line(3, "{sales}", 5, entry="{sale}") + " RETURNING set_config('app.tenant', '{her_tenant}', true)",),
        "ledger_line_late",
    ),
    "an allocation while another tenant is set under the statement": Hostile(
        (*(s + " RETURNING set_config('app.tenant', '{her_tenant}', true)" for s in GOOD_ALLOCATION),),
        "ledger_allocation_command_id_fk",
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

# Which case tries a reference that the guards of the books look up themselves, together with what they judge.
REFERENCES: Final = {
    ("ledger_entry", "command_id"): "an entry under another tenant's command",
    ("ledger_entry", "reverses_id"): "a reversal of another tenant's entry",
    ("ledger_line", "entry_id"): "a line in another tenant's entry",
    ("ledger_line", "account_id"): "a line on another tenant's account",
    ("ledger_line", "party_id"): "a line for another tenant's party",
    ("ledger_allocation", "command_id"): "an allocation under another tenant's command",
    ("ledger_allocation", "debit_item_id"): "an allocation to another tenant's item",
    ("ledger_allocation", "credit_item_id"): "an allocation from another tenant's item",
    ("ledger_allocation", "reverses_id"): "a taking back of another tenant's allocation",
}

CASES: Final = {**BALANCE, **APPEND_ONLY, **CHOSEN, **ALLOCATION, **TENANTS, **CALLS, **POWERS}

# What to take away so that a case is accepted: the guard was what held it, and the judge would have seen it pass.
PLANTED: Final = {
    **PLANTED_CALLS,
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
    "far too much together with its taking back": ("DROP TRIGGER inserted ON ledger_allocation",),
    "an entry whose lines come later": ("DROP TRIGGER balanced ON ledger_entry",),
    "an entry with a line too many": ("DROP TRIGGER balanced ON ledger_entry", "DROP TRIGGER inserted ON ledger_line"),
    "an unbalanced entry among balanced ones": ("DROP TRIGGER balanced ON ledger_entry",),
    "an entry for another tenant": ("ALTER TABLE ledger_entry DISABLE ROW LEVEL SECURITY",
                                    "DROP TRIGGER balanced ON ledger_entry"),
    "an entry under another tenant's command": ("DROP TRIGGER balanced ON ledger_entry",),
    "a reversal of another tenant's entry": ("DROP TRIGGER balanced ON ledger_entry",),
    "a line in another tenant's entry": ("DROP TRIGGER inserted ON ledger_line",),
    "a line on another tenant's account": ("DROP TRIGGER inserted ON ledger_line",),
    "a line for another tenant's party": ("DROP TRIGGER inserted ON ledger_line",),
    "an allocation under another tenant's command": ("DROP TRIGGER inserted ON ledger_allocation",),
    "an allocation to another tenant's item": ("DROP TRIGGER inserted ON ledger_allocation",),
    "an allocation from another tenant's item": ("DROP TRIGGER inserted ON ledger_allocation",),
    "a taking back of another tenant's allocation": ("DROP TRIGGER inserted ON ledger_allocation",),
    "a temporary table that hides one": ("GRANT TEMPORARY ON DATABASE {database} TO {app}",),
    "a table of one's own": ("GRANT CREATE ON SCHEMA public TO {app}",),
}  # fmt: skip
