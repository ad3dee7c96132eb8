"""Every page at 360 and 1280 px, light and dark: axe clean, few bytes, no third party, readable without scripts."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

import browsing
from browser.conftest import Open, Reach
from browser.shown import PAGES, Shown
from kvit.base import login
from kvit.parties import commands as parties
from surfaces import add_person
from two_companies import Two, build


@dataclass(frozen=True)
class Cast:
    """The ids of who looks, and what there is."""

    two: Two
    people: dict[str, int]


@pytest.fixture(scope="module")
def cast(unblocked: None) -> Cast:
    two = build()
    nobody = parties.open_login(
        two.anna, party_id=two.bo_party, email=f"left-{two.anna.tenant_id}@kund.se", full_name="Left"
    )
    parties.close_login(two.anna, login_id=nobody.login_id)
    own = f"bo-{two.anna.tenant_id}@kund.se"  # who signs in at two companies would land in the first
    customer = parties.open_login(two.anna, party_id=two.bo_party, email=own, full_name="Bo Ek")
    people = {
        "owner": add_person(two.anna, role=login.Role.OWNER),
        "nobody": nobody.user_id,
        "customer": customer.user_id,
    }
    return Cast(two, people)


NEEDS_SCRIPTS = "[data-needs-passkeys], [data-all], .copyable"
"""What only a browser with scripts can do, and what is another one at each look."""

OF_COLOURS = ("color-contrast", "link-in-text-block")
"""What axe judges by colours: all that is another one in the dark, where the page is the same."""

EXPECTED_COMPLAINTS = {"not-found": ("404",), "live-invoice-unknown": ("404",), "first-run-closed": ("403",)}


def _said(page: Page) -> list[str]:
    return page.inner_text("main").splitlines()


def _changing(page: Page) -> set[str]:
    return {line for part in page.locator(NEEDS_SCRIPTS).all_inner_texts() for line in part.splitlines()}


class TestAPage:
    @pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
    def test_is_clean_and_light_and_says_the_same_without_scripts(self, reach: Reach, cast: Cast, shown: Shown) -> None:
        """In one visit: to open a page with scripts costs a second, and there are a hundred."""
        window, path = reach(shown, cast.two, cast.people.get(shown.actor))
        window.open(path)
        said, changing, heading = _said(window.page), _changing(window.page), window.page.locator("h1").inner_text()
        weights = window.weights()
        assert sum(sent for sent, _ in weights.values()) <= browsing.FIRST_VIEW_BYTES
        assert sum(unpacked for _, unpacked in weights.values()) <= browsing.PAGE_BYTES
        for width, scheme in window.in_every_look():
            rules = OF_COLOURS if scheme == "dark" else ()
            assert (width, scheme, window.violations(*rules)) == (width, scheme, [])
            assert (width, window.scrolls_sideways()) == (width, False)
        assert window.foreign() == []
        expected = EXPECTED_COMPLAINTS.get(shown.name, ())
        assert [c for c in window.complaints if not any(e in c for e in expected)] == []
        window.open_without_scripts(path)
        readable = _said(window.page)
        assert [line for line in said if line not in readable and line not in changing] == []
        assert heading in readable

    def test_with_faint_words_is_seen_by_the_rules_of_colours(self, visit: Open) -> None:
        """The planted fault."""
        window = visit(scheme="dark")
        window.page.set_content('<main style="background: #111"><p style="color: #444">Faint</p></main>')
        assert [found.partition(":")[0] for found in window.violations(*OF_COLOURS)] == ["color-contrast"]

    def test_with_words_of_a_script_is_seen_without_scripts(self, visit: Open) -> None:
        """The planted fault."""
        words = "data:text/html,<main>Here<script>document.write(' is more')</script></main>"
        window = visit()
        window.page.goto(words)
        assert _said(window.page) == ["Here is more"]
        window.open_without_scripts("/sign-in/")
        window.page.goto(words)
        assert _said(window.page) == ["Here"]
