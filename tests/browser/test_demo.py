"""`make demo` as somebody new sees it: start page, one-click sign-in, the tour to its end, the next day, the wiping."""

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import browsing
import demo_home
import patience
from browser.touring import step
from browsing import Visit
from cli.test_up import all_gone, descendants
from demo_home import Running
from kvit.world.companies import COMPANIES

PASSWORD = "teal lantern obvious gravel"


@pytest.fixture
def window(browser: Browser, demo: Running) -> Iterator[Visit]:
    """A window on the demo."""
    with look(browser, demo) as found:
        yield found


def look(browser: Browser, demo: Running, **given: Any) -> AbstractContextManager[Visit]:
    given = {"locale": "en", "viewport": {"width": 1280, "height": 900}, **given}
    return browsing.visiting(browser, demo.address, **given)


def clean(window: Visit) -> None:
    """Axe finds nothing, and nothing is wider than the window, in every look."""
    for width, scheme in window.in_every_look():
        assert (width, scheme, window.violations()) == (width, scheme, [])
        assert (width, window.scrolls_sideways()) == (width, False)
    window.page.set_viewport_size({"width": 1280, "height": 900})


class TestTheStartPage:
    def test_is_what_the_terminal_says_and_where_everybody_begins(self, demo: Running, window: Visit) -> None:
        assert f"Kvit is at {demo.address}/demo/" in (demo.home / "said").read_text()
        page = window.open("/")
        assert page.url == f"{demo.address}/demo/"
        for company in COMPANIES.values():
            assert page.get_by_role("heading", name=company.name).count() == 1
        page = window.open("/demo/")
        weights = window.weights()
        assert sum(sent for sent, _ in weights.values()) <= browsing.FIRST_VIEW_BYTES
        assert sum(unpacked for _, unpacked in weights.values()) <= browsing.PAGE_BYTES
        assert (window.foreign(), window.complaints) == ([], [])
        clean(window)

    @pytest.mark.parametrize("company", COMPANIES)
    def test_signs_in_as_anybody_by_one_click(self, demo: Running, window: Visit, company: str) -> None:
        name = COMPANIES[company].name
        for role, place in (
            ("Owner", "/desk/"),
            ("Clerk", "/desk/"),
            ("Accountant", "/desk/"),
            ("Customer", "/portal/"),
        ):
            page = window.open("/demo/")
            page.get_by_role("article").filter(has_text=name).get_by_role("button", name=role).click()
            page.wait_for_url(f"**{place}")
            assert name in page.inner_text("body")
            assert "Test mode: nothing here is real." in page.inner_text("body")

    def test_leads_to_an_invoice_that_shows_itself(self, window: Visit) -> None:
        page = window.open("/demo/")
        page.get_by_role("link", name="The page of invoice").first.click()
        page.wait_for_url("**/i/*/")
        assert page.locator(".headline").count() == 1

    def test_works_without_scripts(self, browser: Browser, demo: Running) -> None:
        with look(browser, demo, java_script_enabled=False) as window:
            window.page.goto(f"{demo.address}/demo/")
            window.page.get_by_role("button", name="Clerk").first.click()
            assert window.page.url == f"{demo.address}/desk/"
            window.page.get_by_role("link", name="The demo's start").click()
            window.page.get_by_role("link", name="Wipe the demo and start mine").click()
            assert window.page.get_by_role("button", name="Wipe the demo").count() == 1


class TestTheTour:
    def test_goes_from_a_draft_to_a_matched_payment_over_the_real_pages(
        self, browser: Browser, demo: Running, window: Visit
    ) -> None:
        page = window.open("/demo/")
        page.get_by_role("button", name="Take the tour").click()
        step(page, 1)
        page.reload()
        step(page, 1)
        clean(window)
        page.goto("/desk/customers/")
        page.get_by_role("link", name="To the draft").click()
        page.get_by_role("button", name="Issue", exact=True).click()
        step(page, 2)
        page.get_by_role("button", name="Make a link").click()
        step(page, 3)
        address = page.get_by_role("link", name="Look at it").get_attribute("href") or ""
        with look(browser, demo, viewport={"width": 360, "height": 780}) as telephone:
            phone = telephone.open("/i/" + address.split("/i/")[1])
            page.get_by_role("button", name="Let the customer pay").click()
            step(page, 4)
            page.get_by_role("link", name="To the payment").click()
            expect(page.get_by_role("button", name="Confirm")).to_be_visible()
            clean(window)
            page.get_by_role("button", name="Confirm").click()
            phone.get_by_text("Nothing is left to pay").first.wait_for()
        step(page, 5)
        clean(window)
        page.get_by_role("button", name="End the tour").click()
        page.wait_for_url("**/demo/")
        assert page.get_by_text("Tour, step").count() == 0
        assert window.complaints == []

    def test_can_be_left_at_any_step(self, window: Visit) -> None:
        page = window.open("/demo/")
        page.get_by_role("button", name="Take the tour").click()
        step(page, 1)
        page.get_by_role("button", name="Leave the tour").click()
        page.wait_for_url("**/demo/")
        page.goto("/desk/")
        assert page.get_by_text("Tour, step").count() == 0


class TestTheNextDay:
    def test_is_played_while_one_looks_on(self, window: Visit) -> None:
        page = window.open("/demo/")
        before = page.locator(".next-day").inner_text()
        page.get_by_role("button", name="Next day").click()
        page.get_by_text("movements at the banks").wait_for()
        page.get_by_role("link", name="Show what changed").click()
        page.wait_for_load_state()
        after = page.locator(".next-day").inner_text()
        assert after != before
        assert page.url.endswith("/demo/")
        assert window.complaints == []


class TestWipingTheDemo:
    def test_asks_first_and_ends_in_a_company_of_ones_own_without_test_mode(self, browser: Browser) -> None:
        with (
            demo_home.home() as place,
            demo_home.running(place, "demo", "--percent", "4", "--days", "8") as found,
            look(browser, found) as window,
        ):
            page = window.open("/demo/")
            page.get_by_role("button", name="Clerk").first.click()
            page.goto("/demo/wipe/")
            for company in COMPANIES.values():
                assert company.name in page.inner_text("main")
            clean(window)
            page.get_by_role("button", name="Wipe the demo").click()
            page.get_by_text("Tick the box first").wait_for()
            page.get_by_role("checkbox").check()
            page.route(
                "**/desk/first-run/", lambda route: route.abort()
            )  # so that the page stays while it is looked at
            page.get_by_role("button", name="Wipe the demo").click()
            page.get_by_role("heading", name="The demo is being wiped").wait_for()
            clean(window)
            page.unroute("**/desk/first-run/")
            page.get_by_role("heading", name="Open your company").wait_for()
            clean(window)
            fill(page)
            page.wait_for_url("**/desk/")
            assert "Borg & Co AB" in page.inner_text("body")
            assert page.locator(".testing").count() == 0
            clean(window)
            assert page.goto("/demo/").status == 404  # type: ignore[union-attr]
            assert not (place / "test-mode").exists()
            assert not (place / "world").exists()


class TestStopping:
    def test_ends_everything_at_sigint_even_where_a_shell_had_it_ignored(self) -> None:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with demo_home.home() as place, demo_home.running(place, "up") as found:
                started = descendants(found.process.pid)
                found.process.send_signal(signal.SIGINT)
                assert found.process.wait(patience.SECONDS) == 0
                assert all_gone(started)
        finally:
            signal.signal(signal.SIGINT, before)


class TestAnInstallationWithoutDemo:
    def test_opens_on_the_page_that_founds_a_company(self, browser: Browser) -> None:
        with demo_home.home() as place, demo_home.running(place, "up") as found, look(browser, found) as window:
            page = window.open("/")
            assert page.url.endswith("/desk/first-run/")
            demo_home.wait_until_said(found, f"{found.address}/desk/first-run/")
            assert page.locator(".testing").count() == 0
            clean(window)
            fill(page, number="556036-0794")
            page.get_by_text("The check digit does not fit").wait_for()
            clean(window)
            fill(page)
            page.wait_for_url("**/desk/")
            page.goto("/desk/settings/accounts/")
            assert "9912346" in page.inner_text("main")


def fill(page: Page, number: str = "556036-0793") -> None:
    """Bo's company, and Bo."""
    for label, value in (
        ("Name of the company", "Borg & Co AB"),
        ("Tax number", number),
        ("Street", "Storgatan 1"),
        ("Postal code", "111 22"),
        ("Town", "Stockholm"),
        ("IBAN, bankgiro or account number", "991-2346"),
        ("Your name", "Bo Borg"),
        ("E-mail address", "bo@borg.example"),
        ("Password", PASSWORD),
    ):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Open the company").click()
