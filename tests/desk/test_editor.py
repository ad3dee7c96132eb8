"""The editor: lines, live totals, more lines without scripts, changed drafts, problems at their place."""

import pytest
from django.test import Client

from desk import Desk
from drafted import LINE, new, plain, saved
from forms_sent import sent
from kvit.base import tenant
from kvit.invoicing import queries as invoicing


class TestTheEditor:
    def test_asks_first_for_whom(self, office: Desk, browser: Client) -> None:
        page = browser.get("/desk/invoices/new/?q=bo").content.decode()
        assert f"?customer={office.bo.id}" in page

    def test_saves_a_draft_as_typed(self, office: Desk, browser: Client) -> None:
        page = browser.post(new(office), LINE, follow=True).content.decode()
        assert "The draft is saved." in page
        assert "3,598" in page
        assert "4,498" in page

    def test_shows_totals_while_one_types(self, office: Desk, browser: Client) -> None:
        part = browser.post(f"/desk/invoices/totals/{office.bo.id}/", LINE).content.decode()
        assert "4,498" in part
        assert 'id="net-0"' in part
        assert "<html" not in part

    def test_has_the_amount_of_a_line_in_its_row_and_nowhere_else(self, office: Desk, browser: Client) -> None:
        page = browser.post(new(office), LINE, follow=True).content.decode()
        draft = page.partition("/edit/")[0].rpartition("/desk/invoices/")[2]
        assert browser.get(f"/desk/invoices/{draft}/edit/").content.decode().count('id="net-0"') == 1

    def test_leaves_out_of_the_totals_what_cannot_be_read(self, office: Desk, browser: Client) -> None:
        typed = LINE | {"lines-0-quantity": "three"}
        assert "0.00" in plain(browser.post(f"/desk/invoices/totals/{office.bo.id}/", typed).content.decode())

    def test_gives_more_lines_without_scripts_and_keeps_what_was_typed(self, office: Desk, browser: Client) -> None:
        page = browser.post(new(office), LINE | {"more": "1"}).content.decode()
        assert 'name="lines-3-description"' in page
        assert 'value="Fibre"' in page

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"lines-0-quantity": "three"}, "Write a number like"),
            ({"lines-0-vat_rate": "24"}, "Select a valid choice"),
            ({"lines-0-description": ""}, "Say what is invoiced."),
            ({"lines-0-description": "", "lines-0-unit_price": ""}, "A line cannot stand on an invoice"),
            ({"terms_days": "-1"}, "greater than or equal to 0"),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(
        self, office: Desk, browser: Client, changed: dict[str, str], said: str
    ) -> None:
        answer = browser.post(new(office), LINE | changed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert 'value="month"' in page
        with tenant.scope(office.ctx.tenant_id):
            assert invoicing.draft_ids() == []

    def test_is_for_customers_of_the_company_only(self, office: Desk, stranger: Client) -> None:
        assert stranger.get(new(office)).status_code == 404
        assert stranger.post(new(office), LINE).status_code == 404


class TestADraft:
    def test_is_changed_by_a_new_one(self, office: Desk, browser: Client) -> None:
        first = saved(browser.post(new(office), LINE)["Location"])
        page = browser.get(f"/desk/invoices/{first}/edit/").content.decode()
        assert 'value="Fibre"' in page
        second = saved(browser.post(f"/desk/invoices/{first}/edit/", LINE | {"lines-0-quantity": "1"})["Location"])
        with tenant.scope(office.ctx.tenant_id):
            assert invoicing.draft_ids() == [second]
        assert b"Discarded" in browser.get(f"/desk/invoices/{first}/").content

    def test_is_issued_once(self, office: Desk, browser: Client) -> None:
        invoice = saved(browser.post(new(office), LINE)["Location"])
        assert b"is issued." in browser.post(f"/desk/invoices/{invoice}/issue/", follow=True).content
        assert b"Somebody else was faster" in browser.post(f"/desk/invoices/{invoice}/issue/", follow=True).content

    def test_is_discarded_without_a_number(self, office: Desk, browser: Client) -> None:
        invoice = saved(browser.post(new(office), LINE)["Location"])
        browser.post(f"/desk/invoices/{invoice}/discard/")
        with tenant.scope(office.ctx.tenant_id):
            assert invoicing.draft_ids() == []

    def test_that_is_changed_and_issued_by_one_form_is_so_once(self, office: Desk, browser: Client) -> None:
        draft = saved(browser.post(new(office), LINE)["Location"])
        edit = f"/desk/invoices/{draft}/edit/"
        form = {**sent(browser.get(edit).content.decode(), "editing"), "issue": "1"}
        answers = [browser.post(edit, form, follow=True) for _ in range(2)]
        assert [answer.redirect_chain[-1] for answer in answers] == [answers[0].redirect_chain[-1]] * 2
        assert all(b"is issued." in answer.content for answer in answers)

    def test_that_is_issued_is_edited_no_more(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(900)
        answer = browser.get(f"/desk/invoices/{invoice.id}/edit/", follow=True)
        assert b"An issued invoice is final" in answer.content


class TestTheSameForm:
    def test_sent_twice_drafts_once(self, office: Desk, browser: Client) -> None:
        form = LINE | {"idempotency_key": "one"}
        assert browser.post(new(office), form)["Location"] == browser.post(new(office), form)["Location"]

    def test_without_its_key_drafts_twice(self, office: Desk, browser: Client) -> None:
        """Planted fault: the key of the form is left away."""
        assert browser.post(new(office), LINE)["Location"] != browser.post(new(office), LINE)["Location"]
