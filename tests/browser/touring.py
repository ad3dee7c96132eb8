"""Walk the guided tour of the demo as a reader does, up to one of its steps."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

DONE_BY = {
    1: "Issue",
    2: "Make a link",
    3: "Let the customer pay",
    4: "Confirm",
}
"""The button that ends a step."""

DECISION = 4


@dataclass(frozen=True)
class Reached:
    """Where a step is done, and the cookies of who stands there."""

    path: str
    state: Any


def walk(page: Page, to: int) -> Reached:
    """From the demo's start page to the page of step `to`, 1 to 5; each walk has an invoice of its own."""
    page.goto("/demo/")
    page.get_by_role("button", name="Take the tour").click()
    step(page, 1)
    for number in range(1, to):
        page.get_by_role("button", name=DONE_BY[number], exact=True).click()
        step(page, number + 1)
        if number + 1 == DECISION:
            to_the_payment(page)
    path = urlsplit(page.url).path.removesuffix("links/")  # the page that shows a new link once has no address to go to
    return Reached(path, page.context.storage_state())


def step(page: Page, number: int) -> None:
    """Wait until the tour is there."""
    page.get_by_text(f"Tour, step {number} of 5").wait_for()


def to_the_payment(page: Page) -> None:
    """From the invoice to the payment that asks; where the worker is not through yet, by way of the file."""
    while page.get_by_role("link", name="To the payment").count() == 0:
        page.wait_for_timeout(200)
        page.reload()
    page.get_by_role("link", name="To the payment").click()
    while page.get_by_role("button", name="Confirm").count() == 0:
        page.wait_for_timeout(200)
        page.reload()
