"""Every route against every one of the cast (RELIABILITY scorecard, row 7); a route without a row fails here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, path, reverse

from cast import open_company
from in_test_mode import open_world, switched_on, urlpatterns
from kvit.base import login
from kvit.pages import access, middleware
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind
from pages.access_rows import ACTORS, ALWAYS, DEMO, NOT_HERE, ROWS, SIGN_IN, Row
from surfaces import add_person, client_of
from two_companies import Two, build


def routes(patterns: Any = None) -> dict[str, URLPattern]:
    """Every route there is in test mode, by its name; one without cannot have a row, so it stands under its pattern."""
    found: dict[str, URLPattern] = {}
    for entry in urlpatterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            found |= routes(entry.url_patterns)
        else:
            found[entry.name or str(entry.pattern)] = entry
    return found


@dataclass(frozen=True)
class World:
    """Two companies with one of everything, and a browser of each of the cast."""

    two: Two
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, assets: None) -> Iterator[World]:
    """Real commits for this module."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield _world()
        connections.close_all()


def _world() -> World:
    two = build()
    third = open_company("Tredje AB", actor="third")
    other_party = parties.register_party(two.anna, kind=PartyKind.COMPANY, name="Annan AB", country="SE").party_id
    customer, other_customer = (
        parties.open_login(two.anna, party_id=party, email=f"{name}-{party}@kund.se", full_name=name).user_id
        for name, party in (("bo", two.bo_party), ("eva", other_party))
    )
    left = parties.open_login(two.anna, party_id=other_party, email=f"left-{other_party}@kund.se", full_name="Left")
    parties.close_login(two.anna, login_id=left.login_id)
    people = {
        "nobody": left.user_id,
        "clerk": add_person(two.anna, role=login.Role.CLERK),
        "other": add_person(two.cilla, role=login.Role.CLERK),
        "owner": add_person(two.anna, role=login.Role.OWNER),
        "customer": customer,
        "other_customer": other_customer,
    }
    assert third.tenant_id not in (two.anna.tenant_id, two.cilla.tenant_id)
    clients = {name: client_of(user_id) for name, user_id in people.items()}
    return World(two, {"anonymous": Client(headers={"accept-language": "en"}), **clients})


def answer(world: World, name: str, row: Row, actor: str) -> int | str:
    """What a member of the cast gets; sign-in and log-out leave no trace, for the session is copied."""
    client = Client(headers={"accept-language": "en"})
    client.cookies = world.clients[actor].cookies.copy()
    address = reverse(name, urlconf="in_test_mode", kwargs=dict(row.kwargs(world.two)) or None)
    got = client.get(address) if row.method == "GET" else client.post(address, dict(row.form(world.two)))
    if got.status_code == 302 and got["Location"].startswith("/sign-in/"):
        return SIGN_IN
    return int(got.status_code)


class TestTheMatrix:
    def test_has_a_row_for_each_route_and_for_nothing_else(self) -> None:
        assert set(ROWS) == set(routes())

    def test_would_miss_a_route_that_is_new(self) -> None:
        """Planted fault: a route that nobody has thought of."""
        planted = [*urlpatterns, path("planted/", _unguarded, name="planted")]
        assert set(routes(planted)) - set(ROWS) == {"planted"}

    @pytest.mark.parametrize("name", ROWS)
    def test_has_an_answer_for_each_of_the_cast(self, name: str) -> None:
        assert len(ROWS[name].expected) == len(ACTORS)


class TestARoute:
    @pytest.mark.parametrize("actor", ACTORS)
    @pytest.mark.parametrize("name", ALWAYS)
    def test_answers_as_its_row_says(self, world: World, name: str, actor: str) -> None:
        row = ROWS[name]
        assert answer(world, name, row, actor) == row.expected[ACTORS.index(actor)]

    @pytest.mark.parametrize("name", ROWS)
    def test_says_who_may(self, name: str) -> None:
        assert access.of(routes()[name].callback) is not None

    def test_that_says_nothing_is_never_called(self) -> None:
        """Planted fault: a view without a rule."""
        closed = middleware.pages_say_who_may(_unguarded)
        with pytest.raises(middleware.UnguardedViewError):
            closed.process_view(HttpRequest(), _unguarded, (), {})

    def test_with_a_broken_rule_is_reported(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: everybody counts as the clerk who owns the company."""
        mine = login.places(world.clients["owner"].session["_auth_user_id"])
        monkeypatch.setattr(login, "places", lambda user_id: mine)
        row = replace(ROWS["desk"])
        assert answer(world, "desk", row, "nobody") != row.expected[ACTORS.index("nobody")]


class TestARouteOfTheDemo:
    @pytest.mark.parametrize("name", DEMO)
    def test_is_nowhere_outside_of_test_mode(self, world: World, db: None, name: str) -> None:
        assert {answer(world, name, DEMO[name], actor) for actor in ACTORS} == {NOT_HERE}

    @pytest.mark.parametrize("name", DEMO)
    def test_answers_in_test_mode_as_its_row_says(
        self, world: World, db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """What would be found out as well if the routes were there without test mode."""
        open_world()
        with switched_on(settings, tmp_path, monkeypatch):
            assert tuple(answer(world, name, DEMO[name], actor) for actor in ACTORS) == DEMO[name].expected

    @pytest.mark.parametrize("name", ["demo_sign_in", "demo_tour"])
    def test_opens_nothing_where_nobody_is_simulated(
        self, world: World, db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        with switched_on(settings, tmp_path, monkeypatch):
            assert {answer(world, name, DEMO[name], actor) for actor in ACTORS} == {NOT_HERE}


def _unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
