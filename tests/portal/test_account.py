"""What a customer who signs in sees of their account: sums, invoices, payments and what they paid, statements."""

import pytest
from django.test import Client

from bank_files import Pay
from kvit.invoicing import commands as invoicing
from kvit.parties import commands as parties
from portal.buyer import Buyer
from receivables import issue, new_customer
from surfaces import client_of


def shown(client: Client, address: str) -> str:
    """A page as a reader sees it: ordinary blanks, amounts without tags."""
    page = client.get(address).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    for tag in ('<span class="money">', '<span class="cents">', '<span class="currency">', "</span>"):
        page = page.replace(tag, "")
    return page


@pytest.fixture
def signed_in(bo: Buyer, assets: None) -> Client:
    opened = parties.open_login(bo.ctx, party_id=bo.desk.bo.party_id, email="bo@kund.example", full_name="Bo Ek")
    return client_of(opened.user_id)


class TestTheOverview:
    def test_says_what_is_due_and_what_is_overdue(self, bo: Buyer, signed_in: Client) -> None:
        bo.desk.invoice(10_000)
        page = shown(signed_in, "/portal/")
        assert "1,000.00 SEK" in page
        assert "Due in 1 day" in page
        bo.clock.forward(days=30)
        assert "29 days overdue" in shown(signed_in, "/portal/")

    def test_says_what_was_paid_in_advance(self, bo: Buyer, signed_in: Client) -> None:
        (line_id,) = bo.desk.bank(Pay(100_000))
        bo.desk.link(line_id, (bo.invoice, 90_000))
        page = shown(signed_in, "/portal/")
        assert "Nothing to pay" in page
        assert "Paid in advance" in page
        assert "100.00 SEK" in page

    def test_without_anything_says_what_will_come(self, bo: Buyer, assets: None) -> None:
        eva = new_customer(bo.ctx, "Eva")
        opened = parties.open_login(bo.ctx, party_id=eva.party_id, email="eva@kund.example", full_name="Eva")
        page = shown(client_of(opened.user_id), "/portal/")
        assert "Nothing to pay" in page
        assert "900" not in page


class TestInvoices:
    def test_are_listed_the_newest_first_page_by_page(self, bo: Buyer, signed_in: Client) -> None:
        issued = issue(bo.ctx, bo.desk.bo, *range(101, 161))
        first = shown(signed_in, "/portal/invoices/")
        numbers = [row.number or "" for row in issued]
        assert numbers[-1] in first
        assert numbers[0] not in first
        following = first.split('rel="next" href="')[1].split('"')[0]
        rest = shown(signed_in, f"/portal/invoices/{following}")
        assert numbers[0] in rest
        assert (bo.invoice.number or "") in rest
        assert all((number in first) != (number in rest) for number in numbers)

    @pytest.mark.parametrize("below", ["", "x", "2026-13-01.1", "2026-01-01.", "2026-01-01." + "9" * 40, "1.²"])
    def test_begin_at_the_newest_where_the_address_makes_no_sense(
        self, bo: Buyer, signed_in: Client, below: str
    ) -> None:
        assert (bo.invoice.number or "-") in shown(signed_in, f"/portal/invoices/?below={below}")

    def test_show_credit_notes_as_such(self, bo: Buyer, signed_in: Client) -> None:
        note = invoicing.draft_credit_note(bo.ctx, invoice_id=bo.invoice.id, reason="returned").invoice_id
        invoicing.issue_invoices(bo.ctx, invoice_ids=(note,), issue_date=bo.clock.at.date())
        assert "Credit note" in shown(signed_in, "/portal/invoices/")
        page = shown(signed_in, f"/portal/invoices/{note}/")
        assert f"For invoice {bo.invoice.number}" in page
        assert "How to pay" not in page

    def test_of_others_are_not_there(self, bo: Buyer, signed_in: Client) -> None:
        other = issue(bo.ctx, new_customer(bo.ctx, "Eva"), 100)[0]
        assert signed_in.get(f"/portal/invoices/{other.id}/").status_code == 404
        assert (other.number or "") not in shown(signed_in, "/portal/invoices/")


class TestPayments:
    def test_say_what_they_paid_and_what_is_left(self, bo: Buyer, signed_in: Client) -> None:
        second = bo.desk.invoice(20_000)
        (line_id,) = bo.desk.bank(Pay(120_000))
        bo.desk.link(line_id, (bo.invoice, 90_000), (second, 20_000))
        page = shown(signed_in, "/portal/payments/")
        assert f"{bo.invoice.number}</a> 900.00 SEK" in page
        assert f"{second.number}</a> 200.00 SEK" in page
        assert "Paid in advance: 100.00 SEK" in page
        assert "1,200.00 SEK" in page

    def test_that_were_taken_back_are_not_among_them(self, bo: Buyer, signed_in: Client) -> None:
        bo.undo(bo.pays(30_000))
        assert "No payments yet" in shown(signed_in, "/portal/payments/")


class TestAStatement:
    def test_goes_from_what_was_owed_to_what_is_owed(self, bo: Buyer, signed_in: Client) -> None:
        bo.pays(30_000)
        page = shown(signed_in, "/portal/statement/?since=2026-02-02&until=2026-03-31")
        page = page.split("<tbody>")[1]
        order = ["Owed before", "900.00 SEK", "Payment", "−300.00 SEK", "600.00 SEK", "Owed after"]
        places = [page.index(text) for text in order]
        assert places == sorted(places)
        assert all(text in page for text in order)
        assert f">{bo.invoice.number}<" not in page

    def test_names_the_invoices_in_it(self, bo: Buyer, signed_in: Client) -> None:
        page = shown(signed_in, "/portal/statement/?since=2026-01-01&until=2026-03-31")
        assert f">{bo.invoice.number}<" in page

    def test_shows_a_payment_taken_back(self, bo: Buyer, signed_in: Client) -> None:
        bo.undo(bo.pays(30_000))
        page = shown(signed_in, "/portal/statement/?since=2026-01-01&until=2026-03-31")
        assert "Payment taken back" in page

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("since=2026-03-31&until=2026-01-01", "The period ends before it begins."),
            ("since=&until=2026-01-01", "This field is required."),
            ("since=yesterday&until=2026-01-01", "Enter a valid date."),
        ],
    )
    def test_says_what_is_wrong_with_the_period(self, bo: Buyer, signed_in: Client, query: str, said: str) -> None:
        answer = signed_in.get(f"/portal/statement/?{query}")
        assert answer.status_code == 422
        assert said in answer.content.decode()
