"""Documents: lists with filters and cursors, one of them whole, and what is done to it."""

from datetime import timedelta

import pytest
from django.test import Client

from bank_files import Pay
from desk import Desk
from kvit.base import tenant
from kvit.invoicing import queries as invoicing
from kvit.pages.read import invoices as listing
from kvit.pages.read.invoices import Cursor, Shown
from receivables import issue


class TestTheList:
    def test_shows_each_document_with_customer_state_and_amounts(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(123450)
        page = browser.get("/desk/invoices/").content.decode()
        assert str(invoice.number) in page
        assert "Bo Ek" in page
        assert "days late" in page

    @pytest.mark.parametrize(
        ("shown", "expected"),
        [("all", 3), ("drafts", 1), ("open", 1), ("overdue", 1), ("settled", 1), ("credits", 0), ("nonsense", 3)],
    )
    def test_is_narrowed_by_its_tabs(self, office: Desk, browser: Client, shown: str, expected: int) -> None:
        paid = office.invoice(500)
        office.link(office.bank(Pay(500))[0], (paid, 500))
        office.invoice(900)
        draft(browser, office)
        page = browser.get(f"/desk/invoices/?show={shown}").content.decode()
        assert page.count("<tr data-row>") == expected

    @pytest.mark.parametrize("shown", [Shown.ALL, Shown.OPEN, Shown.OVERDUE])
    def test_is_paged_forth_and_back_without_a_gap(self, office: Desk, shown: Shown) -> None:
        ids = [row.id for row in issue(office.ctx, office.bo, *[100] * 7)]
        today = office.ctx.now.date() + timedelta(days=300)
        with tenant.scope(office.ctx.tenant_id):
            pages, cursor = [], Cursor()
            while True:
                page = listing.page(shown, today=today, cursor=cursor, limit=3)
                pages.append([row.id for row in page.rows])
                if page.older is None:
                    break
                cursor = Cursor(below_id=page.older)
            back = listing.page(shown, today=today, cursor=Cursor(above_id=page.newer), limit=3)
        assert [i for page_ids in pages for i in page_ids] == sorted(ids, reverse=True)
        assert [row.id for row in back.rows] == pages[-2]
        with tenant.scope(office.ctx.tenant_id):
            assert listing.page(shown, today=today, cursor=Cursor(), limit=3).newer is None

    def test_of_another_company_is_empty(self, office: Desk, stranger: Client) -> None:
        office.invoice(900)
        assert b"No invoices yet" in stranger.get("/desk/invoices/").content


class TestADocument:
    def test_shows_what_happened_with_who_and_why(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900, reference="70017")
        office.match(office.bank(Pay(900, "70017")))
        page = browser.get(f"/desk/invoices/{invoice.id}/").content.decode()
        assert "Payment received" in page
        assert "Command line" not in page
        assert "reference equal, amount equal" in page
        assert str(invoice.number) in page
        assert "Undo" in page

    def test_keeps_payments_that_were_taken_back(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        linked = office.link(office.bank(Pay(900))[0], (invoice, 900))
        office.undo(linked.link_id)
        page = browser.get(f"/desk/invoices/{invoice.id}/").content.decode()
        assert "Payment received" in page
        assert "Payment taken back" in page

    def test_is_not_found_by_another_company(self, office: Desk, stranger: Client) -> None:
        invoice = office.invoice(900)
        assert stranger.get(f"/desk/invoices/{invoice.id}/").status_code == 404
        assert stranger.post(f"/desk/invoices/{invoice.id}/due-date/", {"due_date": "2027-01-01"}).status_code == 404

    def test_moves_its_due_date_with_a_reason(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        answer = browser.post(
            f"/desk/invoices/{invoice.id}/due-date/",
            {"due_date": "2027-03-01", "reason": "asked for more time"},
            follow=True,
        )
        page = answer.content.decode()
        assert "Due on 1 Mar 2027 now." in page
        assert "asked for more time" in page

    @pytest.mark.parametrize(
        ("day", "reason", "said"),
        [
            ("2027-03-01", "", "This field is required."),
            ("soon", "asked", "Enter a valid date."),
            ("2020-01-01", "asked", "to a day not before its issue"),
        ],
    )
    def test_refuses_another_due_date_in_words(
        self, office: Desk, browser: Client, day: str, reason: str, said: str
    ) -> None:
        invoice = office.invoice(900)
        answer = browser.post(f"/desk/invoices/{invoice.id}/due-date/", {"due_date": day, "reason": reason})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert due(office, invoice.id) == invoice.due_date

    def test_opens_its_own_page_by_a_link_that_is_shown_once(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        answer = browser.post(f"/desk/invoices/{invoice.id}/links/").content.decode()
        address = answer.partition('data-copy="http://testserver')[2].partition('"')[0]
        assert browser.get(address).status_code == 200
        assert address not in browser.get(f"/desk/invoices/{invoice.id}/").content.decode()
        with tenant.scope(office.ctx.tenant_id):
            (link,) = invoicing.links_of(invoice.id, now=office.ctx.now)
        browser.post(f"/desk/invoices/{invoice.id}/links/{link.id}/revoke/")
        assert str(invoice.number) not in browser.get(address).content.decode()


class TestACreditNote:
    def test_takes_an_invoice_back_whole(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        drafted = browser.post(f"/desk/invoices/{invoice.id}/credit/", {"reason": "returned", "quantity-1": "1"})
        note = int(drafted["Location"].rstrip("/").rpartition("/")[2])
        assert office.open(invoice) == 900
        page = browser.post(f"/desk/invoices/{note}/issue/", follow=True).content.decode()
        assert "is issued." in page
        assert office.open(invoice) == 0

    @pytest.mark.parametrize(
        ("quantity", "reason", "said"),
        [("9", "returned", "Only what is left"), ("1", "", "This field is required."), ("x", "odd", "Write an amount")],
    )
    def test_is_refused_in_words(self, office: Desk, browser: Client, quantity: str, reason: str, said: str) -> None:
        invoice = office.invoice(900)
        given = {"reason": reason, "quantity-1": quantity}
        answer = browser.post(f"/desk/invoices/{invoice.id}/credit/", given)
        assert answer.status_code == 422
        assert said in answer.content.decode()


def draft(browser: Client, office: Desk) -> int:
    """A draft by the editor; its id."""
    form = {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-description": "Goods",
        "lines-0-quantity": "2",
        "lines-0-unit": "pc",
        "lines-0-unit_price": "10.50",
        "lines-0-vat_rate": "25",
        "terms_days": "30",
    }
    answer = browser.post(f"/desk/invoices/new/?customer={office.bo.id}", form)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def due(office: Desk, invoice_id: int) -> object:
    """When an invoice is due."""
    with tenant.scope(office.ctx.tenant_id):
        return invoicing.invoices([invoice_id])[0].due_date
