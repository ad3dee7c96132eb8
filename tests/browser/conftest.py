"""One server for all tests of a process, one browser per module; without Chromium they are skipped with that reason."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser

import browsing
import demo_home
from browser.shown import Shown
from browser.touring import Reached, walk
from browsing import Visit
from demo_home import Running

DEMO = () if browsing.TAKES_PICTURES else ("--percent", "8", "--days", "40")
"""How much there is in the demo: all of it on pictures, little in tests."""


@pytest.fixture(scope="module")
def unblocked(django_db_setup: None, django_db_blocker: Any, assets: None) -> Iterator[None]:
    """Real commits, for the server is another process.

    Playwright leaves an event loop running in this thread until the browser is closed, beside which Django would
    refuse to work and `asyncio.run` does: so no longer than a module, and what needs a loop of its own in a thread.
    """
    from django.db import connections

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def server(django_db_setup: None, assets: None) -> Iterator[str]:
    """The address of `kvit web` in test mode, which has the design page."""
    with browsing.serving(KVIT_TEST_MODE="1") as address:
        yield address


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """`kvit demo`."""
    with demo_home.home() as place, demo_home.running(place, "demo", *DEMO) as found:
        yield found


@pytest.fixture(scope="session")
def untouched() -> Iterator[Running]:
    """`kvit up` where nobody has opened a company yet."""
    with demo_home.home(is_empty=True) as place, demo_home.running(place, "up") as found:
        yield found


@pytest.fixture(scope="session")
def untouched_and_open_to_others() -> Iterator[Running]:
    """The same on a machine that answers to others as well, where the first page asks for its key."""
    given = {"KVIT_HOSTS": "localhost,127.0.0.1,invoices.example.org"}
    with demo_home.home() as place, demo_home.running(place, "up", **given) as found:
        yield found


@pytest.fixture(scope="module")
def tours(browser: Browser, demo: Running) -> Callable[[int], Reached]:
    """`tours(step)`: somebody who stands at this step of the tour, the same one for all tests of a module."""

    @cache
    def run(step: int) -> Reached:
        with browsing.visiting(browser, demo.address, locale="en") as window:
            return walk(window.page, step)

    return run


@pytest.fixture(scope="module")
def browser(unblocked: None) -> Iterator[Browser]:
    """Chromium."""
    if browsing.chromium() is None:
        pytest.skip("no Chromium on the path: install the package chromium")
    with browsing.chromium_running() as running:
        yield running


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Open]:
    """`visit(user_id=None, width=1280, scheme="light", language="en", …)`: a window, closed after the test."""
    from surfaces import client_of

    with ExitStack() as windows:

        def run(
            user_id: int | None = None,
            *,
            width: int = 1280,
            scheme: str = "light",
            language: str = "en",
            at: str = server,
            **given: Any,
        ) -> Visit:
            cookies = client_of(user_id).cookies if user_id is not None else None
            given |= {"locale": language, "color_scheme": scheme}
            given["viewport"] = {"width": width, "height": browsing.WIDTHS.get(width, 900)}
            return windows.enter_context(browsing.visiting(browser, at, cookies=cookies, **given))

        yield run


Reach = Callable[..., tuple[Visit, str]]


@pytest.fixture
def reach(request: pytest.FixtureRequest, visit: Open) -> Reach:
    """`reach(shown, world, user_id, …)`: a window where the page is, and its path."""

    def run(shown: Shown, world: Any, user_id: int | None = None, **given: Any) -> tuple[Visit, str]:
        if shown.where == "company":
            return visit(user_id, **given), shown.address(world)
        found = request.getfixturevalue(shown.where).address
        if not shown.step:
            return visit(at=found, **given), shown.address(world)
        reached = request.getfixturevalue("tours")(shown.step)
        return visit(at=found, storage_state=reached.state, **given), reached.path

    return run
