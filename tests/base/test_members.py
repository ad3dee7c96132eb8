"""Who works for a company: roles changed, people removed, and always an owner."""

import pytest

from cast import in_threads, keyed
from kvit.base import login, tenant
from kvit.base.command import Ctx
from kvit.base.login import LastOwner, NoSuchMember, Role


def add(ctx: Ctx, name: str, role: Role) -> int:
    return login.add_member(ctx, email=f"{name}-{ctx.tenant_id}@nordvik.example", full_name=name, role=role).user_id


class TestAMember:
    def test_is_listed_with_role_and_whether_the_login_is_in_use(self, anna: Ctx) -> None:
        per = add(anna, "Per", Role.AUDITOR)
        with tenant.scope(anna.tenant_id):
            (member,) = login.members()
            assert login.names([per, 0]) == {per: "Per"}
        assert (member.user_id, member.role, member.has_password) == (per, Role.AUDITOR, False)

    def test_says_whether_the_login_is_new(self, anna: Ctx, cilla: Ctx) -> None:
        given = {"email": f"eva-{anna.tenant_id}@nordvik.example", "full_name": "Eva", "role": Role.CLERK}
        assert login.add_member(anna, **given).is_new_login
        assert not login.add_member(cilla, **given).is_new_login

    def test_gets_another_role(self, anna: Ctx) -> None:
        per = add(anna, "Per", Role.CLERK)
        once = login.change_role(keyed(anna, "k"), user_id=per, role=Role.MANAGER)
        assert login.change_role(keyed(anna, "k"), user_id=per, role=Role.MANAGER) == once
        assert login.role_of(anna.tenant_id, per) is Role.MANAGER

    def test_is_removed_once(self, anna: Ctx) -> None:
        per = add(anna, "Per", Role.CLERK)
        login.remove_member(anna, user_id=per)
        assert login.places(per) == ()
        with pytest.raises(NoSuchMember):
            login.remove_member(anna, user_id=per)

    def test_of_another_company_is_nobody_here(self, anna: Ctx, cilla: Ctx) -> None:
        per = add(anna, "Per", Role.CLERK)
        with pytest.raises(NoSuchMember):
            login.remove_member(cilla, user_id=per)
        with pytest.raises(NoSuchMember):
            login.change_role(cilla, user_id=per, role=Role.AUDITOR)
        assert login.role_of(anna.tenant_id, per) is Role.CLERK


class TestTheLastOwner:
    def test_neither_leaves_nor_is_made_less(self, anna: Ctx) -> None:
        ewa = add(anna, "Ewa", Role.OWNER)
        for leave in (
            lambda: login.remove_member(anna, user_id=ewa),
            lambda: login.change_role(anna, user_id=ewa, role=Role.CLERK),
            lambda: add(anna, "Ewa", Role.CLERK),
        ):
            with pytest.raises(LastOwner):
                leave()
        assert login.role_of(anna.tenant_id, ewa) is Role.OWNER

    def test_may_leave_once_there_is_another(self, anna: Ctx) -> None:
        ewa = add(anna, "Ewa", Role.OWNER)
        add(anna, "Per", Role.OWNER)
        login.remove_member(anna, user_id=ewa)
        assert login.role_of(anna.tenant_id, ewa) is None

    def test_would_leave_without_the_guard(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: nobody looks whether another owner is left."""
        ewa = add(anna, "Ewa", Role.OWNER)
        monkeypatch.setattr(login, "_keep_an_owner", lambda user_id: None)
        login.remove_member(anna, user_id=ewa)
        assert login.role_of(anna.tenant_id, ewa) is None

    @pytest.mark.race
    def test_stays_when_two_owners_leave_at_once(self, anna_live: Ctx) -> None:
        owners = [add(anna_live, name, Role.OWNER) for name in ("Ewa", "Per")]
        in_threads(2, lambda n: login.remove_member(anna_live, user_id=owners[n]))
        with tenant.scope(anna_live.tenant_id):
            assert [member.role for member in login.members()] == [Role.OWNER]
