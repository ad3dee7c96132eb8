"""A note of interest, a changed correction and an agreement on self-billing, by hand at the desk."""

import os
from datetime import date
from pathlib import Path

import pytest

from bank_files import Pay
from browser.conftest import Open
from browsing import Visit
from cast import open_company
from desk import Desk, open_desk
from kvit.base import login
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind
from surfaces import add_person

PICTURES = os.environ.get("KVIT_STORY_PICTURES")


class Story:
    """A company with a business that pays late, and somebody at the desk."""

    def __init__(self, desk: Desk) -> None:
        from kvit.invoicing import commands as invoicing
        from receivables import Customer

        self.desk = desk
        self.owner = add_person(desk.ctx, role=login.Role.OWNER)
        party_id = parties.register_party(
            desk.ctx, kind=PartyKind.COMPANY, name="Åkeri Älgen AB", country="SE"
        ).party_id
        new = invoicing.NewCustomer(party_id, "K-900", "SEK")
        late = Customer(invoicing.register_customers(desk.ctx, customers=(new,)).customer_ids[0], party_id)
        self.invoice = desk.invoice(1_250_000, of=late)
        (line,) = desk.bank(Pay(400_000, name="Åkeri Älgen AB", day=date(2026, 3, 2)))
        desk.link(line, (self.invoice, 400_000))


@pytest.fixture
def story(unblocked: None) -> Story:
    return Story(open_desk(open_company()))


class TestALateInvoice:
    def test_is_charged_interest_as_it_was_shown(self, visit: Open, story: Story) -> None:
        office = visit(story.owner)
        page = office.open(f"/desk/invoices/{story.invoice.id}/")
        _look(office, "late-invoice")
        page.get_by_role("link", name="Interest note").click()
        page.get_by_text("450").first.wait_for()
        page.get_by_text("not verified").first.wait_for()
        _look(office, "interest")
        page.get_by_role("button", name="Draft the note").click()
        page.get_by_text("The note of interest is drafted").wait_for()
        _look(office, "interest-note")
        page = office.open(f"/desk/invoices/{story.invoice.id}/interest/")
        page.get_by_text("Nothing can be charged").wait_for()
        _look(office, "interest-refused")
        assert office.complaints == []

    def test_is_corrected_and_the_correction_changed(self, visit: Open, story: Story) -> None:
        office = visit(story.owner)
        page = office.open(f"/desk/invoices/{story.invoice.id}/correct/")
        page.locator("#id_lines-0-unit_price").fill("12000")
        page.locator("#id_reason").fill("Agreed discount")
        page.get_by_role("button", name="Draft the correction").click()
        page.get_by_role("link", name="Edit").click()
        page.locator("#id_lines-0-unit_price").fill("11000")
        page.locator("#change").get_by_text("1,500").first.wait_for()
        _look(office, "changed-correction")
        page.get_by_role("button", name="Save draft").click()
        page.get_by_text("The draft is saved.").wait_for()
        assert office.complaints == []


class TestAnAgreement:
    def test_is_made_with_a_new_supplier_and_leads_to_an_invoice(self, visit: Open, story: Story) -> None:
        office = visit(story.owner)
        page = office.open("/desk/invoices/new/?kind=self_billed")
        page.get_by_role("link", name="New agreement").click()
        page.get_by_role("link", name="New supplier").click()
        for field, text in (("name", "Ewa sp. z o.o."), ("number", "7740001454"), ("street", "Długa 2")):
            page.locator(f"#id_{field}").fill(text)
        page.locator("#id_postal_code").fill("00-002")
        page.locator("#id_city").fill("Warszawa")
        page.locator("#id_country").select_option("PL")
        page.locator("#id_number_kind").select_option("nip")
        _look(office, "new-supplier")
        page.get_by_role("button", name="Go on to the agreement").click()
        page.locator("#id_series").fill("EWA-")
        _look(office, "new-agreement")
        page.get_by_role("button", name="Keep the agreement").click()
        page.get_by_text("The agreement is kept").wait_for()
        _look(office, "agreement")
        page.get_by_role("link", name="New self-billed invoice").click()
        page.get_by_text("In the name of Ewa").wait_for()
        office.open("/desk/contracts/self-billing/")
        _look(office, "agreements")
        assert office.complaints == []


def _look(office: Visit, name: str) -> None:
    """Clean in every look; pictures are kept where a folder is named."""
    for width, scheme in office.in_every_look():
        assert (width, scheme, office.violations()) == (width, scheme, [])
        assert (width, office.scrolls_sideways()) == (width, False)
        if PICTURES:
            office.picture(Path(PICTURES) / f"{name}-{width}-{scheme}.png")
