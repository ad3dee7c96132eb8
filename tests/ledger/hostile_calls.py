"""SQL by which somebody might post what must not be posted, by calling the function that posts; see `hostile_sql`."""

from typing import Final

from ledger.hostile_powers import Hostile


def line(account: str, minor: int, *, party: str = "null") -> str:
    return f'{{{{"account": "{account}", "currency": "SEK", "amount_minor": {minor}, "party_id": {party}}}}}'


def call(*lines: str, tenant: str = "{tenant}", parent: str = "NULL", reverses: str = "null") -> str:
    """A call of `ledger_post` with one entry of these lines."""
    entry = (
        '{{"entry_date": "2026-03-02", "kind": "raw", "subject_kind": "test", "subject_id": 1, '
        f'"reverses_id": {reverses}, "lines": [{", ".join(lines)}]}}}}'
    )
    row = f"{tenant}, 'ledger.post', NULL, '[]', 'user:eve', {parent}, now()"
    return f"SELECT ledger_post({row}, '[{entry}]')"


DEBIT, CREDIT = line("receivable", 100, party="{bo}"), line("sales", -100)
GOOD_CALL: Final = (call(DEBIT, CREDIT),)

CALLS: Final = {
    "a call that posts off balance": Hostile((call(DEBIT, line("sales", -99)),), "ledger_entry_balanced"),
    "a call that posts one line": Hostile((call(line("sales", 0)),), "ledger_line_not_zero|ledger_entry_two_lines"),
    "a call that posts no lines": Hostile((call(),), "ledger_entry_two_lines"),
    "a call that posts to no account": Hostile((call(DEBIT, line("cash", -100)),), "23502 .*account_id"),
    "a call that posts to nobody": Hostile((call(line("receivable", 100), CREDIT),), "ledger_line_party"),
    "a call that posts to another tenant's party": Hostile(
        (call(line("receivable", 100, party="{her_bo}"), CREDIT),), "ledger_line_party_id_fk"
    ),
    "a call that reverses another tenant's entry": Hostile(
        (call(DEBIT, CREDIT, reverses="{her_sale}"),), "ledger_entry_reverses_id_fk"
    ),
    "a call under another tenant's command": Hostile(
        (call(DEBIT, CREDIT, parent="{her_command}"),), "base_command_parent_id_fk"
    ),
    "a call for another tenant": Hostile(
        (call(line("receivable", 100, party="{her_bo}"), CREDIT, tenant="{her_tenant}"),), "base_command_of_tenant"
    ),
}

_FOR_ANYBODY: Final = (
    "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('ledger_post'::regproc), 'IF scope <> ', "
    "'IF false AND scope <> '); END $do$"
)

PLANTED_CALLS: Final = {
    "a call that posts off balance": ("DROP TRIGGER balanced ON ledger_entry",),
    "a call that posts to nobody": ("DROP TRIGGER inserted ON ledger_line",),
    "a call that posts to another tenant's party": ("DROP TRIGGER inserted ON ledger_line",),
    "a call that reverses another tenant's entry": ("DROP TRIGGER balanced ON ledger_entry",),
    "a call under another tenant's command": ("ALTER TABLE base_command DROP CONSTRAINT base_command_parent_id_fk",),
    "a call for another tenant": (_FOR_ANYBODY,),
}
