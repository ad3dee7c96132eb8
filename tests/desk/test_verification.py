"""Payers' numbers at the desk: what stands on a customer's page, asking a register, deciding by hand."""

from collections.abc import Iterator

import pytest
from django.test import Client

from desk import Desk
from kvit.base import tenant
from kvit.base.login import Role
from kvit.parties import queries
from kvit.parties.queries import Checked
from kvit.world.simulators.registers import Registers
from simulated_registers import NIP, asked_by_jobs, registers_running, work_off
from surfaces import SignIn


@pytest.fixture
def there() -> Iterator[Registers]:
    with registers_running() as running, asked_by_jobs(running):
        yield running


@pytest.fixture
def owner(office: Desk, sign_in: SignIn) -> Client:
    return sign_in(office.ctx, role=Role.OWNER)


@pytest.fixture
def page(office: Desk) -> str:
    return f"/desk/customers/{office.bo.id}/"


def add(browser: Client, page: str, kind: str = "nip", value: str = "526-025-02-74") -> str:
    return browser.post(f"{page}numbers/", {"kind": kind, "value": value}, follow=True).content.decode()


def only(office: Desk) -> Checked:
    with tenant.scope(office.ctx.tenant_id):
        (found,) = queries.checked_numbers(office.bo.party_id, today=office.ctx.now.date())
    return found


def switch(owner: Client, register: str = "white_list", on: str = "1") -> str:
    return owner.post("/desk/settings/registers/", {"register": register, "on": on}, follow=True).content.decode()


class TestACustomersNumber:
    def test_is_written_down_and_not_verified(self, browser: Client, page: str) -> None:
        shown = add(browser, page)
        assert NIP in shown
        assert "Not verified" in shown
        assert "526-025-02-75" not in add(browser, page, value="526-025-02-75")
        assert "write it down" in add(browser, page, value="")

    def test_is_asked_about_once_the_register_is_switched_on(
        self, office: Desk, browser: Client, owner: Client, page: str, there: Registers
    ) -> None:
        assert "Ask now" not in add(browser, page)
        assert "From now on the Polish white list is asked." in switch(owner)
        assert "Ask now" in browser.get(page).content.decode()
        there.taxpayer = lambda nip: None
        asked = browser.post(f"{page}numbers/{only(office).identity_id}/ask/", follow=True).content.decode()
        assert "The register is asked." in asked
        assert "the answer is on its way" in asked
        work_off(office.ctx)
        assert "says nothing against the number" in browser.get(page).content.decode()

    def test_shows_who_said_so_when_and_its_age(
        self, office: Desk, browser: Client, owner: Client, page: str, there: Registers
    ) -> None:
        add(browser, page)
        switch(owner)
        known = there.taxpayer(NIP)
        there.taxpayer = lambda nip: known
        browser.post(f"{page}numbers/{only(office).identity_id}/ask/")
        work_off(office.ctx)
        shown = browser.get(page).content.decode()
        assert "The register gives another name." in shown
        assert "Registered as: ŁÓDZKIE ZAKŁADY" in shown
        assert "request d2n10-0000001" in shown
        assert "days old" in shown.partition("Registered as")[2]
        given = {"outcome": "verified", "evidence": "Renamed in May, the register entry lies here."}
        decided = browser.post(f"{page}numbers/{only(office).identity_id}/decide/", given, follow=True)
        for text in ("Noted: the number is verified.", "Verified", "Checked", "by a colleague"):
            assert text in decided.content.decode()

    def test_that_a_silent_register_was_asked_about_says_when_again(
        self, office: Desk, browser: Client, owner: Client, page: str, there: Registers
    ) -> None:
        add(browser, page)
        switch(owner)
        there.troubles.append("WL-196")
        browser.post(f"{page}numbers/{only(office).identity_id}/ask/")
        work_off(office.ctx)
        shown = browser.get(page).content.decode()
        assert "The register is silent; nothing follows from that. To be asked" in shown
        assert "Denied" not in shown

    def test_is_decided_with_a_reason_only(self, office: Desk, browser: Client, page: str) -> None:
        add(browser, page)
        address = f"{page}numbers/{only(office).identity_id}/decide/"
        assert b"Say by what you know it." in browser.post(address, {"outcome": "refuted"}, follow=True).content
        denied = browser.post(address, {"outcome": "refuted", "evidence": "Said so on the telephone."}, follow=True)
        assert b"Denied" in denied.content

    def test_of_another_customer_or_company_is_not_found(
        self, office: Desk, browser: Client, stranger: Client, page: str
    ) -> None:
        add(browser, page)
        identity_id = only(office).identity_id
        for what in ("ask", "decide"):
            assert browser.post(f"{page}numbers/{identity_id + 1}/{what}/").status_code == 404
            assert stranger.post(f"{page}numbers/{identity_id}/{what}/").status_code == 404
        assert stranger.post(f"{page}numbers/", {"kind": "nip", "value": NIP}).status_code == 404


class TestTheSettings:
    def test_say_what_is_sent_and_that_all_is_off(self, owner: Client) -> None:
        shown = owner.get("/desk/settings/").content.decode()
        assert "none is asked before you switch it on" in shown
        assert shown.count("Switch on") == 2

    def test_switch_on_and_off(self, owner: Client) -> None:
        assert "From now on VIES is asked." in switch(owner, "vies")
        assert "Not asked any more: VIES." in switch(owner, "vies", "")
        assert owner.post("/desk/settings/registers/", {"register": "ceidg", "on": "1"}).status_code == 404

    def test_are_not_a_clerks(self, browser: Client) -> None:
        assert browser.post("/desk/settings/registers/", {"register": "vies", "on": "1"}).status_code == 403
        assert "Switch on" not in browser.get("/desk/settings/").content.decode()
