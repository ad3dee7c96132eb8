"""Tenants, members and roles."""

from datetime import date, timedelta

import pytest

from cast import LATE, NOW, keyed, open_company
from kvit.base import login, rows, tenant
from kvit.base.command import Ctx


class TestATenant:
    def test_is_opened_once_under_a_code(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            ((code,),) = rows.select("SELECT code FROM base_tenant")
        other = Ctx(login.draw_tenant_id(), "user:x", anna.now)
        with pytest.raises(login.TenantCodeTaken):
            login.open_tenant(other, code=code, name="Twin", country="SE", currency="SEK")

    def test_is_found_by_its_code_before_any_scope_is_open(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            ((code,),) = rows.select("SELECT code FROM base_tenant")
        assert login.tenant_by_code(code) == anna.tenant_id
        with pytest.raises(login.NoSuchTenant):
            login.tenant_by_code("nobody")


class TestADay:
    @pytest.mark.parametrize("country", ["SE", "PL", "RO"])
    def test_begins_where_the_company_is(self, db: None, country: str) -> None:
        ctx = open_company(country=country)
        with tenant.scope(ctx.tenant_id):
            assert login.own_day(NOW) == date(2026, 3, 2)
            assert login.own_day(LATE) == date(2026, 3, 3)

    def test_begins_an_hour_earlier_in_romania(self, db: None) -> None:
        days = []
        for country in ("PL", "RO"):
            ctx = open_company(country=country)
            with tenant.scope(ctx.tenant_id):
                days.append(login.own_day(LATE - timedelta(hours=1)).day)
        assert days == [2, 3]


class TestAMember:
    def test_has_one_role_where_they_work_and_none_elsewhere(self, anna: Ctx, cilla: Ctx) -> None:
        added = login.add_member(anna, email="Anna@nordvik.example", full_name="Anna", role=login.Role.CLERK)
        again = login.add_member(anna, email="anna@nordvik.example", full_name="Anna", role=login.Role.MANAGER)
        assert (again.user_id, added.is_new_login, again.is_new_login) == (added.user_id, True, False)
        assert login.memberships(added.user_id) == [(anna.tenant_id, login.Role.MANAGER)]
        assert login.role_of(cilla.tenant_id, added.user_id) is None

    def test_leaves_no_password_behind(self, anna: Ctx) -> None:
        ctx = keyed(anna, "k")
        login.add_member(ctx, email="a@b.example", full_name="Anna", role=login.Role.CLERK, password="hunter2hunter2")
        with tenant.scope(anna.tenant_id):
            kept = rows.select("SELECT input::text FROM base_command") + rows.select(
                "SELECT value::text FROM base_personalvalue"
            )
        assert "hunter2" not in str(kept)
        assert "a@b.example" in str(kept)
