"""What is said about claims, at the desk: noted, answered, decided, listed; and the rule that the company sets."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk import Desk
from kvit.base import login, tenant
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain import ClaimRule, DisputeReason
from kvit.invoicing.queries import ClaimFact, InvoiceRow
from surfaces import SignIn
from told import RECEIPT


@pytest.fixture
def invoice(office: Desk) -> InvoiceRow:
    return office.invoice(90_000)


def facts(office: Desk, invoice: InvoiceRow) -> tuple[ClaimFact, ...]:
    with tenant.scope(office.ctx.tenant_id):
        return queries.facts_of([invoice.id]).get(invoice.id, ())


def disputed(office: Desk, invoice: InvoiceRow) -> int:
    return invoicing.open_dispute(
        replace(office.ctx, actor="link:7"), invoice_id=invoice.id, reason=DisputeReason.PRICE, words="Too <dear>"
    ).fact_id


def page_of(browser: Client, address: str) -> str:
    return browser.get(address, follow=True).content.decode().replace("\u00a0", " ")


class TestAClerk:
    @pytest.mark.parametrize(
        ("what", "form", "kind"),
        [
            ("paid", {"paid_date": "2026-03-01", "amount": "900"}, "remittance"),
            ("dispute", {"reason": "price", "words": "Bo rang", "amount": "100"}, "dispute"),
            ("time", {"due_date": "2026-03-20"}, "extension"),
        ],
    )
    def test_notes_what_a_customer_has_said_elsewhere(
        self, office: Desk, browser: Client, invoice: InvoiceRow, what: str, form: dict[str, Any], kind: str
    ) -> None:
        answer = browser.post(f"/desk/invoices/{invoice.id}/say/{what}/", form)
        assert (answer.status_code, answer["Location"]) == (302, f"/desk/invoices/{invoice.id}/")
        (fact,) = facts(office, invoice)
        assert (fact.kind.value, fact.side.value) == (kind, "company")
        assert "noted by Nordvik AB" in page_of(browser, answer["Location"])

    def test_sees_the_words_the_amount_and_the_receipt(
        self, office: Desk, browser: Client, invoice: InvoiceRow
    ) -> None:
        disputed(office, invoice)
        given = SimpleUploadedFile("x.pdf", RECEIPT, content_type="text/html")
        browser.post(
            f"/desk/invoices/{invoice.id}/say/paid/", {"paid_date": "2026-03-01", "amount": "900", "receipt": given}
        )
        page = page_of(browser, f"/desk/invoices/{invoice.id}/")
        assert "Too &lt;dear&gt;" in page
        assert "Of which disputed" in page
        receipt = facts(office, invoice)[1]
        answer = browser.get(f"/desk/invoices/{invoice.id}/receipts/{receipt.id}/")
        assert answer.content == RECEIPT
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"

    def test_is_told_what_is_wrong_in_the_open_form(self, office: Desk, browser: Client, invoice: InvoiceRow) -> None:
        answer = browser.post(f"/desk/invoices/{invoice.id}/say/paid/", {"paid_date": "2026-03-01", "amount": "901"})
        assert answer.status_code == 422
        assert "This cannot be" in answer.content.decode()
        assert facts(office, invoice) == ()

    @pytest.mark.parametrize(("act", "state"), [("answer", "answered"), ("accept", "accepted"), ("reject", "rejected")])
    def test_decides_a_dispute_and_the_customer_reads_why(
        self, office: Desk, browser: Client, invoice: InvoiceRow, act: str, state: str
    ) -> None:
        fact_id = disputed(office, invoice)
        address = f"/desk/invoices/{invoice.id}/facts/{fact_id}/{act}/"
        for _ in range(2):
            browser.post(address, {"words": "Here is why", "idempotency_key": "k"})
        assert [fact.state.value for fact in facts(office, invoice)] == [state]
        page = page_of(browser, f"/desk/invoices/{invoice.id}/")
        assert page.count("Here is why") >= 1
        assert ("Make a credit note" in page) == (act == "accept")

    def test_agrees_to_more_time_and_the_due_date_moves(
        self, office: Desk, browser: Client, invoice: InvoiceRow
    ) -> None:
        browser.post(f"/desk/invoices/{invoice.id}/say/time/", {"due_date": "2026-03-20"})
        (fact,) = facts(office, invoice)
        browser.post(f"/desk/invoices/{invoice.id}/facts/{fact.id}/accept/", {})
        with tenant.scope(office.ctx.tenant_id):
            assert str(queries.invoices([invoice.id])[0].due_date) == "2026-03-20"

    def test_finds_nothing_by_way_of_another_invoice_or_act(
        self, office: Desk, browser: Client, invoice: InvoiceRow
    ) -> None:
        fact_id, other = disputed(office, invoice), office.invoice(5_000)
        for address in (
            f"/desk/invoices/{other.id}/facts/{fact_id}/accept/",
            f"/desk/invoices/{invoice.id}/facts/{fact_id}/forget/",
            f"/desk/invoices/{invoice.id}/facts/{fact_id + 99}/accept/",
            f"/desk/invoices/{invoice.id}/say/nonsense/",
        ):
            assert browser.post(address, {"words": "x"}).status_code == 404
        assert [fact.state.value for fact in facts(office, invoice)] == ["open"]


class TestTheListOfClaims:
    def test_shows_what_stands_by_sort(self, office: Desk, browser: Client, invoice: InvoiceRow) -> None:
        assert "Nothing waits for an answer" in page_of(browser, "/desk/claims/")
        disputed(office, invoice)
        browser.post(f"/desk/invoices/{invoice.id}/say/paid/", {"paid_date": "2026-03-01", "amount": "900"})
        assert "Disputed: wrong price" in page_of(browser, "/desk/claims/")
        assert "Payment of 1 Mar 2026 reported" in page_of(browser, "/desk/claims/?show=payments")
        assert "Nobody has promised anything" in page_of(browser, "/desk/claims/?show=promises")
        assert "Disputed: wrong price" in page_of(browser, "/desk/claims/?show=nonsense")

    def test_and_the_queue_say_why(self, office: Desk, browser: Client, invoice: InvoiceRow) -> None:
        disputed(office, invoice)
        assert "The customer disputes 900.00 SEK: answer, accept or reject it." in page_of(browser, "/desk/")


class TestTheRule:
    FORM = {
        "stale_after_days": "3",
        "longest_promise_days": "20",
        "longest_extension_days": "10",
        "free_extension_days": "5",
    }

    def test_is_set_by_who_runs_the_company(self, office: Desk, sign_in: SignIn, browser: Client) -> None:
        owner = sign_in(office.ctx, role=login.Role.OWNER)
        assert owner.post("/desk/settings/claims/change/", self.FORM).status_code == 302
        with tenant.scope(office.ctx.tenant_id):
            assert queries.claim_rule() == ClaimRule(3, 20, 10, 5)
        assert browser.post("/desk/settings/claims/change/", self.FORM).status_code == 403
        assert "Save" not in page_of(browser, "/desk/settings/claims/").split("<main")[1]

    @pytest.mark.parametrize(
        "wrong", [{"free_extension_days": "11"}, {"stale_after_days": "0"}, {"longest_promise_days": "x"}]
    )
    def test_is_refused_in_words(self, office: Desk, sign_in: SignIn, wrong: dict[str, str]) -> None:
        owner = sign_in(office.ctx, role=login.Role.OWNER)
        assert owner.post("/desk/settings/claims/change/", self.FORM | wrong).status_code == 422
        with tenant.scope(office.ctx.tenant_id):
            assert queries.claim_rule() == ClaimRule()
