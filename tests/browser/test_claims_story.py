"""From a customer's telephone to the clerk's desk and back: I have paid with a receipt, a disputed line, the answer."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from browser.conftest import Open
from cast import open_company
from desk import Desk, open_desk
from kvit.base import clock, login, tenant
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft, DraftLine
from kvit.pages.buyers.tokens import new_token
from surfaces import add_person

RECEIPT = {"name": "kvitto.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\ntrailer<<>>\n%%EOF\n"}


class Story:
    """A company, an invoice of two lines issued ten days ago, the link to it, and somebody at the desk."""

    def __init__(self, desk: Desk) -> None:
        now = clock.current().now()
        self.ctx, self.token = desk.ctx, new_token()
        lines = (
            DraftLine("Broadband", Decimal(1), Decimal(400), Decimal(25)),
            DraftLine("Router", Decimal(1), Decimal(800), Decimal(25)),
        )
        self.invoice_id = invoicing.draft_invoices(
            desk.ctx, drafts=(Draft(desk.bo.id, lines),), day=now.date()
        ).invoice_ids[0]
        invoicing.issue_invoices(desk.ctx, invoice_ids=(self.invoice_id,), issue_date=now.date() - timedelta(days=10))
        invoicing.open_link(desk.ctx, invoice_id=self.invoice_id, token=self.token, valid_days=3650)
        self.owner = add_person(desk.ctx, role=login.Role.OWNER)

    def facts(self) -> list[tuple[str, str, int | None]]:
        """What was said, in order."""
        with tenant.scope(self.ctx.tenant_id):
            found = invoices.facts_of([self.invoice_id]).get(self.invoice_id, ())
        return [(fact.kind.value, fact.state.value, fact.amount_minor) for fact in found]


@pytest.fixture
def story(unblocked: None) -> Story:
    return Story(open_desk(open_company()))


class TestWhatACustomerSays:
    def test_stands_at_the_desk_at_once_and_the_answer_on_the_telephone(self, visit: Open, story: Story) -> None:
        telephone, office = visit(width=360, has_touch=True), visit(story.owner)
        phone = telephone.open(f"/i/{story.token}/")
        desk = office.open_live(f"/desk/invoices/{story.invoice_id}/")
        assert desk.get_by_text("Nobody has said anything").is_visible()

        phone.locator(".shortcuts").get_by_role("link", name="I have paid").click()
        form = phone.locator("#say-paid")
        assert form.is_visible(), "the shortcut opens the form that it leads to"
        form.get_by_label("Amount").fill("500")
        form.get_by_label("From which bank").fill("Sparbanken")
        form.locator("input[type=file]").set_input_files([RECEIPT])  # type: ignore[list-item]
        form.get_by_role("button", name="I have paid").click()
        desk.get_by_text("Sparbanken").first.wait_for()
        phone.get_by_text("knows it now").wait_for()
        assert telephone.violations() == []
        assert story.facts() == [("remittance", "open", 50_000)]
        with desk.expect_download() as taken:
            desk.get_by_role("link", name="Receipt").click()
        assert taken.value.suggested_filename.startswith("receipt-")

        phone.locator("#saying-dispute summary").click()
        form = phone.locator("#say-dispute")
        form.get_by_label("What is wrong").select_option("not_received")
        form.get_by_label("Router").check()
        form.get_by_label("Tell what happened").fill("It never came")
        form.get_by_role("button", name="Dispute it").click()
        desk.get_by_text("It never came").first.wait_for()
        assert office.stayed()
        phone.get_by_text("1,000.00 SEK of it is disputed.").wait_for()
        assert story.facts()[1] == ("dispute", "open", 100_000)

        phone.locator("#saying-message summary").click()
        words = phone.locator("#say-message").get_by_label("Your message")
        words.fill("Half a sentence")
        phone.evaluate("window.stays = true")
        desk.reload()
        assert office.violations() == []
        desk.locator("summary", has_text="Accept").first.click()
        desk.get_by_label("To the customer").locator("visible=true").fill("We take it back")
        desk.locator("form:visible").get_by_role("button", name="Accept", exact=True).click()
        phone.get_by_text("We take it back").first.wait_for()
        assert telephone.stayed()
        assert words.input_value() == "Half a sentence", "what somebody types stays while the page is drawn anew"
        assert story.facts()[1] == ("dispute", "accepted", 100_000)
        assert [telephone.complaints, office.complaints] == [[], []]

    def test_can_be_said_without_scripts(self, visit: Open, story: Story) -> None:
        window: Any = visit(width=360, java_script_enabled=False)
        phone = window.page
        phone.goto(f"{window.address}/i/{story.token}/")
        phone.locator("#saying-promise summary").click()
        form = phone.locator("#say-promise")
        day = (clock.current().now() + timedelta(days=4)).date().isoformat()
        form.get_by_label("I pay by").fill(day)
        form.get_by_role("button", name="Promise it").click()
        phone.get_by_text("knows it now").wait_for()
        assert story.facts() == [("promise", "open", 150_000)]

    def test_that_cannot_be_is_said_back_in_the_open_form(self, visit: Open, story: Story) -> None:
        telephone = visit(width=360)
        phone = telephone.open(f"/i/{story.token}/")
        phone.locator("#saying-paid summary").click()
        form = phone.locator("#say-paid")
        form.get_by_label("Amount").fill("9999999")
        form.locator("input[type=file]").set_input_files(
            [{"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"<script>alert(1)</script>"}]
        )
        form.get_by_role("button", name="I have paid").click()
        phone.get_by_text("This is no whole PDF, JPEG or PNG.").wait_for()
        assert phone.locator("#say-paid").get_by_label("Amount").input_value() == "9999999"
        assert telephone.violations() == []
        assert story.facts() == []
