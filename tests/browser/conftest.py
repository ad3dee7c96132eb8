"""One server for all tests of a process, one browser per module; without Chromium they are skipped with that reason."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

import browsing
from browsing import Visit


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
            **given: Any,
        ) -> Visit:
            cookies = client_of(user_id).cookies if user_id is not None else None
            given |= {"locale": language, "color_scheme": scheme}
            given["viewport"] = {"width": width, "height": browsing.WIDTHS.get(width, 900)}
            return windows.enter_context(browsing.visiting(browser, server, cookies=cookies, **given))

        yield run
