"""Scorecard row 1: hostile SQL of the application's role is refused and leaves no trace."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from cast import open_company
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.ledger import commands
from ledger.books import DAY, Books, open_books
from ledger.hostile_calls import GOOD_CALL
from ledger.hostile_sql import CASES, GOOD_ALLOCATION, GOOD_ENTRY, GOOD_TAKING_BACK, GUARDED, PLANTED, REFERENCES
from ledger.sessions import ACCEPTED, app_session, judge
from tables import as_owner, contents

WRITTEN_BY_TRIGGERS = {("ledger_openitem", "UPDATE"), ("ledger_balance", "UPDATE")}


@dataclass(frozen=True)
class World:
    """Anna's books and Cilla's, and the names of what is in them."""

    anna: Books
    cilla: Books
    names: dict[str, Any]

    def everything(self) -> list[dict[str, list[str]]]:
        """All rows of both tenants."""
        return [contents(self.anna.ctx), contents(self.cilla.ctx)]


def ids(ctx: Ctx) -> dict[str, int]:
    with tenant.scope(ctx.tenant_id):
        accounts = dict(rows.select("SELECT code, id FROM ledger_account"))
        ((command,),) = rows.select("SELECT min(id) FROM base_command")
    return {
        "tenant": ctx.tenant_id,
        "command": command,
        "sales": accounts["sales"],
        "receivable": accounts["receivable"],
    }


def build() -> World:
    """Bo owes 60 of 100 and has paid 100 of which 40 settle it; an entry was reversed, an allocation taken back."""
    anna, cilla = open_books(open_company()), open_books(open_company("Cillas Konditori AB", actor="cilla"))
    sale, reversed_ = anna.post(100), anna.post(70, party_id=anna.eva)
    (reversal,) = commands.reverse(anna.ctx, entry_ids=(reversed_,), on_date=DAY).entry_ids
    (invoice,), paid, second = anna.items(sale), anna.item(-100), anna.item(50)
    settled, taken = anna.allocate(invoice.id, paid, 40), anna.allocate(second, paid, 5)
    (taking,) = commands.take_back(anna.ctx, allocation_ids=(taken,), on_date=DAY).allocation_ids
    commands.checkpoint(anna.ctx)
    her_sale = cilla.post(100)
    her_paid = cilla.item(-100)
    her_settled = cilla.allocate(cilla.items(her_sale)[0].id, her_paid, 40)
    with tenant.scope(anna.ctx.tenant_id):
        rows.run(
            """
            INSERT INTO base_statechange (tenant_id, command_id, kind, object_id, from_state, to_state, at)
            SELECT tenant_id, id, 'test', 1, 'a', 'b', at FROM base_command LIMIT 1
            """
        )
    ((superuser,),) = rows.select("SELECT rolname FROM pg_roles WHERE rolsuper ORDER BY oid LIMIT 1")
    names = ids(anna.ctx) | {f"her_{name}": number for name, number in ids(cilla.ctx).items()} | {
        "bo": anna.bo, "eva": anna.eva, "her_bo": cilla.bo,
        "sale": sale, "reversed": reversed_, "reversal": reversal, "her_sale": her_sale, "her_settled": her_settled,
        "invoice": invoice.id, "second": second, "paid": paid, "her_invoice": cilla.items(her_sale)[0].id,
        "eva_paid": anna.item(-20, party_id=anna.eva), "pln": anna.item(-20, currency="PLN"),
        "payable": anna.item(-20, control="payable"),
        "settled": settled, "taken": taken, "taking": taking,
        "app": settings.KVIT_APP_ROLE, "resolver": settings.KVIT_RESOLVER_ROLE, "superuser": superuser,
        "owner": connections["owner"].settings_dict["USER"], "database": connections["owner"].settings_dict["NAME"],
    }  # fmt: skip
    return World(anna, cilla, names)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once: nothing that is tried here changes anything, as each test sees."""
    with django_db_blocker.unblock():
        yield build()
        connections.close_all()


class TestHostileSql:
    @pytest.mark.parametrize("name", CASES)
    def test_is_refused_without_a_trace(self, world: World, name: str) -> None:
        before = world.everything()
        with app_session(world.anna.ctx) as session:
            verdict = judge(session, world.names, CASES[name].statements, last="COMMIT")
        assert re.search(CASES[name].says, verdict), verdict
        assert world.everything() == before
        assert world.anna.problems() == world.cilla.problems() == []

    @pytest.mark.parametrize("statements", [GOOD_ENTRY, GOOD_CALL, GOOD_ALLOCATION, GOOD_TAKING_BACK])
    def test_is_no_better_than_honest_sql_which_is_accepted(self, world: World, statements: tuple[str, ...]) -> None:
        with app_session(world.anna.ctx) as session:
            assert judge(session, world.names, statements, last="SET CONSTRAINTS ALL IMMEDIATE") == ACCEPTED
            session.rollback()

    @pytest.mark.parametrize("name", PLANTED)
    def test_would_pass_without_its_guard(self, world: World, name: str) -> None:
        take_on = ("GRANT {app} TO CURRENT_USER", "SET LOCAL ROLE {app}")
        check = "SET CONSTRAINTS ALL IMMEDIATE"
        with as_owner(world.anna.ctx) as cursor:
            for guards, accepted in (((), False), (PLANTED[name], True)):
                cursor.execute("SAVEPOINT before")
                for guard in guards:
                    cursor.execute(guard.format(**world.names))
                for statement in take_on:
                    cursor.execute(statement.format(**world.names))
                verdict = judge(cursor.cursor, world.names, CASES[name].statements, last=check)
                assert (verdict == ACCEPTED) is accepted, verdict
                cursor.execute("ROLLBACK TO SAVEPOINT before")

    def test_is_let_through_for_each_reference_only_where_its_guard_is_gone(self) -> None:
        assert set(REFERENCES.values()) <= PLANTED.keys()

    def test_has_far_more_than_thirty_cases(self) -> None:
        assert len(CASES) >= 30 + 3 * len(GUARDED)


class TestTheOwnerToo:
    """Rights are one guard, triggers another: whoever has all rights still adds rows only."""

    @pytest.mark.parametrize("table", GUARDED)
    @pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
    def test_may_only_add(self, world: World, table: str, verb: str) -> None:
        statement = {
            "UPDATE": f"UPDATE {table} SET tenant_id = tenant_id + 1",
            "DELETE": f"DELETE FROM {table}",
            "TRUNCATE": f"TRUNCATE {table} CASCADE",
        }[verb]
        with as_owner(world.anna.ctx) as cursor:
            verdict = judge(cursor.cursor, world.names, (statement,), last="SELECT 1")
        if (table, verb) in WRITTEN_BY_TRIGGERS:
            assert "row-level security" in verdict
        else:
            assert "append_only" in verdict


class TestOneScope:
    def test_shows_and_touches_nothing_of_another_tenant(self, world: World) -> None:
        with app_session(world.anna.ctx) as session:
            for table in GUARDED:
                others = session.execute(
                    f"SELECT count(*) FROM {table} WHERE tenant_id <> %s", [world.anna.ctx.tenant_id]
                )
                assert others.fetchone() == (0,)
            touched = session.execute(
                "UPDATE ledger_openitem SET due_date = NULL WHERE tenant_id = %s", [world.cilla.ctx.tenant_id]
            )
            assert touched.rowcount == 0

    def test_of_no_tenant_shows_nothing(self, world: World) -> None:
        with app_session(world.anna.ctx) as session:
            session.execute("SELECT set_config('app.tenant', '', true)")
            for table in GUARDED:
                assert session.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)

    def test_ends_with_the_transaction(self, world: World) -> None:
        with app_session(world.anna.ctx) as session:
            assert session.execute("SELECT count(*) FROM ledger_entry").fetchone() != (0,)
            session.commit()
            assert session.execute("SELECT count(*) FROM ledger_entry").fetchone() == (0,)

    def test_is_the_application_s_own_statement_and_nothing_more(self, world: World) -> None:
        """Documented, not refused: who has the connection may act for any tenant, one at a time."""
        with app_session(world.anna.ctx) as session:
            session.execute("SELECT set_config('app.tenant', %s, true)", [str(world.cilla.ctx.tenant_id)])
            assert session.execute("SELECT DISTINCT tenant_id FROM ledger_entry").fetchall() == [
                (world.cilla.ctx.tenant_id,)
            ]
