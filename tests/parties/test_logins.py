"""Who may sign in to the portal for a party."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kvit.base import login, rows, tenant
from kvit.base.command import Ctx
from kvit.parties import commands, queries
from kvit.parties.domain.contacts import BadContact
from tables import as_owner, find, run_twice


def open_for(ctx: Ctx, party_id: int, email: str = "jan@firma.pl") -> commands.LoginOpened:
    return commands.open_login(ctx, party_id=party_id, email=email, full_name="Jan Kowalski")


class TestALogin:
    def test_is_opened_for_a_party(self, anna: Ctx, jan: int) -> None:
        opened = run_twice(commands.open_login, anna, party_id=jan, email="jan@FIRMA.pl", full_name="Jan Kowalski")
        (place,) = queries.portal_places(opened.user_id)
        assert (place.tenant_id, place.party_id, place.tenant_name) == (anna.tenant_id, jan, "Nordvik AB")
        with tenant.scope(anna.tenant_id):
            (listed,) = queries.portal_logins(jan)
        assert (listed.id, listed.email, listed.closed_at) == (opened.login_id, "jan@firma.pl", None)

    def test_that_is_open_already_is_found_again(self, anna: Ctx, jan: int) -> None:
        first, again = open_for(anna, jan), open_for(anna, jan)
        assert (again.login_id, first.is_new, again.is_new) == (first.login_id, True, False)

    def test_once_closed_opens_nothing_and_may_be_opened_anew(self, anna: Ctx, jan: int) -> None:
        opened = open_for(anna, jan)
        later = replace(anna, now=anna.now + timedelta(days=1))
        assert run_twice(commands.close_login, later, login_id=opened.login_id).was_open
        assert not commands.close_login(later, login_id=opened.login_id).was_open
        assert queries.portal_places(opened.user_id) == ()
        assert open_for(later, jan).login_id != opened.login_id

    def test_is_one_for_many_parties_and_companies(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        from kvit.parties.domain.register import PartyKind

        there = commands.register_party(cilla, kind=PartyKind.PERSON, name="Jan", country="PL").party_id
        user_id = open_for(anna, jan).user_id
        assert open_for(cilla, there).user_id == user_id
        assert {place.tenant_id for place in queries.portal_places(user_id)} == {anna.tenant_id, cilla.tenant_id}

    @pytest.mark.parametrize("email", ["", "jan", "jan@firma", "jan@firma.pl\n"])
    def test_needs_an_address(self, anna: Ctx, jan: int, email: str) -> None:
        if email.strip() == "jan@firma.pl":
            assert open_for(anna, jan, email).is_new
            return
        with pytest.raises(BadContact):
            open_for(anna, jan, email)

    def test_of_another_company_is_not_known(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        opened = open_for(anna, jan)
        with pytest.raises(commands.NoSuchParty):
            open_for(cilla, jan)
        with pytest.raises(commands.NoSuchLogin):
            commands.close_login(cilla, login_id=opened.login_id)

    def test_is_evidence_that_even_the_owner_of_the_tables_keeps(self, anna_live: Ctx) -> None:
        from django.db.utils import IntegrityError, OperationalError, ProgrammingError

        from kvit.parties.domain.register import PartyKind

        party = commands.register_party(anna_live, kind=PartyKind.PERSON, name="Jan", country="PL").party_id
        opened = open_for(anna_live, party, f"jan-{anna_live.tenant_id}@firma.pl")
        with as_owner(anna_live) as cursor, pytest.raises((IntegrityError, OperationalError, ProgrammingError)):
            cursor.execute("DELETE FROM parties_login WHERE id = %s", [opened.login_id])


class TestErasure:
    def test_closes_the_login_and_forgets_a_person_who_has_no_other(self, anna: Ctx, jan: int) -> None:
        user_id = open_for(anna, jan, "wyjatkowy@firma.pl").user_id
        commands.erase_person(anna, party_id=jan, reason="asked")
        assert queries.portal_places(user_id) == ()
        assert find(anna, "wyjatkowy@firma.pl") == []
        assert rows.select("SELECT is_active, full_name FROM base_user WHERE id = %s", [user_id]) == [(False, "")]

    def test_leaves_the_login_of_somebody_who_works_elsewhere(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        user_id = open_for(anna, jan).user_id
        login.add_member(cilla, email="jan@firma.pl", full_name="Jan", role=login.Role.CLERK)
        commands.erase_person(anna, party_id=jan, reason="asked")
        assert rows.select("SELECT is_active, email FROM base_user WHERE id = %s", [user_id]) == [
            (True, "jan@firma.pl")
        ]
