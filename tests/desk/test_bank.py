"""The bank at the desk: candidates with evidence, links by a person, undoing, files and held statements."""

import io

import pytest
from django.test import Client

from bank_files import Pay, Stmt, camt
from desk import Desk
from kvit.banking import jobs
from kvit.banking.events import FileReceived
from kvit.base import rows, tenant
from kvit.kernel import payment_reference
from receivables import new_customer, open_minor


class TestAPayment:
    def test_shows_candidates_with_what_speaks_for_them(self, office: Desk, browser: Client) -> None:
        reference = payment_reference.ocr(7001)
        wrong = ("1" if reference[0] != "1" else "2") + reference[1:]
        invoice = office.invoice(900, reference=reference)
        (line,) = office.bank(Pay(900, wrong, name="Bo Ek"))
        page = browser.get(f"/desk/bank/lines/{line}/").content.decode()
        assert str(invoice.number) in page
        for evidence in ("Digit 1 differs", "Same amount", "Same name"):
            assert evidence in page
        assert f'id="amount-{invoice.id}" name="amount-{invoice.id}" value="9.00"' in page

    def test_is_linked_to_several_invoices_and_the_rest_is_an_advance(self, office: Desk, browser: Client) -> None:
        one, two = office.invoice(500), office.invoice(900)
        (line,) = office.bank(Pay(1500))
        given = {f"amount-{one.id}": "5.00", f"amount-{two.id}": "9", "amount-x": "3"}
        page = browser.post(f"/desk/bank/lines/{line}/link/", given, follow=True).content.decode()
        assert "1.00\u00a0SEK stays with the customer as an advance" in page
        assert (office.open(one), office.open(two)) == (0, 0)

    @pytest.mark.parametrize(
        ("amount", "said"),
        [
            ("10.00", "no more than was paid"),
            ("x", "Write an amount in figures"),
            ("", "name invoices of one customer"),
        ],
    )
    def test_is_not_linked_wrongly_and_what_was_typed_stays(
        self, office: Desk, browser: Client, amount: str, said: str
    ) -> None:
        invoice = office.invoice(500)
        (line,) = office.bank(Pay(900))
        answer = browser.post(f"/desk/bank/lines/{line}/link/", {f"amount-{invoice.id}": amount})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert f'value="{amount}"' in answer.content.decode()
        assert office.open(invoice) == 500

    def test_is_never_linked_to_invoices_of_two_customers(self, office: Desk, browser: Client) -> None:
        one, two = office.invoice(500), office.invoice(500, of=new_customer(office.ctx, "Eva Ek"))
        (line,) = office.bank(Pay(900))
        given = {f"amount-{one.id}": "4", f"amount-{two.id}": "5"}
        assert browser.post(f"/desk/bank/lines/{line}/link/", given).status_code == 422

    def test_is_unlinked_by_a_person_whoever_linked_it(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900, reference="70017")
        (line,) = office.bank(Pay(900, "70017"))
        office.match([line])
        (link,) = office.links(line)
        page = browser.post(f"/desk/bank/links/{link.id}/undo/", {"reason": "wrong"}, follow=True).content.decode()
        assert "Links that were undone" in page
        assert open_minor(office.ctx, invoice) == 900
        again = browser.post(f"/desk/bank/links/{link.id}/undo/", {"reason": "wrong"}, follow=True).content.decode()
        assert "This link was undone before." in again

    def test_is_found_by_nobody_of_another_company(self, office: Desk, stranger: Client) -> None:
        invoice = office.invoice(900)
        (line,) = office.bank(Pay(900))
        linked = office.link(line, (invoice, 900))
        assert stranger.get(f"/desk/bank/lines/{line}/").status_code == 404
        assert stranger.post(f"/desk/bank/lines/{line}/link/").status_code == 404
        assert stranger.post(f"/desk/bank/links/{linked.link_id}/undo/").status_code == 404
        assert office.open(invoice) == 0

    def test_that_went_out_offers_no_invoice(self, office: Desk, browser: Client) -> None:
        office.invoice(900)
        (line,) = office.bank(Pay(-900))
        assert b"Money that went out" in browser.get(f"/desk/bank/lines/{line}/").content


class TestAFile:
    def upload(self, browser: Client, data: bytes, name: str = "bank.xml") -> str:
        sent = io.BytesIO(data)
        sent.name = name
        answer = browser.post("/desk/bank/upload/", {"file": sent})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def take_in(self, office: Desk) -> None:
        """What the worker does with the event."""
        with tenant.scope(office.ctx.tenant_id):
            ((body,),) = rows.select(
                "SELECT body FROM base_event WHERE type = 'banking.FileReceived' ORDER BY id DESC LIMIT 1"
            )
            ((intake, file),) = rows.select("SELECT id, file_id FROM banking_intake ORDER BY id DESC LIMIT 1")
        assert body
        jobs.take_file_in(office.ctx, FileReceived(intake_id=intake, file_id=file))

    def test_is_kept_at_once_and_taken_in_behind(self, office: Desk, browser: Client) -> None:
        address = self.upload(browser, camt(Stmt([Pay(900), Pay(100)], opening_minor=1234)))
        assert b"The file is being read." in browser.get(address).content
        self.take_in(office)
        page = browser.get(address).content.decode()
        assert "Taken in: 2 movements." in page
        assert "Being read" not in browser.get("/desk/bank/imports/").content.decode()

    def test_answers_with_a_fragment_while_it_is_watched(self, office: Desk, browser: Client) -> None:
        address = self.upload(browser, camt(Stmt([Pay(901)], opening_minor=4321)))
        part = browser.get(address, headers={"hx-request": "true"}).content.decode()
        assert "<html" not in part
        assert 'hx-trigger="every 1s"' in part

    def test_twice_changes_nothing(self, office: Desk, browser: Client) -> None:
        data = camt(Stmt([Pay(902)], opening_minor=77))
        first = self.upload(browser, data)
        self.take_in(office)
        assert self.upload(browser, data) == first
        assert b"taken in before; nothing changed" in browser.get(first).content

    def test_that_cannot_be_read_says_where(self, office: Desk, browser: Client) -> None:
        address = self.upload(browser, b"<Document><broken", name="broken.xml")
        self.take_in(office)
        page = browser.get(address).content.decode()
        assert "The file could not be read" in page
        assert "Place in the file" in page

    def test_with_a_statement_that_does_not_add_up_waits_for_a_decision(self, office: Desk, browser: Client) -> None:
        address = self.upload(browser, camt(Stmt([Pay(903)], opening_minor=5, off_minor=1)))
        self.take_in(office)
        assert b"1 statement waits for a decision" in browser.get(address).content
        with tenant.scope(office.ctx.tenant_id):
            ((statement,),) = rows.select("SELECT id FROM banking_statement WHERE state = 'held'")
        held = f"/desk/bank/statements/{statement}/"
        assert b"The lines do not explain the closing balance." in browser.get(held).content
        assert b"Give a reason." in browser.post(f"{held}release/", follow=True).content
        page = browser.post(f"{held}release/", {"reason": "the bank confirmed it"}, follow=True).content.decode()
        assert "The statement is booked" in page

    def test_that_is_missing_is_asked_for(self, office: Desk, browser: Client) -> None:
        answer = browser.post("/desk/bank/upload/", {})
        assert answer.status_code == 422
        assert b"This field is required." in answer.content

    def test_of_another_company_is_not_found(self, office: Desk, browser: Client, stranger: Client) -> None:
        address = self.upload(browser, camt(Stmt([Pay(904)], opening_minor=9)))
        assert stranger.get(address).status_code == 404


class TestTheMovements:
    def test_say_what_became_of_each(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        linked, _waits = office.bank(Pay(900), Pay(50))
        office.link(linked, (invoice, 900))
        page = browser.get("/desk/bank/lines/").content.decode()
        assert "Linked by hand" in page
        assert "Waits" in page
