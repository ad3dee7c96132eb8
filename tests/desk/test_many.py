"""Many documents: the list narrowed to what is asked for, and drafts issued together with what is refused."""

from datetime import date, timedelta

import pytest
from django.test import Client

from bank_files import Pay
from desk import Desk
from drafted import LINE, TODAY, new, plain, saved
from kvit.base import tenant
from kvit.invoicing import queries
from kvit.invoicing.domain import Kind
from kvit.pages.read import invoices as listing
from kvit.pages.read.invoices import Cursor, Shown
from receivables import issue, new_customer

ROW = "<tr data-row>"


class TestAFilter:
    @pytest.fixture
    def filled(self, office: Desk, browser: Client) -> Desk:
        """Two invoices of Bo, of which one is paid, one of Eva; a draft, an estimate, a fee note."""
        paid = office.invoice(500, reference="70010")
        office.link(office.bank(Pay(500))[0], (paid, 500))
        office.invoice(900)
        office.invoice(700, of=new_customer(office.ctx, "Eva Lund"))
        browser.post(new(office), LINE)
        browser.post(f"{new(office)}&kind=estimate", LINE | {"issue": "1"})
        browser.post(f"{new(office)}&kind=fee_note", LINE | {"lines-0-vat_rate": "O", "issue": "1"})
        return office

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 6),
            ("kind=estimate", 1),
            ("kind=fee_note", 1),
            ("kind=invoice", 4),
            ("kind=invoice&show=drafts", 1),
            ("kind=estimate&show=credits", 0),
            ("q=eva", 1),
            ("q=eva&show=open", 1),
            ("q=bo&show=open", 2),
            ("q=bo&show=overdue", 1),
            ("q=eva&show=settled", 0),
            ("q=bo&show=settled", 1),
            ("q=70010", 1),
            ("q=f2026-000002", 1),
            ("q=nobody", 0),
            ("since=2026-02-02", 2),
            ("until=2026-02-01", 3),
            ("since=2026-02-01&until=2026-02-01&show=open", 2),
            ("since=2026-13-45", 6),
            ("kind=nonsense", 6),
        ],
    )
    def test_narrows_the_list(self, filled: Desk, browser: Client, query: str, count: int) -> None:
        page = browser.get(f"/desk/invoices/?{query}").content.decode()
        assert page.count(ROW) == count
        if not count:
            assert "Nothing fits" in page

    def test_of_a_customer_says_whose_they_are(self, filled: Desk, browser: Client) -> None:
        page = browser.get(f"/desk/invoices/?customer={filled.bo.id}&kind=invoice").content.decode()
        assert page.count(ROW) == 3
        assert "of every customer" in page

    def test_of_another_company_finds_nothing(self, filled: Desk, stranger: Client) -> None:
        assert ROW not in stranger.get(f"/desk/invoices/?customer={filled.bo.id}").content.decode()

    @pytest.mark.parametrize("shown", [Shown.ALL, Shown.OPEN, Shown.OVERDUE])
    def test_is_paged_forth_and_back_without_a_gap(
        self, office: Desk, shown: Shown, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listing, "_BATCH", 2)
        eva = new_customer(office.ctx, "Eva Lund")
        ids = []
        for _ in range(7):
            ids += [row.id for row in issue(office.ctx, eva, 100)]
            issue(office.ctx, office.bo, 100)
        today = office.ctx.now.date() + timedelta(days=300)
        with tenant.scope(office.ctx.tenant_id):
            wanted = listing.wanted_of(kind=Kind.INVOICE, customer_id=eva.id, days=(None, None), text="")
            pages, cursor = [], Cursor()
            while True:
                page = listing.page(shown, today=today, cursor=cursor, limit=3, wanted=wanted)
                pages.append([row.id for row in page.rows])
                if page.older is None:
                    break
                cursor = Cursor(below_id=page.older)
            back = listing.page(shown, today=today, cursor=Cursor(above_id=page.newer), limit=3, wanted=wanted)
        assert [i for those in pages for i in those] == sorted(ids, reverse=True)
        assert [row.id for row in back.rows] == pages[-2]

    def test_that_looks_far_goes_on_where_it_stopped(self, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listing, "_BATCH", 1)
        monkeypatch.setattr(listing, "_MOST_BATCHES", 2)
        eva = new_customer(office.ctx, "Eva Lund")
        (wanted_id,) = (row.id for row in issue(office.ctx, eva, 100))
        issue(office.ctx, office.bo, 100, 100, 100)
        found, cursor = [], Cursor()
        with tenant.scope(office.ctx.tenant_id):
            wanted = listing.wanted_of(kind=None, customer_id=eva.id, days=(None, None), text="")
            for _ in range(9):
                page = listing.page(Shown.OPEN, today=date(2026, 2, 2), cursor=cursor, limit=3, wanted=wanted)
                found += [row.id for row in page.rows]
                if page.older is None:
                    break
                cursor = Cursor(below_id=page.older)
        assert found == [wanted_id]


class TestDraftsIssuedTogether:
    def drafts(self, office: Desk, browser: Client) -> list[int]:
        """Two that are fine, and between them one below zero."""
        prices = ("100", "-5", "200")
        return [saved(browser.post(new(office), LINE | {"lines-0-unit_price": price})["Location"]) for price in prices]

    def test_are_shown_first_with_what_is_refused(self, office: Desk, browser: Client) -> None:
        ids = self.drafts(office, browser)
        page = plain(browser.post("/desk/invoices/issue/", {"id": ids}).content.decode())
        for shown in ("1 draft would be refused", "2 drafts would be issued", "its total is below zero", "1,125.00"):
            assert shown in page
        with tenant.scope(office.ctx.tenant_id):
            assert queries.draft_ids() == ids

    def test_are_issued_but_for_what_is_refused(self, office: Desk, browser: Client) -> None:
        ids = self.drafts(office, browser)
        form = {"id": ids, "confirm": "1", "idempotency_key": "one"}
        page = browser.post("/desk/invoices/issue/", form, follow=True).content.decode()
        assert "2 documents are issued: F2026-000001 – F2026-000002." in page
        assert "1 draft was refused" in page
        browser.post("/desk/invoices/issue/", form)
        with tenant.scope(office.ctx.tenant_id):
            assert queries.draft_ids() == [ids[1]]
            assert [row.number for row in queries.invoices(ids)] == ["F2026-000001", None, "F2026-000002"]

    def test_are_dated_on_the_day_asked_for(self, office: Desk, browser: Client) -> None:
        ids = self.drafts(office, browser)[:1]
        day = TODAY - timedelta(days=3)
        form = {"id": ids, "issue_date": day.isoformat()}
        assert browser.post("/desk/invoices/issue/", form).status_code == 200
        browser.post("/desk/invoices/issue/", form | {"confirm": "1"})
        with tenant.scope(office.ctx.tenant_id):
            assert queries.invoices(ids)[0].issue_date == day
        late = {"id": self.drafts(office, browser)[:1], "issue_date": (TODAY + timedelta(days=1)).isoformat()}
        assert browser.post("/desk/invoices/issue/", late).status_code == 422

    def test_need_a_tick(self, office: Desk, browser: Client, stranger: Client) -> None:
        assert b"Tick the drafts" in browser.post("/desk/invoices/issue/", follow=True).content
        ids = self.drafts(office, browser)
        assert (
            b"Tick the drafts"
            in stranger.post("/desk/invoices/issue/", {"id": ids, "confirm": "1"}, follow=True).content
        )
        with tenant.scope(office.ctx.tenant_id):
            assert queries.draft_ids() == ids
