"""The window that tests look through tells what goes wrong in a page, and nothing else."""

import pytest
from playwright.sync_api import Route

from browser.conftest import Open
from browsing import Visit
from cast import open_company
from desk import Desk, open_desk
from kvit.base import login
from surfaces import add_person

TOTALS = "**/desk/invoices/totals/**"


@pytest.fixture
def desk(unblocked: None) -> Desk:
    return open_desk(open_company())


class TestWhatAPageAsksFor:
    def typed(self, visit: Open, desk: Desk, *, server_is_away: bool) -> Visit:
        """The editor, which has just asked for its totals and got none."""
        window = visit(add_person(desk.ctx, role=login.Role.OWNER))
        page = window.open(f"/desk/invoices/new/?customer={desk.bo.id}")

        def answer(route: Route) -> None:
            if server_is_away:
                route.abort("connectionrefused")

        page.route(TOTALS, answer)
        with page.expect_request(TOTALS):
            page.locator("#id_lines-0-description").fill("Fibre")
        return window

    def test_and_does_not_get_is_told(self, visit: Open, desk: Desk) -> None:
        """The planted fault."""
        window = self.typed(visit, desk, server_is_away=True)
        window.page.get_by_role("heading", level=1).click()
        assert any(each.startswith("htmx:sendError") for each in window.complaints)

    def test_is_no_matter_once_it_was_left(self, visit: Open, desk: Desk) -> None:
        window = self.typed(visit, desk, server_is_away=False)
        window.open("/desk/customers/")
        assert [each.method for each in window.cut_off] == ["POST"]
        window.errors += ["htmx:sendError, [object HTMLFormElement]", "Uncaught TypeError"]
        assert window.complaints == ["Uncaught TypeError"], "whether the page still says so is a matter of moments"
