"""Within a tenant's scope the database shows and takes that tenant's rows only; outside of any, none."""

from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from kvit.base import login, rows, tenant
from kvit.base.command import Ctx
from kvit.base.tenant import TenantMixedError
from owner import Owner, as_tenant

SETTING = "SELECT current_setting('app.tenant', true)"
INSERT_EVENT = "INSERT INTO base_event (tenant_id, command_id, type, body, at) VALUES (%s, %s, 'base.X', '{}', %s)"


def setting() -> str:
    return str(rows.select(SETTING)[0][0] or "")


def last_command(ctx: Ctx) -> int:
    with tenant.scope(ctx.tenant_id):
        return int(rows.select("SELECT max(id) FROM base_command")[0][0])


class TestAScope:
    def test_sets_the_tenant_and_shows_its_rows(self, anna: Ctx, cilla: Ctx) -> None:
        for ctx in (anna, cilla):
            with tenant.scope(ctx.tenant_id):
                assert setting() == str(ctx.tenant_id)
                assert rows.select("SELECT id FROM base_tenant") == [(ctx.tenant_id,)]
                assert rows.select("SELECT DISTINCT tenant_id FROM base_command") == [(ctx.tenant_id,)]

    def test_can_be_opened_again_inside_itself(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            with tenant.scope(anna.tenant_id):
                assert setting() == str(anna.tenant_id)
            assert setting() == str(anna.tenant_id)

    def test_of_another_tenant_cannot_be_opened_inside_it(self, anna: Ctx, cilla: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            with pytest.raises(TenantMixedError), tenant.scope(cilla.tenant_id):
                pass
            assert setting() == str(anna.tenant_id)

    def test_leaves_nothing_behind_after_the_commit(self, anna_live: Ctx) -> None:
        with tenant.scope(anna_live.tenant_id):
            assert setting() != ""
        assert setting() == ""
        assert rows.select("SELECT 1 FROM base_tenant") == []

    def test_leaves_nothing_behind_after_a_rollback(self, anna_live: Ctx) -> None:
        with pytest.raises(ZeroDivisionError), tenant.scope(anna_live.tenant_id):
            _ = 1 // 0
        assert setting() == ""
        with tenant.scope(anna_live.tenant_id):
            assert setting() == str(anna_live.tenant_id)

    def test_leaves_nothing_behind_in_a_transaction_that_goes_on(self, anna_live: Ctx) -> None:
        with transaction.atomic():
            with tenant.scope(anna_live.tenant_id):
                pass
            assert setting() == ""
            with pytest.raises(ZeroDivisionError), tenant.scope(anna_live.tenant_id):
                _ = 1 // 0
            assert setting() == ""

    def test_would_stay_on_the_connection_if_it_were_not_local(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: the setting outlives its transaction, as a pooled connection would carry it on."""

        def for_ever(value: str) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.tenant', %s, false)", [value])

        monkeypatch.setattr(tenant, "_set", for_ever)
        with tenant.scope(anna_live.tenant_id):
            pass
        assert setting() == str(anna_live.tenant_id)
        connection.close()
        assert setting() == ""

    def test_of_a_command_must_be_the_outermost(self, anna: Ctx) -> None:
        with (
            pytest.raises(RuntimeError, match="reading scope"),
            tenant.scope(anna.tenant_id),
            tenant.scope(anna.tenant_id, durable=True),
        ):
            pass


class TestARowOfAnotherTenant:
    def test_is_not_seen(self, anna: Ctx, cilla: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            assert rows.select("SELECT 1 FROM base_tenant WHERE id = %s", [cilla.tenant_id]) == []
            assert rows.select("SELECT 1 FROM base_command WHERE tenant_id = %s", [cilla.tenant_id]) == []
            assert rows.run("UPDATE base_tenant SET name = 'x' WHERE id = %s", [cilla.tenant_id]) == 0

    def test_cannot_be_inserted(self, anna: Ctx, cilla: Ctx) -> None:
        command_id = last_command(cilla)
        with pytest.raises(ProgrammingError, match="row-level security"), tenant.scope(anna.tenant_id):
            rows.run(INSERT_EVENT, [cilla.tenant_id, command_id, anna.now])

    def test_cannot_be_inserted_without_any_scope(self, anna: Ctx) -> None:
        command_id = last_command(anna)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            rows.run(INSERT_EVENT, [anna.tenant_id, command_id, anna.now])

    def test_cannot_be_referred_to(self, anna: Ctx, cilla: Ctx) -> None:
        command_id = last_command(cilla)
        with pytest.raises(IntegrityError) as refused, tenant.scope(anna.tenant_id):
            rows.run(INSERT_EVENT, [anna.tenant_id, command_id, anna.now])
        assert _constraint(refused.value) == "base_event_command_id_fk"

    def test_could_be_referred_to_by_a_key_without_the_tenant(self, owner: Owner, anna_live: Ctx) -> None:
        """The planted fault, which row-level security does not see: a foreign key of one column."""
        from cast import open_company

        command_id = last_command(open_company("Cillas Konditori AB", actor="cilla"))
        owner.execute("ALTER TABLE base_event DROP CONSTRAINT base_event_command_id_fk")
        owner.execute("CREATE UNIQUE INDEX planted ON base_command (id)")
        owner.execute("ALTER TABLE base_event ADD CONSTRAINT one FOREIGN KEY (command_id) REFERENCES base_command (id)")
        as_tenant(owner, anna_live.tenant_id)
        owner.execute(INSERT_EVENT, [anna_live.tenant_id, command_id, anna_live.now])
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute(INSERT_EVENT, [anna_live.tenant_id, 10**15, anna_live.now])


def _constraint(error: Any) -> str:
    return str(error.__cause__.diag.constraint_name)


class TestWhatIsKnownBeforeAnyTenantIs:
    def test_tells_of_one_code_or_one_person_only(self, anna: Ctx, cilla: Ctx) -> None:
        added = login.add_member(cilla, email="cilla@x.example", full_name="Cilla", role=login.Role.OWNER)
        assert login.memberships(added.user_id) == [(cilla.tenant_id, login.Role.OWNER)]
        assert login.memberships(added.user_id + 1) == []
        assert rows.select("SELECT 1 FROM base_membership") == []
        assert rows.select("SELECT 1 FROM base_tenant") == []

    def test_cannot_be_widened_by_taking_the_resolvers_role(self, anna_live: Ctx) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("SET ROLE kvit_resolver")
