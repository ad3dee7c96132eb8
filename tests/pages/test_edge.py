"""The edge of every page: who acts, what a GET may not do, what the browser is told."""

from contextlib import closing
from typing import Any

import pytest
from django.conf import settings
from django.db.utils import InternalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from kvit.base import login, rows, tenant
from kvit.base.command import Ctx
from kvit.pages import access, middleware, visitor
from kvit.pages.access import View
from kvit.pages.visitor import Customer, Staff
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind
from surfaces import SignIn, add_person, client_of

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def visit(view: View, user_id: int, *, method: str = "GET", form: dict[str, str] | None = None) -> Any:
    """Call a view as this person, outside of any route."""
    from django.contrib.auth import get_user_model

    factory = RequestFactory()
    request = factory.get("/planted/") if method == "GET" else factory.post("/planted/", form or {})
    request.user = get_user_model().objects.get(pk=user_id)
    request.session = Client().session
    return view(request)


@access.staff("GET", "POST")
def rename(request: HttpRequest, who: Staff) -> HttpResponse:
    """A view that writes, whatever the method."""
    rows.run("UPDATE base_tenant SET name = 'Renamed' WHERE id = %s", [who.tenant_id])
    return HttpResponse()


class TestAPage:
    def test_tells_the_browser_what_it_may_do(self, anonymous: Client) -> None:
        answer = anonymous.get("/sign-in/")
        policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
        assert policy == POLICY
        assert (answer["X-Frame-Options"], answer["Referrer-Policy"]) == ("DENY", "same-origin")
        assert "no-store" in answer["Cache-Control"]

    def test_has_no_inline_script_or_style(self, anna: Ctx, sign_in: SignIn) -> None:
        for path in ("/desk/", "/account/", "/account/app/", "/account/passkeys/add/"):
            html = sign_in(anna).get(path).content.decode()
            assert " style=" not in html
            assert " on" not in [part[:3] for part in html.split('"')[::2]]
            assert [
                tag for tag in html.split("<script")[1:] if "src=" not in tag and "application/json" not in tag
            ] == []

    def test_that_asks_for_files_asks_for_names_that_change_with_their_content(self, anonymous: Client) -> None:
        html = anonymous.get("/sign-in/").content.decode()
        (sheet,) = (part.split('"')[0] for part in html.split('href="')[1:] if ".css" in part)
        with closing(anonymous.get(sheet)) as answer:
            assert (answer.status_code, "immutable" in answer["Cache-Control"]) == (200, True)
        assert len(sheet.split(".")) == 3
        with closing(anonymous.get(sheet, headers={"accept-encoding": "gzip"})) as packed:
            assert packed["Content-Encoding"] == "gzip"


class TestAForm:
    def test_from_elsewhere_is_refused_in_words(self, anna: Ctx) -> None:
        strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        answer = strict.post("/language/", {"language": "sv"})
        assert (answer.status_code, b"This form is too old" in answer.content) == (403, True)

    def test_carries_a_key_that_is_bound_to_the_person(self, anna: Ctx) -> None:
        seen: list[Ctx] = []

        @access.staff("POST")
        def note(request: HttpRequest, who: Staff) -> HttpResponse:
            seen.append(who.ctx)
            return HttpResponse()

        first, second = (add_person(anna, role=login.Role.CLERK) for _ in range(2))
        for user_id in (first, second):
            visit(note, user_id, method="POST", form={visitor.KEY_FIELD: "k" * 100})
        visit(note, first, method="POST")
        assert [ctx.key for ctx in seen] == [f"{first}:{'k' * 64}", f"{second}:{'k' * 64}", None]
        assert {ctx.actor for ctx in seen} == {f"user:{first}", f"user:{second}"}
        assert {ctx.tenant_id for ctx in seen} == {anna.tenant_id}


class TestABody:
    @pytest.mark.parametrize(("size", "is_refused"), [(1_000_000, False), (1_000_001, True)])
    def test_of_a_stranger_is_small(
        self, anonymous: Client, anna: Ctx, sign_in: SignIn, size: int, is_refused: bool
    ) -> None:
        def post(client: Client) -> int:
            return client.post("/sign-in/", b"x" * size, content_type="text/plain").status_code

        assert (post(anonymous) == 413) is is_refused
        assert post(sign_in(anna)) != 413

    def test_of_a_person_is_no_larger_than_a_bank_file(self, anna: Ctx, sign_in: SignIn) -> None:
        answer = sign_in(anna).post("/desk/", b"x", content_type="text/plain", headers={"content-length": "999999999"})
        assert (answer.status_code, b"too large" in answer.content) == (413, True)

    def test_of_any_size_would_be_read_without_the_guard(
        self, anonymous: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: no limit."""
        monkeypatch.setattr(middleware, "OF_A_STRANGER", 10**12)
        assert anonymous.post("/sign-in/", b"x" * 1_000_001, content_type="text/plain").status_code != 413


class TestAGet:
    def test_cannot_write(self, anna_live: Ctx) -> None:
        user_id = add_person(anna_live, role=login.Role.OWNER)
        with pytest.raises(InternalError, match="read-only"):
            visit(rename, user_id)

    def test_would_write_without_the_guard(self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: an ordinary scope in place of one that only reads."""
        user_id = add_person(anna_live, role=login.Role.OWNER)
        monkeypatch.setattr(tenant, "reading", tenant.scope)
        visit(rename, user_id)
        assert login.places(user_id)[0].name == "Renamed"

    def test_does_not_keep_the_next_one_from_writing(self, anna_live: Ctx) -> None:
        user_id = add_person(anna_live, role=login.Role.OWNER)
        with tenant.reading(anna_live.tenant_id):
            assert rows.select("SELECT count(*) FROM base_tenant") == [(1,)]
        with tenant.scope(anna_live.tenant_id):
            rows.run("UPDATE base_tenant SET name = 'Written'")
        assert login.places(user_id)[0].name == "Written"

    def test_is_refused_where_only_a_post_is_meant(self, anna: Ctx, sign_in: SignIn) -> None:
        assert sign_in(anna).get("/company/").status_code == 405

    def test_of_an_address_that_only_takes_forms_leads_back(self, anna: Ctx, sign_in: SignIn) -> None:
        answer = sign_in(anna).get("/language/")
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "There is no page at this address" in answer.content.decode()


class TestARole:
    @pytest.mark.parametrize("role", login.Role)
    def test_opens_what_is_open_to_it(self, anna: Ctx, role: login.Role) -> None:
        @access.staff(roles=frozenset({login.Role.OWNER}))
        def owners_only(request: HttpRequest, who: Staff) -> HttpResponse:
            return HttpResponse()

        from django.core.exceptions import PermissionDenied

        user_id = add_person(anna, role=role)
        if role is login.Role.OWNER:
            assert visit(owners_only, user_id).status_code == 200
        else:
            with pytest.raises(PermissionDenied):
                visit(owners_only, user_id)

    def test_that_was_taken_away_closes_the_desk_at_once(self, anna: Ctx) -> None:
        user_id = add_person(anna, role=login.Role.CLERK)
        client = client_of(user_id)
        assert client.get("/desk/").status_code == 200
        with tenant.scope(anna.tenant_id):
            rows.run("DELETE FROM base_membership WHERE user_id = %s", [user_id])
        assert client.get("/desk/")["Location"] == "/nowhere/"


class TestACustomer:
    def test_looks_for_the_party_they_chose_and_for_no_other(self, anna: Ctx, cilla: Ctx) -> None:
        mine, other = (
            parties.register_party(ctx, kind=PartyKind.COMPANY, name=name, country="SE").party_id
            for ctx, name in ((anna, "Bo AB"), (cilla, "Bo Bygg AB"))
        )
        seen: list[Customer] = []

        @access.customer()
        def note(request: HttpRequest, who: Customer) -> HttpResponse:
            seen.append(who)
            return HttpResponse()

        user_id = parties.open_login(anna, party_id=mine, email="bo@kund.se", full_name="Bo").user_id
        visit(note, user_id)
        client = client_of(user_id)
        client.post("/place/", {"place": f"{cilla.tenant_id}:{other}"})
        assert client.session.get(visitor.PLACE_IN_SESSION) is None
        parties.open_login(cilla, party_id=other, email="bo@kund.se", full_name="Bo")
        client.post("/place/", {"place": f"{cilla.tenant_id}:{other}"})
        assert client.session[visitor.PLACE_IN_SESSION] == [cilla.tenant_id, other]
        (who,) = seen
        assert (who.tenant_id, who.party_id, who.place.party_name) == (anna.tenant_id, mine, "Bo AB")
        assert who.ctx.actor == f"customer:{user_id}"


class TestAnErrorPage:
    def test_says_that_nothing_was_half_done(self, anna: Ctx, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
        client = sign_in(anna)
        client.raise_request_exception = False
        monkeypatch.setattr("kvit.pages.rendering.visitor.theme_of", lambda request: "light")
        monkeypatch.setattr("kvit.pages.visitor.staff", lambda request, person: 1 / 0)
        answer = client.get("/desk/")
        assert (answer.status_code, b"Something broke on our side" in answer.content) == (500, True)
        assert b"ZeroDivision" not in answer.content

    def test_of_a_fragment_is_a_fragment(self, anna: Ctx, sign_in: SignIn) -> None:
        answer = sign_in(anna).get("/desk/nothing-here/", headers={"hx-request": "true"})
        assert (answer.status_code, b"<html" in answer.content) == (404, False)

    def test_sends_a_fragment_to_the_sign_in_page(self, anonymous: Client) -> None:
        answer = anonymous.get("/desk/", headers={"hx-request": "true"})
        assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/")


class TestHealth:
    def test_is_good_while_the_database_answers(self, anonymous: Client) -> None:
        assert anonymous.get("/health/").json() == {"database": "ok"}

    def test_is_bad_when_it_does_not(self, anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.db import OperationalError

        def refuse(*_given: object) -> None:
            raise OperationalError

        monkeypatch.setattr("kvit.pages.views.health.rows.select", refuse)
        assert anonymous.get("/health/").status_code == 503


class TestTheDesignPage:
    def test_is_there_in_test_mode_only(self, anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        assert anonymous.get("/design/").status_code == 404
        monkeypatch.setattr(settings, "KVIT_TEST_MODE", True)
        answer = anonymous.get("/design/")
        assert (answer.status_code, b"Test mode" in answer.content) == (200, True)
