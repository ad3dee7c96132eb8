"""The first page of an empty installation: a company, its owner, signed in; and never a second time."""

from dataclasses import replace

import pytest
from django.test import Client

from cast import NOW
from kvit.banking import queries as banking
from kvit.base import login, rows, tenant
from kvit.base.command import Ctx
from kvit.desk import first_run, opening
from kvit.desk.opening import NewCompany, NewOwner
from kvit.flows import commands
from kvit.kernel.refusals import DomainError
from kvit.parties import queries as parties
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import Language, NewIdentity
from pages.test_sign_in import PASSWORD

PAGE = "/desk/first-run/"
GIVEN = {
    "name": "Łódzka Hurtownia Ö & Co",
    "country": "PL",
    "number": "526-104-08-28",
    "street": "ul. Piotrkowska 1",
    "postal_code": "90-001",
    "city": "Łódź",
    "account": "PL61109010140000071219812874",
    "full_name": "Ewa Zielińska",
    "email": "ewa@hurtownia.example",
    "password": PASSWORD,
}


@pytest.fixture(autouse=True)
def empty(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were no company but those that the test opens; on this machine only, as after `kvit up`."""
    others, count = login.count_tenants(), login.count_tenants
    monkeypatch.setattr(login, "count_tenants", lambda: count() - others)
    monkeypatch.setattr(first_run, "is_for_this_machine_only", lambda: True)


def company(**given: object) -> NewCompany:
    return replace(NewCompany("hurtownia", "Hurtownia", "PL", "PLN", Language.POLISH), **given)  # type: ignore[arg-type]


def found(anna: Ctx, new: NewCompany) -> opening.Opened:
    ctx = replace(anna, tenant_id=login.draw_tenant_id(), key=None)
    return opening.opening()(ctx, company=new, owner=NewOwner("ewa@hurtownia.example", "Ewa"), password=PASSWORD)


@pytest.fixture
def stranger() -> Ctx:
    """Somebody of no company yet."""
    return Ctx(tenant_id=0, actor="visitor:first-run", now=NOW)


class TestAnEmptyInstallation:
    def test_leads_everybody_to_the_first_page(self, anonymous: Client) -> None:
        for path in ("/", "/desk/", "/desk/invoices/"):
            assert anonymous.get(path)["Location"] == PAGE
        assert b"Open your company" in anonymous.get(PAGE).content

    def test_becomes_a_company_whose_owner_is_signed_in(self, anonymous: Client) -> None:
        answer = anonymous.post(PAGE, GIVEN)
        assert (answer.status_code, answer["Location"]) == (302, "/desk/")
        assert "Łódzka Hurtownia Ö &amp; Co" in anonymous.get("/desk/").content.decode()
        tenant_id = login.tenant_by_code("lodzka-hurtownia-o-co")
        with tenant.scope(tenant_id):
            (own_id,) = parties.own_parties()
            own = parties.party(own_id)
            ((number, currency, _name),) = banking.accounts().values()
            (member,) = login.members()
            ((actor,),) = rows.select("SELECT actor FROM base_command WHERE name = 'flows.found_first_company'")
        assert own is not None
        assert own.address is not None
        assert [(one.kind, one.value) for one in own.identities] == [(IdentityKind.NIP, "5261040828")]
        assert (number, currency) == (GIVEN["account"], "PLN")
        assert (member.email, member.role, member.has_password) == (GIVEN["email"], login.Role.OWNER, True)
        assert actor == first_run.ACTOR

    def test_keeps_neither_password_nor_name_in_the_audit(self, anonymous: Client) -> None:
        anonymous.post(PAGE, GIVEN)
        with tenant.scope(login.tenant_by_code("lodzka-hurtownia-o-co")):
            kept = str(rows.select("SELECT input FROM base_command"))
        assert PASSWORD not in kept
        assert "Zielińska" not in kept

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("number", "526-104-08-29", "The check digit does not fit"),
            ("email", "ewa", "An e-mail address looks like"),
            ("password", "Password1!", "the first that are guessed"),
            ("name", "", "required"),
        ],
    )
    def test_says_what_is_wrong_and_opens_nothing(self, anonymous: Client, field: str, value: str, said: str) -> None:
        answer = anonymous.post(PAGE, GIVEN | {field: value})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert login.count_tenants() == 0

    def test_is_opened_once(self, stranger: Ctx) -> None:
        found(stranger, company())
        with pytest.raises(commands.AlreadyFounded):
            found(stranger, company(code="other"))

    def test_would_be_opened_twice_without_the_count(self, stranger: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: nobody counts."""
        found(stranger, company())
        monkeypatch.setattr(login, "count_tenants", lambda: 0)
        found(stranger, company(code="other"))

    def test_leaves_nothing_behind_where_a_part_is_refused(self, stranger: Ctx) -> None:
        with pytest.raises(DomainError):
            found(stranger, company(numbers=(NewIdentity(IdentityKind.NIP, "526-104-08-29"),)))
        assert login.count_tenants() == 0


class TestTheFirstPage:
    def test_is_gone_once_there_is_a_company(self, anna: Ctx, anonymous: Client) -> None:
        assert anonymous.get(PAGE)["Location"] == "/"
        assert anonymous.post(PAGE, GIVEN)["Location"] == "/"
        assert anonymous.get("/desk/")["Location"].startswith("/sign-in/")

    def test_asks_for_the_key_from_elsewhere(self, anonymous: Client) -> None:
        from_elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
        assert anonymous.get(PAGE, **from_elsewhere).status_code == 403  # type: ignore[arg-type]
        assert anonymous.post(PAGE, GIVEN, **from_elsewhere).status_code == 403  # type: ignore[arg-type]
        assert anonymous.post(PAGE, GIVEN | {"key": "guessed"}, **from_elsewhere).status_code == 403  # type: ignore[arg-type]
        assert login.count_tenants() == 0
        page = anonymous.get(f"{PAGE}?key={first_run.key()}", **from_elsewhere)  # type: ignore[arg-type]
        assert page.status_code == 200
        assert first_run.key() in page.content.decode()
        sent = anonymous.post(PAGE, GIVEN | {"key": first_run.key()}, **from_elsewhere)  # type: ignore[arg-type]
        assert sent["Location"] == "/desk/"

    def test_asks_for_the_key_behind_a_proxy(self, anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(first_run, "is_for_this_machine_only", lambda: False)
        assert anonymous.get(PAGE).status_code == 403

    def test_would_be_open_to_anybody_without_the_key(self, anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: everybody passes for somebody at the machine."""
        monkeypatch.setattr(first_run, "is_open", lambda request: True)
        assert anonymous.post(PAGE, GIVEN, REMOTE_ADDR="192.0.2.7")["Location"] == "/desk/"
