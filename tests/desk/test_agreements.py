"""Agreements on self-billing at the desk: with whom, in which series, how each is accepted; and their end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from desk import Desk
from drafted import LINE, TODAY, saved
from kvit.base import login, tenant
from kvit.invoicing import commands, queries
from kvit.parties import commands as parties
from kvit.parties import queries as known
from kvit.parties.domain.register import PartyKind
from surfaces import SignIn

HOME = "/desk/contracts/self-billing/"
FORM = {"from_date": TODAY.isoformat(), "series": "EWA-", "how": "silent", "days": "7"}
SUPPLIER = {
    "name": "Ewa sp. z o.o.",
    "kind": "company",
    "country": "PL",
    "language": "pl",
    "number_kind": "nip",
    "number": "7740001454",
    "street": "Długa 2",
    "postal_code": "00-002",
    "city": "Warszawa",
}


@pytest.fixture
def ewa(office: Desk) -> int:
    """A Polish supplier."""
    return parties.register_party(office.ctx, kind=PartyKind.COMPANY, name="Ewa sp. z o.o.", country="PL").party_id


def agree(browser: Client, ewa: int, **changed: str) -> str:
    """The address of a new agreement."""
    answer = browser.post(f"{HOME}new/?supplier={ewa}", FORM | changed)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


class TestTheList:
    def test_says_what_to_do_where_nothing_is(self, browser: Client) -> None:
        assert b"Agreed with nobody yet" in browser.get(HOME).content

    def test_shows_who_is_billed_for_and_whether_it_still_holds(self, browser: Client, ewa: int) -> None:
        agree(browser, ewa, from_date=(TODAY + timedelta(days=3)).isoformat())
        page = browser.get(HOME).content.decode()
        for shown in ("Ewa sp. z o.o.", "EWA-", "Begins later"):
            assert shown in page
        assert "kind=self_billed" not in page

    def test_of_another_company_is_its_own(self, browser: Client, stranger: Client, ewa: int) -> None:
        where = agree(browser, ewa)
        assert b"Agreed with nobody yet" in stranger.get(HOME).content
        for answer in (
            stranger.get(where),
            stranger.post(f"{where}end/", {}),
            stranger.get(f"{HOME}new/?supplier={ewa}"),
        ):
            assert answer.status_code == 404


class TestANewAgreement:
    def test_begins_with_somebody_known_but_not_with_the_company_itself(self, browser: Client, ewa: int) -> None:
        page = browser.get(f"{HOME}new/?q=ewa").content.decode()
        assert f"supplier={ewa}" in page
        assert "Nobody fits" in browser.get(f"{HOME}new/?q=nordvik").content.decode()

    def test_is_in_the_words_of_the_supplier_s_country(self, office: Desk, browser: Client, ewa: int) -> None:
        page = browser.get(f"{HOME}new/?supplier={ewa}").content.decode()
        assert "samofakturowanie" in page
        assert "art. 106d ust. 1" in page
        where = agree(browser, ewa)
        page = browser.get(where).content.decode()
        assert "brak zastrzeżeń w ciągu 7 dni od otrzymania faktury" in page
        assert "samofakturowanie" in page
        with tenant.scope(office.ctx.tenant_id):
            (row,) = queries.agreements()
        assert (row.supplier_id, row.prefix, row.from_date) == (ewa, "EWA-", TODAY)

    def test_may_be_accepted_expressly(self, office: Desk, browser: Client, ewa: int) -> None:
        agree(browser, ewa, how="expressly", days="")
        with tenant.scope(office.ctx.tenant_id):
            assert queries.agreements()[0].acceptance == "Sprzedawca wyraźnie akceptuje każdą fakturę."

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"days": ""}, "Say after how many days"),
            ({"series": ""}, "This field is required"),
            ({"from_date": "soon"}, "valid date"),
        ],
    )
    def test_that_cannot_be_is_refused(self, browser: Client, ewa: int, changed: dict[str, str], said: str) -> None:
        answer = browser.post(f"{HOME}new/?supplier={ewa}", FORM | changed)
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_is_made_once(self, browser: Client, ewa: int) -> None:
        agree(browser, ewa)
        answer = browser.post(f"{HOME}new/?supplier={ewa}", FORM)
        assert answer.status_code == 422
        assert b"There is an agreement with this supplier already" in answer.content
        assert b"Agreed already" in browser.get(f"{HOME}new/?q=ewa").content

    def test_is_not_for_who_only_looks(self, office: Desk, ewa: int, sign_in: SignIn) -> None:
        auditor = sign_in(office.ctx, role=login.Role.AUDITOR)
        assert auditor.post(f"{HOME}new/?supplier={ewa}", FORM).status_code == 403
        assert b"New agreement" not in auditor.get(HOME).content


class TestANewSupplier:
    def test_leads_on_to_its_agreement(self, office: Desk, browser: Client) -> None:
        answer = browser.post(f"{HOME}suppliers/new/", SUPPLIER)
        assert answer.status_code == 302
        assert b"Self-billing with Ewa" in browser.get(answer["Location"]).content
        with tenant.scope(office.ctx.tenant_id):
            party = known.party(int(answer["Location"].rpartition("=")[2]))
        assert party is not None
        assert [(one.kind.value, one.value) for one in party.identities] == [("nip", "7740001454")]
        assert party.address is not None

    @pytest.mark.parametrize(
        "changed", [{"number": "7740001455"}, {"name": ""}, {"city": ""}, {"vat_number": "X"}], ids=str
    )
    def test_that_cannot_be_on_an_invoice_is_refused(self, browser: Client, changed: dict[str, str]) -> None:
        answer = browser.post(f"{HOME}suppliers/new/", SUPPLIER | changed)
        assert answer.status_code == 422
        assert 'class="problem"' in answer.content.decode()


class TestAnAgreement:
    def test_leads_to_an_invoice_and_shows_it(self, office: Desk, browser: Client, ewa: int) -> None:
        assert b"New agreement" in browser.get("/desk/invoices/new/?kind=self_billed").content
        where = agree(browser, ewa)
        begin = f"/desk/invoices/new/?kind=self_billed&supplier={ewa}"
        assert begin.replace("&", "&amp;") in browser.get(where).content.decode()
        invoice_id = saved(browser.post(begin, LINE | {"lines-0-vat_rate": "23", "currency": "PLN"})["Location"])
        assert f"/desk/invoices/{invoice_id}/" in browser.get(where).content.decode()

    def test_ends_with_its_last_day(self, office: Desk, browser: Client, ewa: int) -> None:
        where = agree(browser, ewa, from_date=(TODAY - timedelta(days=9)).isoformat())
        early = browser.post(f"{where}end/", {"to_date": (TODAY - timedelta(days=20)).isoformat()})
        assert early.status_code == 422
        assert b"The agreement begins later than that." in early.content
        done = browser.post(f"{where}end/", {"to_date": (TODAY - timedelta(days=1)).isoformat()}, follow=True)
        assert b"The agreement ends on" in done.content
        assert b"Over" in done.content
        assert b"New self-billed invoice" not in done.content
        assert browser.post(f"{where}end/", {"to_date": TODAY.isoformat()}).status_code == 422
        assert b"Agreed with nobody yet" in browser.get("/desk/invoices/new/?kind=self_billed").content

    def test_that_ends_today_holds_today(self, office: Desk, browser: Client, ewa: int) -> None:
        where = agree(browser, ewa)
        browser.post(f"{where}end/", {"to_date": TODAY.isoformat()})
        begin = f"/desk/invoices/new/?kind=self_billed&supplier={ewa}"
        form = LINE | {"lines-0-vat_rate": "23", "currency": "PLN"}
        assert browser.post(begin, form).status_code == 302
        billed = commands.SelfBilledDraft(ewa, (), "PLN")
        with pytest.raises(commands.NoAgreement):
            commands.draft_self_billed(replace(office.ctx, key=None), drafts=(billed,), day=TODAY + timedelta(days=1))
