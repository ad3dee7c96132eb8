"""An issued document is final: for the application's role and for the owner of the tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from cast import open_company
from invoicing.company import Company, open_shop
from ledger.sessions import ACCEPTED, app_session, judge
from tables import as_owner, contents

LINE = """
    INSERT INTO public.invoicing_invoiceline (tenant_id, invoice_id, position, description, quantity, unit, unit_price,
                                       vat_rate, net_minor)
    VALUES ({tenant}, {%s}, 9, 'x', 1, 'pc', 1, 25, 100)
"""
VAT = """
    INSERT INTO invoicing_vattotal (tenant_id, invoice_id, vat_rate, base_minor, vat_minor)
    VALUES ({tenant}, {%s}, 6, 1, 1)
"""
FINAL = "invoicing_issued_is_final"
COLUMNS = {
    "supplier_id": "{customer}", "customer_id": "{other}", "currency": "'EUR'", "terms_days": "1", "net_minor": "1",
    "vat_minor": "1", "gross_minor": "1", "credit_reason": "'x'", "given_reference": "'x'", "series_id": "NULL",
    "sequence": "7", "number": "'F2026-000007'", "payment_reference": "'1230'", "issue_date": "'2026-01-01'",
    "state": "'draft'", "command_id": "{command}", "kind": "'credit_note'",
    "allowance_minor": "1", "charge_minor": "1", "prepaid_minor": "1", "rounding_minor": "1",
    "accounting_currency": "'PLN'", "vat_accounting_minor": "1", "exchange_rate": "1", "exchange_date": "'2026-01-01'",
    "exchange_source": "'x'", "tax_point_date": "'2026-01-01'", "buyer_reference": "'x'", "order_reference": "'x'",
    "contract_reference": "'x'", "project_reference": "'x'", "period_start_date": "'2026-01-01'",
    "period_end_date": "'2026-01-01'", "splits_payment": "true", "is_unverified": "true", "estimate_id": "{other}",
    "contract_id": "{other}", "content": "'{{}}'", "supplier_copy_id": "NULL", "customer_copy_id": "NULL",
}  # fmt: skip

APPLICATION = {
    **{
        f"another {column}": ((f"UPDATE invoicing_invoice SET {column} = {value} WHERE id = {{issued}}",),
                              f"{FINAL}|permission denied for table invoicing_invoice")
        for column, value in COLUMNS.items()
    },
    "no due date": (("UPDATE invoicing_invoice SET due_date = NULL WHERE id = {issued}",), "issued_whole"),
    "its deletion": (("DELETE FROM invoicing_invoice WHERE id = {issued}",), "permission denied"),
    "a further line": ((LINE % "issued",), FINAL),
    "a further VAT total": ((VAT % "issued",), FINAL),
    "a line of no document": ((LINE % "nothing",), f"{FINAL}|23503"),
    "a line to a discarded draft": ((LINE % "discarded",), FINAL),
    "a line to another tenant's draft": ((LINE % "hers",), f"{FINAL}|23503"),
    "a further line while another tenant is set under the statement": (
        (LINE % "issued" + " RETURNING set_config('app.tenant', '0', true)",), FINAL
    ),
    "another line": (("UPDATE invoicing_invoiceline SET net_minor = 1",), "permission denied"),
    "a line less": (("DELETE FROM invoicing_invoiceline",), "permission denied"),
    "another VAT total": (("UPDATE invoicing_vattotal SET vat_minor = 1",), "permission denied"),
    "another history of due dates": (("DELETE FROM invoicing_duedatemove",), "permission denied"),
    "a series less": (("DELETE FROM invoicing_series",), "permission denied"),
    "another prefix": (("UPDATE invoicing_series SET prefix = 'X'",), "permission denied"),
    "the guard off": (("ALTER TABLE invoicing_invoice DISABLE TRIGGER issued_is_final",), "must be owner"),
}  # fmt: skip

OWNER = {
    **{
        f"another {column}": ((f"UPDATE invoicing_invoice SET {column} = {value} WHERE id = {{issued}}",), FINAL)
        for column, value in COLUMNS.items()
    },
    **{
        f"{verb} of {table}": ((statement.format(table=table),), "append_only")
        for table in ("invoicing_invoice", "invoicing_invoiceline", "invoicing_vattotal", "invoicing_duedatemove")
        for verb, statement in (("a deletion", "DELETE FROM {table}"), ("a truncation", "TRUNCATE {table} CASCADE"))
    },
    **{
        f"an update of {table}": ((f"UPDATE {table} SET tenant_id = tenant_id",), "append_only")
        for table in ("invoicing_invoiceline", "invoicing_vattotal", "invoicing_duedatemove")
    },
    "a further line": ((LINE % "issued",), FINAL),
}

# (statements as whom, what is taken away first): then they pass.
PLANTED = {
    "another number": ("DROP TRIGGER issued_is_final ON invoicing_invoice",),
    "another state": ("DROP TRIGGER issued_is_final ON invoicing_invoice",),
    "a further line": ("DROP TRIGGER of_drafts ON invoicing_invoiceline",),
    "a further VAT total": ("DROP TRIGGER of_drafts ON invoicing_vattotal",),
    "a further line while another tenant is set under the statement": (
        "DROP TRIGGER of_drafts ON invoicing_invoiceline",
    ),
    "another line": (
        "GRANT UPDATE ON invoicing_invoiceline TO {app}", "DROP TRIGGER append_only ON invoicing_invoiceline"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A shop with an issued, a draft and a discarded invoice, and the names of what is in it."""

    shop: Company
    names: dict[str, Any]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once: nothing that is tried here changes anything."""
    from datetime import timedelta

    from kvit.invoicing import commands

    with django_db_blocker.unblock():
        shop, hers = open_shop(open_company()), open_shop(open_company("Cillas AB"))
        issued, draft, discarded = shop.invoice(), shop.draft(), shop.draft()
        commands.discard(shop.ctx, invoice_ids=(discarded,))
        due_date = shop.look(issued).due_date
        assert due_date
        commands.move_due_date(shop.ctx, invoice_id=issued, due_date=due_date + timedelta(9), reason="Bo asked")
        names = {
            "tenant": shop.ctx.tenant_id, "issued": issued, "draft": draft, "discarded": discarded, "nothing": -1,
            "hers": hers.draft(), "customer": shop.books.bo, "other": shop.eva, "app": settings.KVIT_APP_ROLE,
            "command": shop.rows("SELECT min(id) FROM base_command")[0][0],
        }  # fmt: skip
        yield World(shop, names)
        connections.close_all()


class TestAnIssuedDocument:
    @pytest.mark.parametrize("name", APPLICATION)
    def test_is_final_for_the_application(self, world: World, name: str) -> None:
        statements, says = APPLICATION[name]
        before = contents(world.shop.ctx)
        with app_session(world.shop.ctx) as session:
            verdict = judge(session, world.names, statements, last="COMMIT")
        assert re.search(says, verdict), verdict
        assert contents(world.shop.ctx) == before
        assert world.shop.problems() == []

    @pytest.mark.parametrize("name", OWNER)
    def test_is_final_for_the_owner(self, world: World, name: str) -> None:
        statements, says = OWNER[name]
        with as_owner(world.shop.ctx) as cursor:
            verdict = judge(cursor.cursor, world.names, statements, last="SELECT 1")
        assert re.search(says, verdict), verdict

    @pytest.mark.parametrize("name", PLANTED)
    def test_would_not_be_without_its_guard(self, world: World, name: str) -> None:
        with as_owner(world.shop.ctx) as cursor:
            for statement in (*PLANTED[name], "GRANT {app} TO CURRENT_USER", "SET LOCAL ROLE {app}"):
                cursor.execute(statement.format(**world.names))
            last = "SET CONSTRAINTS ALL IMMEDIATE"
            assert judge(cursor.cursor, world.names, APPLICATION[name][0], last=last) == ACCEPTED

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE invoicing_invoice SET due_date = '2026-12-24' WHERE id = {issued}", LINE % "draft", VAT % "draft"],
    )
    def test_is_all_that_is_final(self, world: World, statement: str) -> None:
        with app_session(world.shop.ctx) as session:
            assert judge(session, world.names, (statement,), last="SELECT 1") == ACCEPTED
            session.rollback()

    def test_is_named_column_by_column(self, world: World) -> None:
        """A column added to the table later needs a line here, or this fails."""
        columns = world.shop.rows(
            """
            SELECT column_name FROM information_schema.columns
            WHERE table_name = 'invoicing_invoice' AND table_schema = 'public'
            """
        )
        assert {name for (name,) in columns} == {*COLUMNS, "id", "tenant_id", "credits_id", "due_date"}
