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
    Shown("desk-invoice-told", lambda two: f"/desk/invoices/{two.told}/"),
    Shown.at("desk-claims", "/desk/claims/"),
    Shown("desk-promises", lambda two: "/desk/claims/?show=promises" if two.told else ""),
    Shown("desk-announced", lambda two: "/desk/claims/?show=payments" if two.told else ""),
    Shown.at("desk-claim-rule", "/desk/settings/claims/"),
    Shown("desk-draft", lambda two: f"/desk/invoices/{two.draft}/"),
    Shown("desk-new-invoice", lambda two: "/desk/invoices/new/"),
    Shown("desk-editor", lambda two: f"/desk/invoices/{two.draft}/edit/"),
    Shown("desk-new-estimate", lambda two: f"/desk/invoices/new/?customer={two.customer}&kind=estimate"),
    Shown("desk-new-self-billed", lambda two: f"/desk/invoices/new/?kind=self_billed&supplier={two.sources.supplier}"),
    Shown("desk-correct", lambda two: f"/desk/invoices/{two.unpaid}/correct/"),
    Shown("desk-edit-credit", lambda two: f"/desk/invoices/{two.sources.credit_draft}/edit/"),
    Shown("desk-edit-correction", lambda two: f"/desk/invoices/{two.sources.correction_draft}/edit/"),
    Shown("desk-estimate", lambda two: f"/desk/invoices/{two.sources.estimate}/"),
    Shown.at("desk-estimates", "/desk/estimates/"),
    Shown("desk-new-order", lambda two: f"/desk/customers/{two.customer}/orders/new/"),
    Shown.at("desk-contracts", "/desk/contracts/"),
    Shown("desk-contract", lambda two: f"/desk/contracts/{two.sources.contract}/"),
    Shown.at("desk-agreements", "/desk/contracts/self-billing/"),
    Shown("desk-agreement", lambda two: f"/desk/contracts/self-billing/{two.sources.agreement}/"),
    Shown.at("desk-new-agreement-with", "/desk/contracts/self-billing/new/?q=bo"),
    Shown("desk-new-agreement", lambda two: f"/desk/contracts/self-billing/new/?supplier={two.bo_party}"),
    Shown.at("desk-new-supplier", "/desk/contracts/self-billing/suppliers/new/"),
    Shown("desk-new-contract", lambda two: f"/desk/customers/{two.customer}/contracts/new/"),
    Shown("desk-interest", lambda two: f"/desk/invoices/{two.unpaid}/interest/"),
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
    Shown.at("desk-letters", "/desk/statements/"),
    Shown("desk-letter", lambda two: f"/desk/statements/{two.statement}/"),
    Shown("desk-letter-run", lambda two: f"/desk/statements/runs/{two.letter_run}/"),
    Shown("desk-customer-letters", lambda two: f"/desk/customers/{two.customer}/statements/"),
    Shown.at("desk-confirmations", "/desk/confirmations/"),
    Shown("desk-ask-confirmation", lambda two: f"/desk/customers/{two.customer}/confirmation/"),
    Shown("desk-confirmation", lambda two: f"/desk/confirmations/{two.confirmation}/"),
    Shown("desk-confirmation-differs", lambda two: f"/desk/confirmations/{two.differing}/"),
    Shown("desk-confirmation-run", lambda two: f"/desk/confirmations/runs/{two.confirmation_run}/"),
    Shown.at("desk-exports", "/desk/books/"),
    Shown.at("desk-new-export", "/desk/books/new/?since=2026-03-01&until=2026-03-31"),
    Shown("desk-export", lambda two: f"/desk/books/{two.export}/"),
    Shown("desk-export-refused", lambda two: f"/desk/books/{two.refused_export}/"),
    Shown.at("desk-chart", "/desk/books/chart/"),
    Shown.at("desk-company", "/desk/settings/"),
    Shown.at("desk-accounts", "/desk/settings/accounts/"),
    Shown.at("desk-look", "/desk/settings/documents/"),
    Shown.at("desk-archive", "/desk/archive/"),
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
    Shown("portal-kept-statement", lambda two: f"/portal/statements/{two.statement}/", "customer"),
    Shown("confirmation", lambda two: f"/c/{two.confirmation_token}/", ""),
    Shown("live-invoice", lambda two: f"/i/{two.link_token}/", ""),
    Shown.at("live-invoice-unknown", f"/i/{'x' * 32}/", ""),
    *DEMO,
    *FIRST_RUN,
)
