"""Signing in as a person does it: password and code of an app, and with a passkey."""

import itertools

import pytest
from playwright.sync_api import Page

from browser.conftest import Open
from browsing import Visit
from cast import open_company
from kvit.base import login
from pages.test_sign_in import PASSWORD, code_of

_numbers = itertools.count(1)


@pytest.fixture
def address(unblocked: None) -> str:
    """The e-mail address of somebody with a password and no second step yet."""
    ctx = open_company()
    email = f"anna{next(_numbers)}-{ctx.tenant_id}@nordvik.example"
    login.add_member(ctx, email=email, full_name="Anna Berg", role=login.Role.OWNER, password=PASSWORD)
    return email


def type_password(visit: Visit, address: str) -> Page:
    page = visit.open("/sign-in/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def sign_out(page: Page) -> None:
    page.goto("/sign-out/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")


class TestAPerson:
    def test_sets_up_an_app_and_signs_in_with_its_code(self, visit: Open, address: str) -> None:
        window = visit(width=360)
        page = type_password(window, address)
        page.wait_for_url("**/desk/")
        page.goto("/account/app/")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        secret = page.locator(".copyable .value").inner_text()
        page.get_by_role("textbox", name="Code").fill(code_of(secret))
        page.get_by_role("button", name="Turn on").click()
        page.wait_for_url("**/account/codes/")
        assert page.locator("main code").count() == 10
        assert window.violations() == []

        sign_out(page)
        page = type_password(window, address)
        page.wait_for_url("**/sign-in/second-step/")
        assert window.violations() == []
        page.get_by_role("textbox", name="Code").fill(code_of(secret, offset=1))
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/desk/")
        assert window.complaints == []

    def test_adds_a_passkey_and_signs_in_with_nothing_else(self, visit: Open, address: str) -> None:
        window = visit()
        page = type_password(window, address)
        page.wait_for_url("**/desk/")
        device = window.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto("/account/passkeys/add/")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Sign in with it alone").check()
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_url("**/account/codes/")

        sign_out(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/desk/")
        assert window.complaints == []

    def test_whose_passkey_is_unknown_is_told_so(self, visit: Open) -> None:
        page = visit().open("/sign-in/")
        page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('none')); }")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("The passkey was not used").wait_for()
