"""From an order to its estimate and invoice, and a contract with its next invoices, by hand at the desk."""

import os
from pathlib import Path

import pytest

from bank_files import Pay
from browser.conftest import Open
from browsing import Visit
from cast import open_company
from desk import Desk, open_desk
from kvit.base import login
from kvit.matching import commands as matching
from kvit.matching.commands import Terms
from surfaces import add_person

PICTURES = os.environ.get("KVIT_STORY_PICTURES")


class Story:
    """A company with a customer, and somebody at the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.owner = add_person(desk.ctx, role=login.Role.OWNER)


@pytest.fixture
def story(unblocked: None) -> Story:
    return Story(open_desk(open_company()))


class TestSources:
    def test_of_documents_lead_to_invoices(self, visit: Open, story: Story) -> None:
        office = visit(story.owner)
        for number in ("O-1", "O-2", "O-3"):
            page = office.open(f"/desk/customers/{story.desk.bo.id}/orders/new/")
            _line(office, "Fibre, one month", "3", "1199,50")
            page.locator("#id_number").fill(number)
            page.locator("[data-save]").click()
            page.get_by_text("The order is kept").wait_for()
        for _ in range(2):
            page.get_by_role("button", name="Make an estimate").first.click()
            page.get_by_role("button", name="Issue", exact=True).click()
            page.get_by_text("is issued.").wait_for()
            page = office.open("/desk/estimates/")
        (line,) = story.desk.bank(Pay(100_000))
        terms = Terms(advance_party_id=story.desk.bo.party_id, learn=False)
        matching.link_payment(story.desk.ctx, line_id=line, targets=(), terms=terms)
        page.get_by_role("link", name="PF2026-000001").click()
        page.get_by_text("Is it for this estimate?").wait_for()
        _look(office, "estimate")
        page.get_by_role("button", name="Yes, invoice it").click()
        page.get_by_text("FA2026-000001 is issued.").wait_for()
        page = office.open("/desk/estimates/")
        page.get_by_text("of it is paid").wait_for()
        _look(office, "board")
        assert office.complaints == []

    def test_of_a_period_are_contracts(self, visit: Open, story: Story) -> None:
        office = visit(story.owner)
        page = office.open(f"/desk/customers/{story.desk.bo.id}/contracts/new/")
        _line(office, "Service agreement", "1", "800")
        page.locator("#id_number").fill("C-1")
        _look(office, "new-contract")
        page.locator("[data-save]").click()
        page.get_by_text("The contract is kept").wait_for()
        page.locator("summary", has_text="Change prices").click()
        page.locator("#index-from_date").fill("2026-01-01")
        page.locator("#index-percent").fill("3,6")
        page.locator("#index-reason").fill("KPI")
        page.locator("form:visible").get_by_role("button", name="Change prices").click()
        page.get_by_text("have the new prices").wait_for()
        _look(office, "contract")
        page.get_by_role("button", name="Draft what is due").click()
        page.get_by_text("1 invoice is drafted.").wait_for()
        office.open("/desk/contracts/")
        _look(office, "contracts")
        assert office.complaints == []


def _line(office: Visit, description: str, quantity: str, price: str) -> None:
    office.page.locator("#id_lines-0-description").fill(description)
    office.page.locator("#id_lines-0-quantity").fill(quantity)
    office.page.locator("#id_lines-0-unit_price").fill(price)


def _look(office: Visit, name: str) -> None:
    """Clean in every look; pictures are kept where a folder is named."""
    for width, scheme in office.in_every_look():
        assert (width, scheme, office.violations()) == (width, scheme, [])
        assert (width, office.scrolls_sideways()) == (width, False)
        if PICTURES:
            office.picture(Path(PICTURES) / f"{name}-{width}-{scheme}.png")
