"""A clerk says what the columns of a bank file mean: with scripts at once, without them by a button."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open
from cast import open_company
from desk import Desk, open_desk
from kvit.base.login import Role
from receivables import every, open_account
from surfaces import add_person

FILE = "Datum;Belopp;Riktning;Namn\n2026-03-02;100,50;X1;Bo Ek\n2026-03-03;20,00;Y2;Butiken\n"
AMOUNTS = "td[data-label='Amount']"


@dataclass(frozen=True)
class Office:
    """Anna's desk with two accounts, and her clerk."""

    desk: Desk
    clerk: int


@pytest.fixture
def office(unblocked: None) -> Office:
    desk = open_desk(open_company())
    open_account(desk.ctx, "5020-1842")
    return Office(desk, add_person(desk.ctx, role=Role.CLERK))


def bring_in(page: Page) -> None:
    """From the bank's page to the columns of an unknown file."""
    page.get_by_role("link", name="A file in columns of its own").click()
    page.get_by_label("Bank file").set_input_files({"name": "own.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.get_by_role("button", name="Bring it in").click()
    page.wait_for_url("**/columns/")


def choose(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.focus()
    field.select_option(value)


def shown(page: Page) -> list[str]:
    return ["".join(text.split()) for text in page.locator(AMOUNTS).all_inner_texts()]


def profiles(office: Office) -> int:
    ((count,),) = every(office.desk.ctx, "SELECT count(*) FROM banking_csvprofile")
    return int(count)


class TestTheColumnsOfAFile:
    def test_are_seen_at_once_as_they_are_chosen(self, visit: Open, office: Office) -> None:
        window = visit(office.clerk)
        page = window.open("/desk/bank/")
        bring_in(page)
        assert shown(page) == ["100.50SEK", "20.00SEK"]
        choose(page, "Amount", "Riktning")
        expect(page.locator(".problem").first).to_contain_text('Riktning, row 2: "X1" is not an amount.')
        choose(page, "Amount", "Belopp")
        choose(page, "Name of the other side", "Namn")
        expect(page.locator(".problem")).to_have_count(0)
        choose(page, "In or out, as a mark", "Riktning")
        choose(page, "“X1”", "credit")
        choose(page, "“Y2”", "debit")
        expect(page.locator(AMOUNTS).nth(1)).to_contain_text("−20")
        assert shown(page) == ["100.50SEK", "−20.00SEK"]
        assert page.evaluate("document.activeElement.id").startswith("id_mark")  # the keyboard stays where it was
        page.get_by_role("button", name="Keep it and take the file in").click()
        expect(page.locator(".problem")).to_contain_text("Say which account this file is of.")
        assert profiles(office) == 0
        page.get_by_label("The account of this file").select_option(str(office.desk.account_id))
        page.get_by_role("button", name="Keep it and take the file in").click()
        page.wait_for_url("**/imports/*/")
        assert profiles(office) == 1
        assert window.foreign() == []

    def test_are_shown_by_a_button_where_no_script_runs(self, visit: Open, office: Office) -> None:
        page = visit(office.clerk, java_script_enabled=False).open("/desk/bank/")
        bring_in(page)
        choose(page, "Amount", "Riktning")
        assert shown(page) == ["100.50SEK", "20.00SEK"]
        page.get_by_role("button", name="Show").click()
        assert "Riktning, row 2" in page.locator(".problem").first.inner_text()
        choose(page, "Amount", "Belopp")
        choose(page, "Money out is written", "plus")
        page.get_by_role("button", name="Show").click()
        assert shown(page) == ["−100.50SEK", "−20.00SEK"]
        choose(page, "Money out is written", "minus")
        page.get_by_label("The account of this file").select_option(str(office.desk.account_id))
        page.get_by_role("button", name="Keep it and take the file in").click()
        page.wait_for_url("**/imports/*/")
        page.goto(page.url.split("/desk/")[0] + "/desk/bank/profiles/")
        page.get_by_role("button", name="Retire").click()
        assert "No profile is kept yet" in page.inner_text("main")
