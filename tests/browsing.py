"""A real Chromium before the real server: visit, weigh, check with axe, take pictures."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

import patience

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
WIDTHS = {360: 780, 1280: 900}
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
FIRST_VIEW_BYTES = 40_000
PAGE_BYTES = 150_000
FONTS = (".ttf", ".otf", ".woff", ".woff2")
TAKES_PICTURES = os.environ.get("KVIT_SCREENSHOTS") == "1"
NO_ANSWER = ("htmx:afterRequest", "htmx:sendError")
expect.set_options(timeout=patience.MS)


def chromium() -> str | None:
    """Where Chromium lies."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """`kvit web` on a free port against the database of the tests; its address."""
    port = free_port()
    command = [sys.executable, "-c", "from kvit.cli.main import run; run()", "web", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
    address = f"http://localhost:{port}"
    try:
        wait_until_ready(process, f"{address}/health/")
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(patience.SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    """Until it answers there; an error where it ends before that."""
    if not patience.until(lambda: process.poll() is not None or answers(address)):
        raise RuntimeError(f"no answer from {address}")
    if process.returncode is not None:
        raise RuntimeError(f"it ended with {process.returncode} before it answered")


def answers(address: str) -> bool:
    """Whether it says that all is well."""
    try:
        return httpx.get(address, timeout=2).is_success
    except httpx.TransportError:
        return False


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """One browser window: what it asked for, what was cut off because the page was left, and its errors."""

    context: BrowserContext
    page: Page
    address: str
    asked: list[Request] = field(default_factory=list)
    cut_off: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        """What went wrong; that htmx got no answer is no wrong where somebody had left the page meanwhile."""
        return [each for each in self.errors if not (self.cut_off and each.startswith(NO_ANSWER))]

    def open(self, path: str) -> Page:
        """Go to a page and wait until nothing more is asked for."""
        self.asked.clear()
        self.page.goto(f"{self.address}{path}", wait_until="load")
        self.page.evaluate("document.fonts.ready.then(() => { window.stays = true; return true; })")
        return self.page

    def open_live(self, path: str) -> Page:
        """Go to a page, and wait also until it hears what happens from now on."""
        with self.page.expect_response(lambda answer: "/events/" in answer.url):
            return self.open(path)

    def stayed(self) -> bool:
        """Whether the page is the one that was opened: what is new in it was told to it, nothing was loaded anew."""
        return bool(self.page.evaluate("window.stays === true"))

    def open_without_scripts(self, path: str) -> Page:
        """Go to a page with scripts switched off for this window from now on; the tests themselves go on to look."""
        self.context.new_cdp_session(self.page).send("Emulation.setScriptExecutionDisabled", {"value": True})
        self.page.goto(f"{self.address}{path}", wait_until="load")
        return self.page

    def in_every_look(self) -> Iterator[tuple[int, Literal["light", "dark"]]]:
        """The window as a phone and as a desk, light and dark, one after the other."""
        for width, height in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                yield width, scheme

    def foreign(self) -> list[str]:
        """Requests to anybody but the server."""
        own = urlsplit(self.address).netloc
        return [r.url for r in self.asked if urlsplit(r.url).netloc != own and not r.url.startswith("data:")]

    def weights(self) -> dict[str, tuple[int, int]]:
        """(bytes as sent, bytes unpacked) of each file of the page, fonts left out."""
        found = {}
        for request in self.asked:
            response = request.response()
            is_counted = request.method == "GET" and not request.url.endswith(FONTS) and "/events/" not in request.url
            if response is None or not is_counted:
                continue
            found[request.url] = (request.sizes()["responseBodySize"], len(response.body()))
        return found

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than its window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def violations(self, *rules: str) -> list[str]:
        """What axe finds (WCAG 2.2 A, AA and best practice), one line per rule with the first place; by all `rules`."""
        asked: dict[str, Any] = {"resultTypes": ["violations"]}  # what passes is not told node by node
        if rules:
            asked["runOnly"] = {"type": "rule", "values": list(rules)}
        is_there = self.page.evaluate("typeof axe !== 'undefined'")
        found = Axe("" if is_there else AXE_SCRIPT).run(self.page, options=asked).response["violations"]
        return [f"{each['id']}: {each['help']} at {each['nodes'][0]['html'][:160]}" for each in found]

    def picture(self, path: Path, *, whole: bool = True) -> Path:
        """A picture of the page, or of what stands above the fold."""
        self.page.screenshot(path=path, full_page=whole, animations="disabled")
        return path


def _is_cut_off(request: Request) -> bool:
    return request.failure == "net::ERR_ABORTED" and "hx-request" in request.headers


@contextmanager
def visiting(browser: Browser, address: str, *, cookies: Any = None, **given: Any) -> Iterator[Visit]:
    """A window of its own; `cookies` are those of Django's test client, the rest is Playwright's `new_context`."""
    context = browser.new_context(base_url=address, **given)
    if cookies:
        context.add_cookies([{"name": name, "value": morsel.value, "url": address} for name, morsel in cookies.items()])
    context.set_default_timeout(patience.MS)
    page = context.new_page()
    visit = Visit(context, page, address)
    page.on("request", lambda request: visit.asked.append(request))
    page.on("requestfailed", lambda request: visit.cut_off.append(request) if _is_cut_off(request) else None)
    page.on("console", lambda said: visit.errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    try:
        yield visit
    finally:
        context.close()
