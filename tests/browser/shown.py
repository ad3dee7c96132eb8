"""Every page that is looked at by machine and by eye: its name, its address, and who opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Address = Callable[[Any], str]


@dataclass(frozen=True)
class Shown:
    """`actor` is one of the cast of `test_every_page.py`, or empty for nobody.

    `where` is "company", the server of the tests, or the fixture of another installation in `conftest.py`; `step` is
    one of the guided tour there, which has an address of its own for each who walks it.
    """

    name: str
    address: Address
    actor: str = "owner"
    where: str = "company"
    step: int = 0

    @classmethod
    def at(cls, name: str, path: str, actor: str = "owner") -> "Shown":
        """A page whose address is always the same."""
        return cls(name, lambda world: path, actor)

    @classmethod
    def elsewhere(cls, name: str, where: str, path: str = "", *, step: int = 0) -> "Shown":
        """A page of another installation."""
        return cls(name, lambda world: path, "", where, step)


DESK = (
    Shown.at("desk-search", "/desk/search/?q=bo"),
    Shown.at("desk-invoices", "/desk/invoices/"),
    Shown("desk-invoice", lambda two: f"/desk/invoices/{two.unpaid}/"),
    Shown("desk-draft", lambda two: f"/desk/invoices/{two.draft}/"),
    Shown("desk-new-invoice", lambda two: "/desk/invoices/new/"),
    Shown("desk-editor", lambda two: f"/desk/invoices/{two.draft}/edit/"),
    Shown("desk-credit", lambda two: f"/desk/invoices/{two.unpaid}/credit/"),
    Shown.at("desk-customers", "/desk/customers/"),
    Shown("desk-customer", lambda two: f"/desk/customers/{two.customer}/"),
    Shown.at("desk-new-customer", "/desk/customers/new/"),
    Shown.at("desk-bank", "/desk/bank/"),
    Shown.at("desk-movements", "/desk/bank/lines/"),
    Shown("desk-payment-waiting", lambda two: f"/desk/bank/lines/{two.waiting_line}/"),
    Shown("desk-payment-linked", lambda two: f"/desk/bank/lines/{two.linked_line}/"),
    Shown("desk-cash", lambda two: f"/desk/cash/{two.waiting_line}/"),
    Shown("desk-cash-split", lambda two: f"/desk/cash/{two.waiting_line}/?q={two.unpaid_number}"),
    Shown("desk-cash-linked", lambda two: f"/desk/cash/{two.linked_line}/"),
    Shown("desk-cash-alike", lambda two: f"/desk/cash/{two.waiting_line}/alike/"),
    Shown.at("desk-cash-today", "/desk/cash/today/"),
    Shown("desk-payers", lambda two: "/desk/cash/payers/" if two.payer else ""),
    Shown("desk-refunds", lambda two: "/desk/cash/refunds/" if two.refund else ""),
    Shown.at("desk-matching", "/desk/settings/matching/"),
    Shown.at("desk-histories", "/desk/settings/matching/history/"),
    Shown("desk-history", lambda two: f"/desk/settings/matching/history/{two.history}/"),
    Shown.at("desk-files", "/desk/bank/imports/"),
    Shown("desk-file", lambda two: f"/desk/bank/imports/{two.intake}/"),
    Shown("desk-columns", lambda two: f"/desk/bank/imports/{two.csv_intake}/columns/"),
    Shown.at("desk-profiles", "/desk/bank/profiles/"),
    Shown("desk-account", lambda two: f"/desk/bank/accounts/{two.account}/"),
    Shown.at("desk-payment-files", "/desk/bank/payments/"),
    Shown("desk-payment-file", lambda two: f"/desk/bank/payments/{two.made_file}/"),
    Shown("desk-payment-doubt", lambda two: f"/desk/bank/payments/{two.doubted_file}/"),
    Shown("desk-which-account", lambda two: f"/desk/bank/statements/{two.asked}/"),
    Shown("desk-statement", lambda two: f"/desk/bank/statements/{two.held}/"),
    Shown("desk-books", lambda two: f"/desk/ledger/invoice/{two.unpaid}/"),
    Shown.at("desk-company", "/desk/settings/"),
    Shown.at("desk-accounts", "/desk/settings/accounts/"),
    Shown.at("desk-people", "/desk/settings/people/"),
)
DEMO = (
    Shown.elsewhere("demo", "demo", "/demo/"),
    Shown.elsewhere("demo-wipe", "demo", "/demo/wipe/"),
    Shown.elsewhere("tour-issue", "demo", step=1),
    Shown.elsewhere("tour-link", "demo", step=2),
    Shown.elsewhere("tour-pay", "demo", step=3),
    Shown.elsewhere("tour-decide", "demo", step=4),
    Shown.elsewhere("tour-matched", "demo", step=5),
)
FIRST_RUN = (
    Shown.elsewhere("first-run", "untouched", "/desk/first-run/"),
    Shown.elsewhere("first-run-closed", "untouched_and_open_to_others", "/desk/first-run/"),
)
PAGES = (
    Shown.at("sign-in", "/sign-in/", ""),
    Shown.at("design", "/design/"),
    Shown.at("account", "/account/"),
    Shown.at("authenticator", "/account/app/"),
    Shown.at("passkey", "/account/passkeys/add/"),
    Shown.at("passkeys", "/account/passkeys/"),
    Shown.at("password", "/account/password/new/"),
    Shown.at("not-found", "/there-is-nothing-here/", ""),
    Shown.at("nowhere", "/nowhere/", "nobody"),
    Shown.at("desk", "/desk/"),
    *DESK,
    Shown.at("portal", "/portal/", "customer"),
    Shown.at("portal-invoices", "/portal/invoices/", "customer"),
    Shown("portal-invoice", lambda two: f"/portal/invoices/{two.unpaid}/", "customer"),
    Shown.at("portal-payments", "/portal/payments/", "customer"),
    Shown.at("portal-statement", "/portal/statement/?since=2026-01-01&until=2026-12-31", "customer"),
    Shown("live-invoice", lambda two: f"/i/{two.link_token}/", ""),
    Shown.at("live-invoice-unknown", f"/i/{'x' * 32}/", ""),
    *DEMO,
    *FIRST_RUN,
)
