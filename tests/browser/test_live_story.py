"""From a signed-in clerk to a payer's telephone: an issued invoice, its live page, a bank file, a link undone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

import patience
from bank_files import Pay, Stmt, camt
from browser.conftest import Open
from browser.test_sign_in import sign_out, type_password
from cast import open_company
from desk import Desk, open_desk
from kvit.base import login, tenant
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft
from leftovers import drop_jobs
from pages.test_sign_in import PASSWORD, code_of
from receivables import ISSUED
from two_companies import GOODS


@dataclass(frozen=True)
class Office:
    """Anna's desk with a draft for Bo, and her address."""

    desk: Desk
    draft: int
    email: str


@pytest.fixture
def office(unblocked: None) -> Office:
    desk = open_desk(open_company())
    draft = invoicing.draft_invoices(desk.ctx, drafts=(Draft(desk.bo.id, GOODS),), day=ISSUED).invoice_ids[0]
    email = f"anna-{desk.ctx.tenant_id}@story.example"
    login.add_member(desk.ctx, email=email, full_name="Anna Berg", role=login.Role.OWNER, password=PASSWORD)
    return Office(desk, draft, email)


@pytest.fixture
def worker(server: str, unblocked: None) -> Iterator[None]:
    """`kvit worker`, which takes in what is uploaded, and finds nothing else to do."""
    drop_jobs()
    command = [sys.executable, "-c", "from kvit.cli.main import run; run()", "worker"]
    process = subprocess.Popen(command, env={**os.environ, "KVIT_TEST_MODE": "1"}, start_new_session=True)
    yield
    process.send_signal(signal.SIGTERM)
    process.wait(patience.SECONDS)


def sign_in_with_second_factor(window: Open, email: str) -> Page:
    """Anna sets up her app, leaves, and comes back with password and code."""
    visit = window()
    page = type_password(visit, email)
    page.wait_for_url("**/desk/")
    page.goto("/account/app/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.locator(".copyable .value").inner_text()
    page.get_by_role("textbox", name="Code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/account/codes/")
    sign_out(page)
    page = type_password(visit, email)
    page.get_by_role("textbox", name="Code").fill(code_of(secret, offset=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk/")
    return page


class TestAPaymentBookedAtTheDesk:
    def test_shows_on_the_payers_telephone_and_goes_again_when_its_link_is_undone(
        self, visit: Open, office: Office, worker: None
    ) -> None:
        page = sign_in_with_second_factor(visit, office.email)

        page.goto(f"/desk/invoices/{office.draft}/")
        page.get_by_role("button", name="Issue", exact=True).click()
        page.get_by_role("button", name="Make a link").click()
        address = page.get_by_role("link", name="Look at it").get_attribute("href") or ""
        with tenant.scope(office.desk.ctx.tenant_id):
            invoice = invoices.invoices([office.draft])[0]

        telephone = visit(width=360, has_touch=True)
        phone = telephone.open_live("/i/" + address.split("/i/")[1])
        assert phone.locator(".headline").inner_text().startswith("To pay")
        fold = phone.evaluate("document.querySelector('.pay .qr').getBoundingClientRect().bottom")
        assert fold <= 780, "who, how much, until when and how to pay stand on the first screen of a telephone"
        assert telephone.violations() == []

        page.goto("/desk/bank/imports/")
        file = camt(Stmt((Pay(invoice.gross_minor, reference=invoice.payment_reference or ""),)))
        page.locator("input[type=file]").set_input_files([{"name": "bank.xml", "mimeType": "text/xml", "buffer": file}])
        page.get_by_role("button", name="Bring it in").click()
        phone.get_by_text("Nothing is left to pay").first.wait_for()
        assert phone.locator(".timeline").get_by_text("Payment received").count() == 1
        assert phone.locator(".pay").count() == 0

        page.goto(f"/desk/invoices/{office.draft}/")
        page.get_by_text("Undo", exact=True).click()
        page.get_by_label("Why is it undone?").fill("another customer's money")
        page.get_by_role("button", name="Undo the link").click()
        phone.get_by_text("How to pay").first.wait_for()
        assert telephone.stayed()
        assert phone.locator(".timeline").get_by_text("Payment taken back").count() == 1
        assert "another customer's money" not in phone.content()
        assert telephone.complaints == []
