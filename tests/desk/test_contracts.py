"""Contracts at the desk: a new one, its next invoices, notice, index, and the drafts of what is due."""

from datetime import timedelta

import pytest
from django.test import Client

from desk import Desk
from drafted import LINE, TODAY, plain
from kvit.base import tenant
from kvit.invoicing import queries

START = TODAY.replace(day=1)
FORM = LINE | {
    "currency": "SEK",
    "number": "C-1",
    "start_date": START.isoformat(),
    "every_months": "1",
    "notice_days": "30",
    "when": "first",
}


def sign(browser: Client, office: Desk, **changed: str) -> str:
    """The address of a new contract."""
    answer = browser.post(f"/desk/customers/{office.bo.id}/contracts/new/", FORM | changed)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


class TestTheList:
    def test_says_what_to_do_where_nothing_is(self, browser: Client) -> None:
        assert b"No contracts yet" in browser.get("/desk/contracts/").content

    def test_shows_what_each_asks_for_next(self, office: Desk, browser: Client) -> None:
        sign(browser, office)
        page = plain(browser.get("/desk/contracts/").content.decode())
        for shown in ("C-1", "Bo Ek", "every month", "3,598.50", "Due now", "Draft what 1 contract asks for"):
            assert shown in page

    def test_of_another_company_is_its_own(self, office: Desk, browser: Client, stranger: Client) -> None:
        where = sign(browser, office)
        assert b"No contracts yet" in stranger.get("/desk/contracts/").content
        assert stranger.get(where).status_code == 404


class TestAContract:
    def test_shows_its_next_invoices_and_drafts_what_is_due_once(self, office: Desk, browser: Client) -> None:
        where = sign(browser, office)
        page = plain(browser.get(where).content.decode())
        assert page.count("4,498.13") == 6
        contract = where.rstrip("/").rpartition("/")[2]
        answer = browser.post("/desk/contracts/due/", {"contract": contract}, follow=True)
        assert b"1 invoice is drafted." in answer.content
        again = browser.post("/desk/contracts/due/", {"contract": contract}, follow=True)
        assert b"Nothing is due today." in again.content
        assert "Due now" not in browser.get(where).content.decode()
        with tenant.scope(office.ctx.tenant_id):
            assert len(queries.draft_ids()) == 1

    def test_ends_with_notice_which_leaves_its_time(self, office: Desk, browser: Client) -> None:
        where = sign(browser, office)
        early = {"given_date": TODAY.isoformat(), "end_date": (TODAY + timedelta(days=29)).isoformat()}
        answer = browser.post(f"{where}notice/", early)
        assert answer.status_code == 422
        assert b"look at its number, its notice and its periods" in answer.content
        fine = early | {"end_date": (TODAY + timedelta(days=30)).isoformat()}
        assert b"The contract ends on" in browser.post(f"{where}notice/", fine, follow=True).content

    def test_is_dearer_by_its_index(self, office: Desk, browser: Client) -> None:
        where = sign(browser, office)
        form = {"from_date": START.isoformat(), "percent": "10", "reason": "KPI"}
        page = plain(browser.post(f"{where}prices/", form, follow=True).content.decode())
        assert "KPI" in page
        assert "3,958.35" in page  # 3 x 1 319.45
        assert browser.post(f"{where}prices/", form).status_code == 422
        assert browser.post(f"{where}prices/", {"percent": "much"}).status_code == 422

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"number": ""}, "This field is required"),
            ({"end_date": "2020-01-01"}, "an end that is not before its start"),
            ({"every_months": "0"}, "greater than or equal to 1"),
            ({"lines-0-description": ""}, "Say what is invoiced."),
        ],
    )
    def test_that_cannot_be_is_refused_and_nothing_is_lost(
        self, office: Desk, browser: Client, changed: dict[str, str], said: str
    ) -> None:
        answer = browser.post(f"/desk/customers/{office.bo.id}/contracts/new/", FORM | changed)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert 'value="1 199,50"' in answer.content.decode()

    def test_number_is_taken_once(self, office: Desk, browser: Client) -> None:
        sign(browser, office)
        assert browser.post(f"/desk/customers/{office.bo.id}/contracts/new/", FORM).status_code == 422
