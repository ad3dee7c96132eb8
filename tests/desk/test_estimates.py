"""The board of estimates: orders, estimates by where they stand, what is invoiced of them."""

from datetime import date, timedelta

import pytest
from django.test import Client

from bank_files import Pay
from desk import Desk
from drafted import LINE, TODAY, new, saved
from kvit.base import tenant
from kvit.invoicing import queries
from kvit.invoicing.domain import Kind
from kvit.matching import commands as matching
from kvit.matching.commands import Terms
from kvit.pages.read import estimates as reading
from kvit.pages.read.estimates import Stage

ORDER = LINE | {"number": "O-1", "order_date": "2026-03-01"}


def estimate(browser: Client, office: Desk) -> int:
    """Over 4 498.13 kronor."""
    return saved(browser.post(f"{new(office)}&kind=estimate", LINE | {"issue": "1"})["Location"])


def paid(office: Desk, amount_minor: int) -> int:
    """Money of Bo that waits."""
    (line,) = office.bank(Pay(amount_minor))
    terms = Terms(advance_party_id=office.bo.party_id, learn=False)
    return matching.link_payment(office.ctx, line_id=line, targets=(), terms=terms).link_id


def stages(office: Desk, *, today: date | None = None) -> dict[Stage, int]:
    with tenant.scope(office.ctx.tenant_id):
        board = reading.board(today=today or TODAY)
    return {stage: len(cards) for stage, cards in board.cards.items() if cards}


class TestTheBoard:
    def test_says_what_to_do_where_nothing_is(self, browser: Client) -> None:
        assert b"No estimates yet" in browser.get("/desk/estimates/").content

    def test_has_each_estimate_where_it_stands(self, office: Desk, browser: Client) -> None:
        draft = saved(browser.post(f"{new(office)}&kind=estimate", LINE)["Location"])
        assert stages(office) == {Stage.DRAFT: 1}
        browser.post(f"/desk/invoices/{draft}/issue/")
        assert stages(office) == {Stage.SENT: 1}
        assert stages(office, today=TODAY + timedelta(days=100)) == {Stage.PAST: 1}
        browser.post(f"/desk/estimates/{draft}/invoice/")
        assert stages(office) == {Stage.INVOICED: 1}
        page = browser.get("/desk/estimates/").content.decode()
        assert "PF2026-000001" in page
        assert "F2026-000001" in page
        assert "Bo Ek" in page

    def test_of_another_company_is_its_own(self, office: Desk, browser: Client, stranger: Client) -> None:
        estimate(browser, office)
        assert b"No estimates yet" in stranger.get("/desk/estimates/").content


class TestAnOrder:
    def test_is_taken_and_becomes_an_estimate(self, office: Desk, browser: Client) -> None:
        page = browser.post(f"/desk/customers/{office.bo.id}/orders/new/", ORDER, follow=True).content.decode()
        assert "The order is kept" in page
        assert "O-1" in page
        with tenant.scope(office.ctx.tenant_id):
            (order,) = queries.orders()
        answer = browser.post(f"/desk/orders/{order.id}/estimate/")
        with tenant.scope(office.ctx.tenant_id):
            made = queries.document(saved(answer["Location"]))
        assert made is not None
        assert (made.row.kind, made.net_minor) == (Kind.ESTIMATE, 359850)
        again = browser.post(f"/desk/orders/{order.id}/estimate/", follow=True).content
        assert b"stands on a document already" in again

    @pytest.mark.parametrize(
        ("changed", "said"),
        [({"number": ""}, "This field is required"), ({"lines-0-description": ""}, "Say what is invoiced.")],
    )
    def test_that_is_not_whole_is_refused_and_nothing_is_lost(
        self, office: Desk, browser: Client, changed: dict[str, str], said: str
    ) -> None:
        answer = browser.post(f"/desk/customers/{office.bo.id}/orders/new/", ORDER | changed)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert 'value="1 199,50"' in answer.content.decode()

    def test_number_is_taken_once(self, office: Desk, browser: Client) -> None:
        where = f"/desk/customers/{office.bo.id}/orders/new/"
        browser.post(where, ORDER)
        answer = browser.post(where, ORDER)
        assert answer.status_code == 422
        assert b"its number is taken" in answer.content

    def test_of_another_company_is_not_found(self, office: Desk, browser: Client, stranger: Client) -> None:
        browser.post(f"/desk/customers/{office.bo.id}/orders/new/", ORDER)
        with tenant.scope(office.ctx.tenant_id):
            (order,) = queries.orders()
        assert stranger.post(f"/desk/orders/{order.id}/estimate/").status_code == 404


class TestACollectiveInvoice:
    def test_takes_all_orders_of_the_days(self, office: Desk, browser: Client) -> None:
        for number in ("O-1", "O-2"):
            browser.post(f"/desk/customers/{office.bo.id}/orders/new/", ORDER | {"number": number})
        form = {"customer": str(office.bo.id), "from_date": "2026-03-01", "to_date": "2026-03-31"}
        invoice_id = saved(browser.post("/desk/estimates/collective/", form)["Location"])
        with tenant.scope(office.ctx.tenant_id):
            made = queries.document(invoice_id)
        assert made is not None
        assert [line.content.order for line in made.lines] == ["O-1", "O-2"]
        assert browser.post("/desk/estimates/collective/", form).status_code == 422


class TestAnEstimate:
    def test_is_invoiced_as_a_claim(self, office: Desk, browser: Client) -> None:
        estimate_id = estimate(browser, office)
        answer = browser.post(f"/desk/estimates/{estimate_id}/invoice/", follow=True)
        assert b"F2026-000001 is issued." in answer.content
        again = browser.post(f"/desk/estimates/{estimate_id}/invoice/", follow=True)
        assert b"The estimate is invoiced already" in again.content

    def test_asks_whether_money_that_waits_is_for_it(self, office: Desk, browser: Client) -> None:
        estimate_id = estimate(browser, office)
        paid(office, 100000)
        page = browser.get(f"/desk/invoices/{estimate_id}/").content.decode()
        assert "Is it for this estimate?" in page
        item = page.partition('name="item" value="')[2].partition('"')[0]
        answer = browser.post(f"/desk/estimates/{estimate_id}/advance/", {"item": item}, follow=True)
        assert b"FA2026-000001 is issued." in answer.content
        page = browser.get(f"/desk/invoices/{estimate_id}/").content.decode()
        assert "FA2026-000001" in page
        assert stages(office) == {Stage.PART: 1}
        again = browser.post(f"/desk/estimates/{estimate_id}/advance/", {"item": item}, follow=True)
        assert b"has been used already" in again.content
        last = browser.post(f"/desk/estimates/{estimate_id}/invoice/", follow=True)
        assert b"FE2026-000001 is issued." in last.content

    def test_of_another_company_is_not_found(self, office: Desk, browser: Client, stranger: Client) -> None:
        estimate_id = estimate(browser, office)
        for act in ("invoice", "advance"):
            assert stranger.post(f"/desk/estimates/{estimate_id}/{act}/").status_code == 404

    def test_is_asked_for_by_estimates_only(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        assert browser.post(f"/desk/estimates/{invoice.id}/invoice/").status_code == 404
