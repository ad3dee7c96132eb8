"""Customers at the desk: who owes, one at a glance, a new one, how they are reached; search; the books."""

import pytest
from django.test import Client

from bank_files import Pay
from desk import Desk
from kvit.base import tenant
from kvit.invoicing import queries as invoicing
from kvit.parties import queries as parties
from receivables import new_customer

NEW = {
    "name": "Åkeri Älgen AB",
    "kind": "company",
    "number": "K-77",
    "country": "SE",
    "language": "sv",
    "currency": "SEK",
    "terms_days": "20",
    "email": "faktura@algen.se",
    "city": "Umeå",
}


class TestTheList:
    def test_shows_who_owes_most_first(self, office: Desk, browser: Client) -> None:
        office.invoice(500)
        office.invoice(900, of=new_customer(office.ctx, "Eva Ek"))
        page = browser.get("/desk/customers/").content.decode()
        assert page.index("Eva Ek") < page.index("Bo Ek")

    def test_shows_all_by_number(self, office: Desk, browser: Client) -> None:
        assert b"Nobody owes anything" in browser.get("/desk/customers/").content
        assert b"Bo Ek" in browser.get("/desk/customers/?show=all").content

    def test_of_another_company_is_empty(self, office: Desk, stranger: Client) -> None:
        assert b"Bo Ek" not in stranger.get("/desk/customers/?show=all").content


class TestACustomer:
    def test_shows_open_items_advances_and_what_happened(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        paid = office.invoice(500)
        office.link(office.bank(Pay(800))[0], (paid, 500))
        page = browser.get(f"/desk/customers/{office.bo.id}/").content.decode()
        for text in (str(invoice.number), "Paid and not used", "Payment received", "9<span", "3<span", "on average"):
            assert text in page

    def test_is_not_found_by_another_company(self, office: Desk, stranger: Client) -> None:
        assert stranger.get(f"/desk/customers/{office.bo.id}/").status_code == 404

    def test_is_added_with_party_and_address_at_once(self, office: Desk, browser: Client) -> None:
        page = browser.post("/desk/customers/new/", NEW, follow=True).content.decode()
        assert "Åkeri Älgen AB is a customer now." in page
        assert "faktura@algen.se" in page
        assert "Umeå" in page

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"name": ""}, "This field is required."),
            ({"email": "nobody"}, "These particulars cannot be"),
            ({"terms_days": "9999"}, "less than or equal to 3650"),
        ],
    )
    def test_is_refused_whole(self, office: Desk, browser: Client, changed: dict[str, str], said: str) -> None:
        answer = browser.post("/desk/customers/new/", NEW | changed)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        with tenant.scope(office.ctx.tenant_id):
            assert parties.search("Älgen") == ()

    def test_is_refused_under_a_number_that_is_taken_and_no_party_is_left_behind(
        self, office: Desk, browser: Client
    ) -> None:
        with tenant.scope(office.ctx.tenant_id):
            bo = invoicing.customer(office.bo.id)
        assert bo is not None
        answer = browser.post("/desk/customers/new/", NEW | {"number": bo.number})
        assert b"Another customer has this number already." in answer.content
        with tenant.scope(office.ctx.tenant_id):
            assert parties.search("Älgen") == ()

    def test_is_reached_where_the_clerk_says_until_it_is_closed(self, office: Desk, browser: Client) -> None:
        address = f"/desk/customers/{office.bo.id}/"
        given = {"purpose": "invoices", "channel": "email", "value": "bo@ek.se"}
        assert b"bo@ek.se" in browser.post(f"{address}contacts/", given, follow=True).content
        wrong = browser.post(f"{address}contacts/", given | {"value": "bo"})
        assert wrong.status_code == 422
        assert b"Nothing can arrive at this address" in wrong.content
        with tenant.scope(office.ctx.tenant_id):
            (contact,) = parties.contacts_of(office.bo.party_id)
        assert b"bo@ek.se" not in browser.post(f"{address}contacts/{contact.id}/close/", follow=True).content


class TestSearch:
    def test_finds_by_name_number_last_digits_and_reference(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900, reference="70017")
        number = str(invoice.number)
        for text in (number, number.lower(), number.rpartition("-")[2].lstrip("0"), "70017", "700 17"):
            assert number in browser.get("/desk/search/", {"q": text}).content.decode(), text
        assert b"Bo Ek" in browser.get("/desk/search/", {"q": "bo"}).content

    def test_finds_nothing_of_another_company(self, office: Desk, stranger: Client) -> None:
        invoice = office.invoice(900)
        for text in (str(invoice.number), "bo"):
            assert b"Nothing fits" in stranger.get("/desk/search/", {"q": text}).content

    @pytest.mark.parametrize("text", ["", " ", "%", "'", "9" * 300, "\u0000", "²", "-", "F2026-²"])
    def test_never_breaks(self, browser: Client, text: str) -> None:
        assert browser.get("/desk/search/", {"q": text}).status_code == 200


class TestTheBooks:
    def test_show_entries_allocations_and_commands(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        (line,) = office.bank(Pay(900))
        office.link(line, (invoice, 900))
        page = browser.get(f"/desk/ledger/invoice/{invoice.id}/").content.decode()
        for text in ("Trade receivables", "Sales", "invoicing.issue_invoices", "Payment of Bo Ek", "Holds"):
            assert text in page
        assert b"Bank movements not yet allocated" in browser.get(f"/desk/ledger/bank_line/{line}/").content

    def test_about_nothing_are_not_found(self, office: Desk, browser: Client, stranger: Client) -> None:
        invoice = office.invoice(900)
        assert browser.get("/desk/ledger/invoice/0/").status_code == 404
        assert browser.get("/desk/ledger/nonsense/1/").status_code == 404
        assert stranger.get(f"/desk/ledger/invoice/{invoice.id}/").status_code == 404
