"""A clerk writes an invoice by keyboard: sums while one types, more lines, a preview, saved; many drafts at once."""

import os
from pathlib import Path

import pytest

from browser.conftest import Open
from browsing import Visit
from cast import open_company
from desk import Desk, open_desk
from kvit.base import login, tenant
from kvit.invoicing import queries
from surfaces import add_person

PICTURES = os.environ.get("KVIT_STORY_PICTURES")


class Story:
    """A company with a customer, and somebody at the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.owner = add_person(desk.ctx, role=login.Role.OWNER)

    def drafts(self) -> list[int]:
        """What waits to be issued."""
        with tenant.scope(self.desk.ctx.tenant_id):
            return queries.draft_ids()


@pytest.fixture
def story(unblocked: None) -> Story:
    return Story(open_desk(open_company()))


class TestTheEditor:
    def test_reckons_while_one_types_and_obeys_the_keyboard(self, visit: Open, story: Story) -> None:
        office = visit(story.owner)
        page = office.open(f"/desk/invoices/new/?customer={story.desk.bo.id}")
        page.locator("#id_lines-0-description").fill("Fibre, one month")
        page.locator("#id_lines-0-quantity").fill("3")
        page.locator("#id_lines-0-unit_price").fill("1199,50")
        page.locator("#totals").get_by_text("4,498").first.wait_for()
        assert page.locator("#net-0").inner_text().startswith("3,598.50")
        page.locator(".line-more summary").first.click()
        page.locator("#id_lines-0-discount").fill("10 %")
        page.locator("#totals").get_by_text("4,048").first.wait_for()
        page.locator("#id_lines-0-vat_rate").select_option("AE")
        page.get_by_text("Both sides need a VAT number").wait_for()
        page.locator("#id_lines-0-vat_rate").select_option("25")
        page.keyboard.press("Alt+KeyN")
        page.locator("#id_lines-5-description").wait_for()
        assert page.locator("#id_lines-0-discount").input_value() == "10 %"
        page.keyboard.press("Control+Enter")
        page.locator("#preview img").wait_for()
        assert story.drafts() == []
        _look(office, "editor-preview")
        page.keyboard.press("Control+KeyS")
        page.get_by_text("The draft is saved.").wait_for()
        assert len(story.drafts()) == 1
        assert office.complaints == []

    def test_issues_many_drafts_after_a_look(self, visit: Open, story: Story) -> None:
        office = visit(story.owner)
        for price in ("100", "-5", "200"):
            page = office.open(f"/desk/invoices/new/?customer={story.desk.bo.id}")
            page.locator("#id_lines-0-description").fill("Goods")
            page.locator("#id_lines-0-unit_price").fill(price)
            page.locator("[data-save]").click()
            page.get_by_text("The draft is saved.").wait_for()
        page = office.open("/desk/invoices/?show=drafts")
        page.keyboard.press("j")
        page.keyboard.press("x")
        assert page.locator("input.tick:checked").count() == 1
        page.get_by_label("All on this page").check()
        assert page.locator("input.tick:checked").count() == 3
        _look(office, "drafts")
        page.get_by_role("button", name="Issue the ticked ones").click()
        page.get_by_text("1 draft would be refused").wait_for()
        _look(office, "issue-many")
        page.get_by_role("button", name="Issue 2 documents").click()
        page.get_by_text("2 documents are issued").wait_for()
        assert len(story.drafts()) == 1


def _look(office: Visit, name: str) -> None:
    """Clean in every look; pictures are kept where a folder is named."""
    for width, scheme in office.in_every_look():
        assert (width, scheme, office.violations()) == (width, scheme, [])
        assert (width, office.scrolls_sideways()) == (width, False)
        if PICTURES:
            office.picture(Path(PICTURES) / f"{name}-{width}-{scheme}.png")
