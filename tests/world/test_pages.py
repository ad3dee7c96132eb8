"""The demo's pages: doors that only test mode has, for the cast alone, and what each of the cast gets of them."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cast import LATE, NOW
from in_test_mode import World, open_world, switched_on
from kvit.banking import queries as banking
from kvit.base import clock, files, login, tenant
from kvit.base.command import Ctx
from kvit.desk import choices
from kvit.formats import bank
from kvit.formats.bank.statement import Line
from kvit.invoicing import queries as invoices
from kvit.kernel import payment_reference
from kvit.kernel.identifiers import se_ocr
from kvit.pages import visitor
from kvit.world import cast, doors
from kvit.world.companies import COMPANIES
from kvit.world.pages import tour, wiping
from surfaces import SignIn


@pytest.fixture
def world(db: None) -> World:
    return open_world()


@pytest.fixture
def test_mode(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with switched_on(settings, tmp_path, monkeypatch):
        yield


def signed_in(client: Client, company: str = "nordljus", role: str = "clerk") -> Any:
    return client.post("/demo/sign-in/", {"company": company, "as": role})


@pytest.mark.usefixtures("test_mode")
class TestOneClick:
    @pytest.mark.parametrize("role", [worker.role.value for worker in cast.CAST["nordljus"]])
    def test_signs_in_as_one_of_the_cast(self, world: World, anonymous: Client, role: str) -> None:
        assert signed_in(anonymous, role=role)["Location"] == "/desk/"
        page = anonymous.get("/desk/settings/people/" if role == "owner" else "/desk/").content.decode()
        assert "Nordljus Bredband AB" in page
        with tenant.scope(world.tenant_id):
            names = {member.role.value: member.full_name for member in login.members()}
        assert names[role] in page

    def test_signs_in_at_the_portal_as_a_customer(self, world: World, anonymous: Client) -> None:
        assert signed_in(anonymous, role=doors.PORTAL)["Location"] == "/portal/"
        assert "Nordljus Bredband AB" in anonymous.get("/portal/").content.decode()

    @pytest.mark.usefixtures("world")
    @pytest.mark.parametrize(
        ("company", "role"), [("nordljus", "auditor"), ("nordljus", "1"), ("linden", "owner"), ("nordvik", "owner")]
    )
    def test_signs_in_as_nobody_else(self, anna: Ctx, anonymous: Client, company: str, role: str) -> None:
        assert signed_in(anonymous, company, role).status_code == 404
        assert "_auth_user_id" not in anonymous.session

    @pytest.mark.usefixtures("world")
    def test_opens_no_company_of_the_same_name_that_is_at_work(self, anonymous: Client, anna: Ctx) -> None:
        mine = Ctx(tenant_id=login.draw_tenant_id(), actor="user:anna", now=NOW)
        login.open_tenant(mine, code="linden", name="Lindens Bageri", country="SE", currency="SEK")
        login.add_member(mine, email="owner@linden.example", full_name="Real", role=login.Role.OWNER)
        assert signed_in(anonymous, "linden", "owner").status_code == 404

    def test_is_of_no_use_for_a_password(self, world: World, anonymous: Client) -> None:
        for password in ("", "nordljus", "!"):
            answer = anonymous.post("/sign-in/", {"login": "owner@nordljus.example", "password": password})
            assert answer.status_code == 200
        assert "_auth_user_id" not in anonymous.session

    @pytest.mark.usefixtures("world")
    def test_makes_a_session_that_ends_with_test_mode(self, anonymous: Client, settings: Any) -> None:
        signed_in(anonymous)
        assert anonymous.get("/desk/").status_code == 200
        settings.KVIT_TEST_MODE = False
        assert anonymous.get("/desk/")["Location"] == "/sign-in/?next=/desk/"
        settings.KVIT_TEST_MODE = True
        assert anonymous.get("/desk/").status_code == 302

    @pytest.mark.usefixtures("world")
    def test_would_outlive_test_mode_without_its_mark(self, anonymous: Client, settings: Any) -> None:
        """Planted fault: the session is like any other."""
        signed_in(anonymous)
        session = anonymous.session
        del session[visitor.TEST_SESSION]
        session.save()
        settings.KVIT_TEST_MODE = False
        assert anonymous.get("/desk/").status_code == 200

    @pytest.mark.usefixtures("world")
    def test_is_refused_once_more_where_the_routes_are_there_and_test_mode_is_not(
        self, anonymous: Client, settings: Any
    ) -> None:
        settings.KVIT_TEST_MODE = False
        assert signed_in(anonymous).status_code == 404
        assert anonymous.post("/demo/tour/").status_code == 404

    def test_leaves_other_sessions_alone(self, anna: Ctx, sign_in: SignIn, settings: Any) -> None:
        client = sign_in(anna)
        settings.KVIT_TEST_MODE = False
        assert client.get("/desk/").status_code == 200


@pytest.mark.usefixtures("test_mode")
class TestTheStartPage:
    def test_shows_each_company_that_is_there(self, world: World, anonymous: Client) -> None:
        page = anonymous.get("/demo/").content.decode()
        assert [company.name in page for company in COMPANIES.values()] == [True, False, False, False]
        token = doors.token_of(world.tenant_id, world.doors.invoice_id)
        assert f"/i/{token}/" in page
        assert anonymous.get(f"/i/{token}/").status_code == 200

    def test_says_so_where_none_is(self, anonymous: Client, db: None) -> None:
        assert "kvit demo opens four" in anonymous.get("/demo/").content.decode()

    def test_has_a_seat_for_each_role_it_hires(self) -> None:
        assert {worker.role for staff in cast.CAST.values() for worker in staff} <= {
            login.Role(key) for key, _ in choices.roles()
        }
        assert cast.CAST.keys() == COMPANIES.keys()


@pytest.mark.usefixtures("test_mode")
class TestTheTour:
    def test_mistypes_so_that_no_check_digit_fits(self) -> None:
        for number in range(1, 400):
            reference = payment_reference.ocr(number)
            assert not se_ocr.is_valid(tour.mistyped(reference))

    def test_pays_once_however_often_the_button_is_pressed(self, world: World, anonymous: Client) -> None:
        draft = int(anonymous.post("/demo/tour/")["Location"].rstrip("/").rsplit("/", 1)[1])
        assert anonymous.post("/demo/tour/pay/")["Location"] == f"/desk/invoices/{draft}/"
        assert "intake" not in anonymous.session[tour.IN_SESSION]
        anonymous.post(f"/desk/invoices/{draft}/issue/")
        for _ in range(2):
            anonymous.post("/demo/tour/pay/")
        with tenant.scope(world.tenant_id):
            (invoice,) = invoices.invoices([draft])
            intakes = [row for row in banking.intakes(limit=5) if "tour" in row.file_name]
        assert invoice.state == "issued"
        assert [row.id for row in intakes] == [anonymous.session[tour.IN_SESSION]["intake"]]

    def test_pays_on_the_day_on_which_the_company_invoices(
        self, world: World, anonymous: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between two midnights as well: money from before the invoice would ask without naming it."""
        monkeypatch.setattr(clock, "current", lambda: clock.FixedClock(LATE))
        draft = int(anonymous.post("/demo/tour/")["Location"].rstrip("/").rsplit("/", 1)[1])
        anonymous.post(f"/desk/invoices/{draft}/issue/")
        anonymous.post("/demo/tour/pay/")
        with tenant.scope(world.tenant_id):
            (invoice,) = invoices.invoices([draft])
            (intake,) = [row for row in banking.intakes(limit=5) if "tour" in row.file_name]
            file = BytesIO(b"".join(files.read_parts(intake.sha256)))
        (line,) = (item for item in bank.open_file(file).items if isinstance(item, Line))
        assert line.booking_date == invoice.issue_date == date(2026, 3, 3)

    @pytest.mark.usefixtures("world")
    def test_ends_quietly_where_its_draft_is_discarded(self, anonymous: Client) -> None:
        draft = anonymous.post("/demo/tour/")["Location"]
        anonymous.post(f"{draft}discard/")
        assert anonymous.get("/desk/").status_code == 200

    @pytest.mark.usefixtures("world")
    def test_is_nobodys_who_did_not_begin_it(self, anonymous: Client) -> None:
        assert anonymous.post("/demo/tour/pay/")["Location"] == "/demo/"


@pytest.mark.usefixtures("test_mode", "world")
class TestWiping:
    def test_is_not_offered_where_nobody_supervises(self, anonymous: Client, settings: Any) -> None:
        anonymous.post("/demo/wipe/", {"sure": "yes"})
        assert not (settings.KVIT_HOME / wiping.WISH).exists()
        assert "Not from this page" in anonymous.get("/demo/wipe/").content.decode()

    def test_is_not_offered_to_the_world(self, anonymous: Client, settings: Any) -> None:
        settings.KVIT_CAN_BE_WIPED = True
        settings.KVIT_URL = "https://demo.example.org"
        anonymous.post("/demo/wipe/", {"sure": "yes"})
        assert not (settings.KVIT_HOME / wiping.WISH).exists()

    def test_would_be_open_to_all_without_the_question_who_asks(
        self, anonymous: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: it is always offered."""
        settings.KVIT_URL = "https://demo.example.org"
        monkeypatch.setattr(wiping, "is_offered", lambda: True)
        anonymous.post("/demo/wipe/", {"sure": "yes"})
        assert (settings.KVIT_HOME / wiping.WISH).exists()

    def test_asks_twice_and_names_what_is_lost(self, anonymous: Client, settings: Any, anna: Ctx) -> None:
        settings.KVIT_CAN_BE_WIPED = True
        answer = anonymous.post("/demo/wipe/")
        assert (answer.status_code, (settings.KVIT_HOME / wiping.WISH).exists()) == (422, False)
        said = answer.content.decode()
        assert "Nordljus Bredband AB" in said
        assert "opened here beside them" in said
        assert anonymous.post("/demo/wipe/", {"sure": "yes"}).status_code == 202
        assert (settings.KVIT_HOME / wiping.WISH).exists()
