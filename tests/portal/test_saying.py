"""What a customer says on the page of an invoice: heard, refused in words, kept apart; receipts are kept as files."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import NOW
from desk import open_desk
from kvit.base import files, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.queries import ClaimFact
from kvit.pages import downloads, middleware, saying
from kvit.parties import commands as parties
from portal.buyer import Buyer, buyer_of
from receivables import every, issue, new_customer
from surfaces import client_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40 + b"\xff\xd9"
HOSTILE = {
    "html named as a pdf": b"<html><script>alert(1)</script></html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a zip": b"PK\x03\x04" + b"\x00" * 60,
    "a program": b"MZ\x90\x00" + b"\x00" * 60,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "html before a pdf": b"<script>alert(1)</script>%PDF-1.7\n%%EOF",
    "a pdf cut off": PDF[:20],
    "a png cut off": PNG[:20],
    "a jpeg cut off": JPEG[:10],
    "nothing": b"",
}
PAID = {"paid_date": "2026-03-02", "amount": "900.00", "bank": "Sparbanken", "words": "By the app"}
DISPUTE = {"reason": "faulty", "words": "It broke", "lines": ["1"]}


def facts(bo: Buyer) -> tuple[ClaimFact, ...]:
    with tenant.scope(bo.ctx.tenant_id):
        return invoices.facts_of([bo.invoice.id]).get(bo.invoice.id, ())


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace('<span class="cents">', "")


def receipt(content: bytes, name: str = "../../evil.html", kind: str = "text/html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


class TestWhoHoldsTheLink:
    @pytest.mark.parametrize(
        ("what", "form", "kind", "state"),
        [
            ("paid", PAID, "remittance", "open"),
            ("dispute", DISPUTE, "dispute", "open"),
            ("promise", {"promised_date": "2026-03-20", "amount": "400"}, "promise", "open"),
            ("time", {"due_date": "2026-03-20", "words": "please"}, "extension", "open"),
        ],
    )
    def test_is_heard(
        self, bo: Buyer, anonymous: Client, what: str, form: dict[str, Any], kind: str, state: str
    ) -> None:
        answer = anonymous.post(f"{bo.address}say/{what}/", form)
        assert (answer.status_code, answer["Location"]) == (302, f"{bo.address}?said={what}")
        assert answer["Referrer-Policy"] == "no-referrer"
        (fact,) = facts(bo)
        assert (fact.kind.value, fact.state.value, fact.side.value) == (kind, state, "customer")
        ((actor,),) = every(bo.ctx, "SELECT actor FROM base_command WHERE id = %s", [fact.command_id])
        assert actor == f"link:{bo.link_id}"
        page = text(anonymous.get(answer["Location"]))
        assert "Open points" in page
        assert "Nordvik AB knows it now" in page

    def test_writes_and_reads_the_answer(self, bo: Buyer, anonymous: Client) -> None:
        anonymous.post(f"{bo.address}say/message/", {"words": "Which month is it for?"})
        invoicing.remark(bo.ctx, invoice_id=bo.invoice.id, words="For <b>February</b>")
        page = text(anonymous.get(bo.address))
        assert "Which month is it for?" in page
        assert "For &lt;b&gt;February&lt;/b&gt;" in page

    def test_answers_about_one_fact_and_takes_it_back(self, bo: Buyer, anonymous: Client) -> None:
        anonymous.post(f"{bo.address}say/dispute/", DISPUTE)
        (fact,) = facts(bo)
        invoicing.answer_dispute(bo.ctx, fact_id=fact.id, words="Which of them?")
        anonymous.post(f"{bo.address}say/message/", {"words": "All of them", "fact": str(fact.id)})
        assert [each.state.value for each in facts(bo)] == ["open"]
        anonymous.post(f"{bo.address}say/withdraw/", {"fact": str(fact.id)})
        assert [each.state.value for each in facts(bo)] == ["withdrawn"]

    def test_sends_a_form_twice_and_is_heard_once(self, bo: Buyer, anonymous: Client) -> None:
        for _ in range(2):
            answer = anonymous.post(f"{bo.address}say/paid/", PAID | {"idempotency_key": "k"})
            assert answer.status_code == 302
        assert len(facts(bo)) == 1

    @pytest.mark.parametrize(
        ("what", "form", "said"),
        [
            ("paid", PAID | {"amount": "901"}, "cannot be"),
            ("paid", PAID | {"amount": "much"}, "Write an amount like"),
            ("paid", PAID | {"paid_date": "2026-03-03"}, "The latest day is"),
            ("dispute", DISPUTE | {"words": ""}, "This field is required"),
            ("dispute", DISPUTE | {"lines": ["1", "7"]}, "7"),
            ("dispute", DISPUTE | {"reason": "mood"}, "mood"),
            ("promise", {"promised_date": "2027-03-20", "amount": "400"}, "The latest day is"),
            ("time", {"due_date": "2026-03-03"}, "The earliest day is"),
            ("message", {"words": " "}, "This field is required"),
            ("message", {"words": "x", "fact": "999999"}, "There is no such entry"),
            ("withdraw", {"fact": "999999"}, "There is no such entry"),
        ],
    )
    def test_is_told_what_is_wrong_and_nothing_is_kept(
        self, bo: Buyer, anonymous: Client, what: str, form: dict[str, Any], said: str
    ) -> None:
        answer = anonymous.post(f"{bo.address}say/{what}/", form)
        assert answer.status_code == 422
        assert said in text(answer)
        assert facts(bo) == ()

    def test_finds_no_other_word(self, bo: Buyer, anonymous: Client) -> None:
        assert anonymous.post(f"{bo.address}say/accept/", {"fact": "1"}).status_code == 404
        assert anonymous.get(f"{bo.address}say/paid/").status_code == 405

    def test_is_heard_no_more_once_the_link_opens_nothing(self, bo: Buyer, anonymous: Client) -> None:
        assert anonymous.post(f"/i/{'x' * 32}/say/paid/", PAID).status_code == 404
        bo.clock.forward(days=365)
        assert anonymous.post(f"{bo.address}say/paid/", PAID).status_code == 404
        bo.clock.at = NOW
        invoicing.revoke_link(bo.ctx, link_id=bo.link_id)
        assert anonymous.post(f"{bo.address}say/paid/", PAID).status_code == 404
        assert facts(bo) == ()

    def test_cannot_flood_the_company(self, bo: Buyer, anonymous: Client) -> None:
        answers = [anonymous.post(f"{bo.address}say/message/", {"words": f"Hello {n}"}) for n in range(21)]
        assert [answer.status_code for answer in answers] == [*[302] * 20, 422]
        before = every(bo.ctx, "SELECT count(*) FROM base_file")
        assert anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": receipt(PDF)}).status_code == 422
        assert every(bo.ctx, "SELECT count(*) FROM base_file") == before

    def test_is_offered_nothing_for_what_is_paid(self, bo: Buyer, anonymous: Client) -> None:
        bo.pays(90_000)
        page = text(anonymous.get(bo.address))
        for gone in ("say/paid/", "say/dispute/", "say/promise/", "say/time/"):
            assert gone not in page
        assert "say/message/" in page
        assert anonymous.post(f"{bo.address}say/paid/", PAID | {"amount": "1"}).status_code == 422


class TestAReceipt:
    @pytest.mark.parametrize(
        ("content", "kind", "ending"),
        [(PDF, "application/pdf", "pdf"), (PNG, "image/png", "png"), (JPEG, "image/jpeg", "jpg")],
    )
    def test_is_known_by_its_bytes_and_only_ever_saved(
        self, bo: Buyer, anonymous: Client, content: bytes, kind: str, ending: str
    ) -> None:
        anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": receipt(content)})
        (fact,) = facts(bo)
        answer = anonymous.get(f"{bo.address}receipts/{fact.id}/")
        assert answer.content == content
        assert answer["Content-Type"] == kind
        assert answer["Content-Disposition"] == f'attachment; filename="receipt-{fact.id}.{ending}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert every(bo.ctx, "SELECT name FROM base_file WHERE id = %s", [fact.file_id]) == [(f"receipt.{ending}",)]

    @pytest.mark.parametrize("name", HOSTILE)
    def test_that_is_none_is_refused_in_words(self, bo: Buyer, anonymous: Client, name: str) -> None:
        before = every(bo.ctx, "SELECT count(*) FROM base_file")
        given = receipt(HOSTILE[name], "receipt.pdf", "application/pdf")
        answer = anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": given})
        assert answer.status_code == 422
        assert facts(bo) == ()
        assert every(bo.ctx, "SELECT count(*) FROM base_file") == before

    def test_that_is_none_would_be_kept_without_that_look(
        self, bo: Buyer, anonymous: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: every file is taken for a PDF; even then a browser of ours may only save it."""
        from kvit.invoicing.domain.receipts import PDF as KIND

        for module in (saying, downloads):
            monkeypatch.setattr(module, "recognised", lambda head, tail, size: KIND)
        given = receipt(HOSTILE["html named as a pdf"], "receipt.pdf", "application/pdf")
        assert anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": given}).status_code == 302
        answer = anonymous.get(f"{bo.address}receipts/{facts(bo)[0].id}/")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == "application/pdf"

    def test_has_at_most_five_megabytes(self, bo: Buyer, anonymous: Client) -> None:
        large = PDF + b"\x00" * 4_900_000 + b"%%EOF"
        assert anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": receipt(large)}).status_code == 302
        too_large = PDF + b"\x00" * 5_000_000 + b"%%EOF"
        answer = anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": receipt(too_large)})
        assert (answer.status_code, "larger than 5 MB" in text(answer)) == (422, True)
        assert anonymous.post(f"{bo.address}say/paid/", {"words": "x" * 5_200_000}).status_code == 413
        assert anonymous.post(f"{bo.address}seen/", {"words": "x" * 1_100_000}).status_code == 413

    def test_is_too_large_everywhere_without_the_views_own_rule(
        self, bo: Buyer, anonymous: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault, the other way round: the rule of the view is not looked at."""
        monkeypatch.setattr(middleware, "_taken_from", lambda request: middleware.OF_A_STRANGER)
        large = PDF + b"\x00" * 4_900_000 + b"%%EOF"
        assert anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": receipt(large)}).status_code == 413

    def test_of_another_invoice_is_not_there(self, bo: Buyer, anonymous: Client, cilla: Ctx) -> None:
        hers = buyer_of(open_desk(cilla), bo.clock)
        other = bo.desk.invoice(5_000)
        token = "o" * 32
        invoicing.open_link(bo.ctx, invoice_id=other.id, token=token)
        anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": receipt(PDF)})
        (fact,) = facts(bo)
        for address in (hers.address, f"/i/{token}/", f"/i/{'x' * 32}/"):
            assert anonymous.get(f"{address}receipts/{fact.id}/").status_code == 404
        assert anonymous.get(f"{bo.address}receipts/{fact.id + 1}/").status_code == 404

    def test_is_named_by_us_even_where_the_same_bytes_came_before_under_another_name(
        self, bo: Buyer, anonymous: Client
    ) -> None:
        files.keep(bo.ctx, io.BytesIO(PDF), name="salary of Eva.pdf")
        anonymous.post(f"{bo.address}say/paid/", PAID | {"receipt": receipt(PDF)})
        answer = anonymous.get(f"{bo.address}receipts/{facts(bo)[0].id}/")
        assert "Eva" not in answer["Content-Disposition"]


class TestWhoHasSignedIn:
    @pytest.fixture
    def signed_in(self, bo: Buyer, assets: None) -> Client:
        opened = parties.open_login(bo.ctx, party_id=bo.desk.bo.party_id, email="bo@kund.example", full_name="Bo Ek")
        return client_of(opened.user_id)

    def test_says_the_same_about_their_own_invoices(self, bo: Buyer, signed_in: Client) -> None:
        address = f"/portal/invoices/{bo.invoice.id}/"
        assert 'action="/portal/invoices/' in text(signed_in.get(address))
        answer = signed_in.post(f"{address}say/paid/", PAID | {"receipt": receipt(PDF)})
        assert (answer.status_code, answer["Location"]) == (302, address)
        (fact,) = facts(bo)
        assert fact.side.value == "customer"
        assert signed_in.get(f"{address}receipts/{fact.id}/").content == PDF
        assert signed_in.post(f"{address}say/dispute/", DISPUTE | {"words": ""}).status_code == 422

    def test_says_nothing_about_those_of_others(self, bo: Buyer, signed_in: Client) -> None:
        other = issue(bo.ctx, new_customer(bo.ctx, "Eva"), 100)[0]
        address = f"/portal/invoices/{other.id}/"
        assert signed_in.post(f"{address}say/message/", {"words": "Hello"}).status_code == 404
        assert signed_in.get(f"{address}receipts/1/").status_code == 404

    def test_needs_the_proof_of_where_the_form_stood(self, bo: Buyer, signed_in: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = signed_in.cookies
        answer = strict.post(f"/portal/invoices/{bo.invoice.id}/say/message/", {"words": "Hello"})
        assert answer.status_code == 403


class TestThePage:
    def test_says_how_much_is_disputed(self, bo: Buyer, anonymous: Client) -> None:
        anonymous.post(f"{bo.address}say/dispute/", DISPUTE | {"amount": "100"})
        assert "100.00 SEK of it is disputed." in text(anonymous.get(bo.address))

    def test_marks_what_the_company_has_said_since_the_last_visit(self, bo: Buyer, anonymous: Client) -> None:
        anonymous.post(f"{bo.address}seen/")
        bo.clock.forward(hours=2)
        invoicing.remark(bo.ctx, invoice_id=bo.invoice.id, words="We are closed tomorrow")
        bo.clock.forward(minutes=1)
        assert "New since your last visit" in text(anonymous.get(bo.address))

    def test_reads_the_same_words_on_either_side_of_midnight(self, bo: Buyer, anonymous: Client) -> None:
        """At 23:30 UTC it is the next day in Stockholm, and a payment of that day is no payment of the future."""
        bo.clock.forward(hours=15, minutes=30)
        tomorrow = (NOW + timedelta(days=1)).date().isoformat()
        assert anonymous.post(f"{bo.address}say/paid/", PAID | {"paid_date": tomorrow}).status_code == 302
