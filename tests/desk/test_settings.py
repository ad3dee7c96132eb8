"""Settings: the company, its accounts, who works here; who may not change them only sees them."""

import pytest
from django.test import Client

from desk import Desk
from kvit.base import login
from kvit.base.login import Role
from surfaces import SignIn


@pytest.fixture
def owner(office: Desk, sign_in: SignIn) -> Client:
    return sign_in(office.ctx, role=Role.OWNER)


class TestTheCompany:
    def test_changes_name_and_address(self, owner: Client) -> None:
        given = {"name": "Nordvik Bredband AB", "street": "Storgatan 1", "postal_code": "903 26", "city": "Umeå"}
        page = owner.post("/desk/settings/company/", given, follow=True).content.decode()
        assert "Nordvik Bredband AB" in page
        assert "Storgatan 1" in page

    def test_keeps_only_numbers_that_can_be(self, owner: Client) -> None:
        wrong = owner.post("/desk/settings/numbers/", {"kind": "orgnr", "value": "556036-0794"})
        assert wrong.status_code == 422
        assert (
            b"5560360793"
            in owner.post("/desk/settings/numbers/", {"kind": "orgnr", "value": "556036-0793"}, follow=True).content
        )

    def test_is_not_changed_by_a_clerk(self, browser: Client) -> None:
        assert browser.post("/desk/settings/company/", {"name": "Mine"}).status_code == 403
        assert b"Save" not in browser.get("/desk/settings/").content


class TestAnAccount:
    def test_is_opened_once(self, owner: Client) -> None:
        given = {"number": "991-2346", "currency": "SEK", "name": "Bankgiro"}
        assert b"The account is open" in owner.post("/desk/settings/accounts/open/", given, follow=True).content
        again = owner.post("/desk/settings/accounts/open/", given)
        assert again.status_code == 422
        assert b"on the list already" in again.content


class TestSomebodyNew:
    def test_is_invited_by_a_link_that_is_shown_once(self, office: Desk, owner: Client) -> None:
        given = {"full_name": "Ola Nord", "email": f"ola{office.ctx.tenant_id}@nordvik.example", "role": "clerk"}
        page = owner.post("/desk/settings/people/add/", given).content.decode()
        assert "Ola Nord is invited" in page
        address = page.partition('data-copy="http://testserver')[2].partition('"')[0]
        assert Client().get(address).status_code in (200, 302)
        assert address not in owner.get("/desk/settings/people/").content.decode()

    def test_who_has_a_login_gets_no_link_to_it(self, office: Desk, owner: Client) -> None:
        """Else whoever owns a company could take over the login of anybody."""
        address = f"eva{office.ctx.tenant_id}@annan.example"
        login.make_user(email=address, full_name="Eva", password=None)
        given = {"full_name": "Eva", "email": address, "role": "clerk"}
        page = owner.post("/desk/settings/people/add/", given, follow=True).content.decode()
        assert "signs in as before" in page
        assert "Invitation" not in page

    def test_is_invited_again_only_by_their_one_company(self, office: Desk, cilla: object, owner: Client) -> None:
        from kvit.base.command import Ctx

        assert isinstance(cilla, Ctx)
        address = f"both{office.ctx.tenant_id}@annan.example"
        user = login.add_member(office.ctx, email=address, full_name="Both", role=Role.CLERK).user_id
        assert b"is invited" in owner.post(f"/desk/settings/people/{user}/invite/").content
        login.add_member(cilla, email=address, full_name="Both", role=Role.CLERK)
        again = owner.post(f"/desk/settings/people/{user}/invite/", follow=True).content
        assert b"signs in as before" in again

    @pytest.mark.parametrize("email", ["", "nobody", "a@b"])
    def test_needs_an_address(self, owner: Client, email: str) -> None:
        given = {"full_name": "Ola", "email": email, "role": "clerk"}
        assert owner.post("/desk/settings/people/add/", given).status_code == 422


class TestARole:
    def test_is_changed_and_taken_away(self, office: Desk, owner: Client) -> None:
        user = login.add_member(office.ctx, email="per@nordvik.example", full_name="Per", role=Role.CLERK).user_id
        owner.post(f"/desk/settings/people/{user}/role/", {"role": "auditor"})
        assert login.role_of(office.ctx.tenant_id, user) is Role.AUDITOR
        owner.post(f"/desk/settings/people/{user}/remove/")
        assert login.role_of(office.ctx.tenant_id, user) is None

    def test_of_the_last_owner_stays(self, office: Desk, owner: Client) -> None:
        me = int(owner.session["_auth_user_id"])
        page = owner.post(f"/desk/settings/people/{me}/role/", {"role": "clerk"}, follow=True).content.decode()
        assert "at least one owner" in page
        assert login.role_of(office.ctx.tenant_id, me) is Role.OWNER
