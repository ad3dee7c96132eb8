"""The live invoice: what whoever holds a link sees, and what nobody else ever does."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import InternalError
from django.test import Client

import scanning
from cast import NOW
from desk import open_desk
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import LinkState
from kvit.invoicing.queries import links
from kvit.portal import live_invoice
from kvit.work import queries as work
from portal.buyer import Buyer, Standing, buyer_of
from receivables import every

LEAKS = (b"F2026-", b"Bo Ek", b"900", b"70090")


def text(client: Client, address: str) -> str:
    """The page as a reader sees it: ordinary blanks, no tags of amounts."""
    return client.get(address).content.decode().replace("\u00a0", " ").replace('<span class="cents">', "")


class TestWhoHoldsTheLink:
    def test_sees_who_how_much_and_when(self, bo: Buyer, anonymous: Client) -> None:
        page = text(anonymous, bo.address)
        assert bo.invoice.number is not None
        for shown in (bo.invoice.number, "Nordvik AB", "Bo Ek", "900.00", "To pay", "Due in 1 day", "3 Mar 2026"):
            assert shown in page

    def test_copies_all_that_paying_needs(self, bo: Buyer, anonymous: Client) -> None:
        page = text(anonymous, bo.address)
        for copied in ("SE4550000000058398257466", "70090", "900.00", "Nordvik AB"):
            assert f'data-copy="{copied}"' in page
        assert 'class="qr"' in page
        (code,) = scanning.in_svg(page)
        assert all(part in code for part in ("SE4550000000058398257466", "900.00", "Nordvik AB"))

    def test_sees_the_lines_and_the_total(self, bo: Buyer, anonymous: Client) -> None:
        page = text(anonymous, bo.address)
        assert "Goods" in page
        assert "Total" in page

    @pytest.mark.parametrize(
        ("language", "word"), [("pl", "Do zapłaty"), ("sv", "Att betala"), ("ro", "De plată"), ("en", "To pay")]
    )
    def test_reads_it_in_the_language_they_choose(self, bo: Buyer, anonymous: Client, language: str, word: str) -> None:
        answer = anonymous.get(f"{bo.address}?language={language}")
        assert word in answer.content.decode()
        assert (answer["Content-Language"], anonymous.cookies["kvit_language"].value) == (language, language)

    def test_gets_no_cookie_and_tells_nobody_where_they_were(self, bo: Buyer, anonymous: Client) -> None:
        answer = anonymous.get(bo.address)
        assert answer.cookies == {}
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]

    def test_is_told_that_it_is_paid(self, bo: Buyer, anonymous: Client) -> None:
        bo.pays(90_000)
        page = text(anonymous, bo.address)
        assert "Nothing is left to pay" in page
        assert "How to pay" not in page
        assert "data-copy" not in page

    def test_is_told_what_is_left(self, bo: Buyer, anonymous: Client) -> None:
        bo.pays(30_000)
        page = text(anonymous, bo.address)
        assert "300.00 SEK of 900.00 SEK is settled." in page
        assert 'data-copy="600.00"' in page

    def test_is_told_how_late_it_is(self, bo: Buyer, anonymous: Client) -> None:
        bo.clock.forward(days=6)
        assert "5 days overdue" in text(anonymous, bo.address)


class TestTheHistory:
    def test_has_what_both_sides_see_the_newest_first(self, bo: Buyer, anonymous: Client) -> None:
        invoicing.move_due_date(bo.ctx, invoice_id=bo.invoice.id, due_date=date(2026, 3, 20), reason="asked for time")
        bo.clock.forward(days=1)
        link_id = bo.pays(30_000)
        bo.clock.forward(days=1)
        bo.undo(link_id)
        page = text(anonymous, bo.address).split('id="history"')[1]
        order = ["Payment taken back", "Payment received", "Due date moved to 20 Mar 2026", "Issued"]
        assert sorted(order, key=page.index) == order
        assert "asked for time" in page

    def test_has_the_days_of_where_the_company_is(self, bo: Buyer, anonymous: Client) -> None:
        bo.clock.forward(hours=15, minutes=30)
        invoicing.move_due_date(bo.ctx, invoice_id=bo.invoice.id, due_date=date(2026, 3, 20), reason="asked for time")
        page = text(anonymous, bo.address).split('id="history"')[1]
        assert '<div class="when"><time datetime="2026-03-03">' in page

    def test_names_the_credit_note(self, bo: Buyer, anonymous: Client) -> None:
        draft = invoicing.draft_credit_note(bo.ctx, invoice_id=bo.invoice.id, reason="returned").invoice_id
        (number,) = invoicing.issue_invoices(bo.ctx, invoice_ids=(draft,), issue_date=NOW.date()).numbers
        assert f"Settled with {number}" in text(anonymous, bo.address)

    def test_marks_what_is_new_since_the_last_visit(self, bo: Buyer, anonymous: Client) -> None:
        anonymous.post(f"{bo.address}seen/")
        assert "New since your last visit" not in text(anonymous, bo.address)
        bo.clock.forward(days=1)
        bo.pays(30_000)
        for _ in range(2):
            page = text(anonymous, bo.address)
            assert "New since your last visit" in page
            assert page.count(">New<") == 1
        anonymous.post(f"{bo.address}seen/")
        assert "New since your last visit" in text(anonymous, bo.address), "a visit lasts half an hour"
        bo.clock.forward(minutes=31)
        assert "New since your last visit" not in text(anonymous, bo.address)


class TestLooking:
    def test_writes_nothing(self, bo: Buyer, anonymous: Client) -> None:
        before = every(bo.ctx, "SELECT count(*), (SELECT count(*) FROM invoicing_view) FROM base_command")
        anonymous.get(bo.address)
        assert every(bo.ctx, "SELECT count(*), (SELECT count(*) FROM invoicing_view) FROM base_command") == before

    def test_could_write_nothing(
        self, live: None, anna_live: Ctx, standing: Standing, assets: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the query of the page writes; PostgreSQL refuses, for the transaction only reads."""
        bo = buyer_of(open_desk(anna_live), standing)

        def writing(ids: object, *, now: object) -> None:
            rows.run("UPDATE invoicing_customer SET terms_days = 0")

        monkeypatch.setattr(live_invoice, "invoice_pages", writing)
        with pytest.raises(InternalError) as refused:
            Client().get(bo.address)
        assert isinstance(refused.value.__cause__, psycopg.errors.ReadOnlySqlTransaction)

    def test_counts_once_per_visit_and_only_if_the_page_says_so(self, bo: Buyer, anonymous: Client) -> None:
        anonymous.get(bo.address)
        assert every(bo.ctx, "SELECT count(*) FROM invoicing_view") == [(0,)]
        for minutes in (0, 5, 10, 40):
            bo.clock.at = NOW + timedelta(minutes=minutes)
            assert anonymous.post(f"{bo.address}seen/").status_code == 204
        assert every(bo.ctx, "SELECT count(*) FROM invoicing_view") == [(2,)]
        assert every(bo.ctx, "SELECT DISTINCT actor FROM base_command WHERE name = 'invoicing.record_view'") == [
            (f"link:{bo.link_id}",)
        ]


def answers_nothing(client: Client, address: str) -> bool:
    """Whether the page tells nothing of the invoice, and yet what to do next."""
    answer = client.get(address)
    body = answer.content
    return answer.status_code in (404, 410) and not any(leak in body for leak in LEAKS) and b"/portal/" in body


class TestALinkThatOpensNothing:
    def test_is_a_page_that_says_what_to_do(self, bo: Buyer, anonymous: Client) -> None:
        assert answers_nothing(anonymous, "/i/" + "x" * 32 + "/")
        assert answers_nothing(anonymous, "/i/short/")
        assert answers_nothing(anonymous, bo.address[:-2] + "/")

    def test_is_the_same_whether_it_was_revoked_or_never_one(self, bo: Buyer, anonymous: Client) -> None:
        invoicing.revoke_link(bo.ctx, link_id=bo.link_id)
        never = anonymous.get("/i/" + "x" * len(bo.token) + "/")
        revoked = anonymous.get(bo.address)
        assert (never.status_code, never.content) == (revoked.status_code, revoked.content)
        assert answers_nothing(anonymous, bo.address)

    def test_says_after_its_time_whom_to_ask_and_nothing_else(self, bo: Buyer, anonymous: Client) -> None:
        bo.clock.forward(days=365)
        assert answers_nothing(anonymous, bo.address)
        assert b"Nordvik AB" in anonymous.get(bo.address).content

    def test_would_tell_everything_if_its_state_were_not_asked(
        self, bo: Buyer, anonymous: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: every link counts as open."""
        invoicing.revoke_link(bo.ctx, link_id=bo.link_id)
        monkeypatch.setattr(links, "_state", lambda expires_at, revoked_at, now: LinkState.OPEN)
        assert not answers_nothing(anonymous, bo.address)

    def test_is_asked_for_anew_and_a_person_is_told(self, bo: Buyer, anonymous: Client) -> None:
        bo.clock.forward(days=365)
        for _ in range(2):
            answer = anonymous.post(f"{bo.address}ask/")
            assert (answer.status_code, answer["Location"]) == (302, f"{bo.address}?asked=1")
        assert b"sends it to the address they have for you" in anonymous.get(answer["Location"]).content
        with tenant.scope(bo.ctx.tenant_id):
            items = work.items_about("invoice", bo.invoice.id)
        assert [item.reason_code for item in items] == ["invoicing.link_wanted"]
        assert every(bo.ctx, "SELECT count(*) FROM base_command WHERE name = 'invoicing.ask_for_link'") == [(1,)]

    def test_asks_for_nothing_where_it_was_revoked(self, bo: Buyer, anonymous: Client) -> None:
        invoicing.revoke_link(bo.ctx, link_id=bo.link_id)
        bo.clock.forward(days=365)
        assert anonymous.post(f"{bo.address}ask/").status_code == 302
        assert every(bo.ctx, "SELECT count(*) FROM base_command WHERE name = 'invoicing.ask_for_link'") == [(0,)]

    def test_is_not_seen(self, bo: Buyer, anonymous: Client) -> None:
        bo.clock.forward(days=365)
        assert anonymous.post(f"{bo.address}seen/").status_code == 404


class TestALinkOfAnotherCompany:
    def test_opens_its_own_invoice_only(self, bo: Buyer, cilla: Ctx, anonymous: Client) -> None:
        hers = buyer_of(open_desk(cilla), bo.clock)
        assert anonymous.get(hers.address).status_code == 200
        with tenant.scope(bo.ctx.tenant_id):
            assert invoices.link(hers.link_id, now=NOW) is None
