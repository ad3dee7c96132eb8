"""Statements and confirmations at the desk: made, looked at, downloaded, chased, explained."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from desk import Desk
from desk_pages import page_of
from kvit.base import tenant
from kvit.invoicing import commands, jobs, queries
from kvit.invoicing.domain.confirmations import ConfirmationState, Difference, DifferenceKind
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.events import LetterRunOpened
from receivables import new_customer

PERIOD = {"since": "2026-01-01", "until": "2026-03-01", "form": "running"}


@pytest.fixture
def owing(office: Desk) -> Desk:
    """Bo owes 900 kr since 1 February."""
    office.invoice(90_000, reference="70090")
    return office


def asked(office: Desk) -> int:
    day = office.ctx.now.date()
    return commands.ask_confirmations(
        office.ctx,
        customer_ids=(office.bo.id,),
        as_of_date=day - timedelta(days=1),
        reply_by_date=day + timedelta(days=14),
        signed_by="Anna Berg",
    ).confirmation_ids[0]


class TestAStatement:
    def test_is_made_shown_and_downloaded(self, owing: Desk, browser: Client) -> None:
        response = browser.post(f"/desk/customers/{owing.bo.id}/statements/make/", PERIOD)
        assert response.status_code == 302
        page = page_of(browser, response["Location"])
        assert "900.00 SEK" in page
        assert "Owed after" in page
        downloaded = browser.get(f"{response['Location']}csv/")
        assert "900.00" in downloaded.content.decode()
        assert browser.get(f"{response['Location']}csv/").content == downloaded.content
        assert browser.get(f"{response['Location']}xlsx/").content[:2] == b"PK"
        assert browser.get(f"{response['Location']}pdf/").status_code == 404
        assert "Statements so far" in page_of(browser, f"/desk/customers/{owing.bo.id}/statements/")

    def test_as_known_on_a_day_leaves_out_what_came_later(self, owing: Desk, browser: Client) -> None:
        known = PERIOD | {"known": "2026-01-31"}
        at = browser.post(f"/desk/customers/{owing.bo.id}/statements/make/", known)["Location"]
        assert "900.00" not in page_of(browser, at)

    def test_of_a_strange_period_says_what_is_wrong(self, owing: Desk, browser: Client) -> None:
        for period in ({"until": "2025-12-31"}, {"until": "2031-01-01"}, {"form": "x"}, {"since": ""}):
            response = browser.post(f"/desk/customers/{owing.bo.id}/statements/make/", PERIOD | period)
            assert response.status_code == 422

    def test_is_not_there_for_another_company(self, owing: Desk, browser: Client, stranger: Client) -> None:
        at = browser.post(f"/desk/customers/{owing.bo.id}/statements/make/", PERIOD)["Location"]
        for path in ("", "csv/"):
            assert stranger.get(f"{at}{path}").status_code == 404


class TestARunOfStatements:
    def test_shows_how_far_it_has_come_and_what_it_made(self, owing: Desk, browser: Client) -> None:
        new_customer(owing.ctx, "Eva")
        given = {"since": "2026-01-01", "until": "2026-03-01", "form": "open_items", "only_owing": "on"}
        at = browser.post("/desk/statements/run/", given)["Location"]
        waiting = page_of(browser, at)
        assert "0 of 2 customers" in waiting
        assert "hx-trigger" in waiting
        run_id = int(at.rstrip("/").rsplit("/", 1)[1])
        jobs.make_letters(owing.ctx, LetterRunOpened(run_id, RunKind.STATEMENTS))
        done = page_of(browser, at, HX_Request="true")
        assert "2 of 2 customers, 1 letters" in done
        assert "hx-trigger" not in done
        assert "Bo Ek" in done
        assert "Done" in page_of(browser, "/desk/statements/")


class TestAConfirmation:
    def test_is_asked_for_and_its_link_is_shown_once(self, owing: Desk, browser: Client, anonymous: Client) -> None:
        given = {"as_of": "2026-02-28", "reply_by": "2030-12-31", "signed_by": "Anna Berg"}
        at = browser.post(f"/desk/customers/{owing.bo.id}/confirmation/", given)["Location"]
        assert "Not answered" in page_of(browser, at)
        opened = browser.post(f"{at}link/").content.decode()
        found = re.search(r"/c/[A-Za-z0-9_-]{22,64}/", opened)
        assert found is not None
        assert anonymous.get(found[0]).status_code == 200
        assert found[0] not in page_of(browser, at)

    def test_that_cannot_be_says_why(self, owing: Desk, browser: Client) -> None:
        given = {"as_of": "2026-02-28", "reply_by": "2026-02-01", "signed_by": "Anna"}
        assert browser.post(f"/desk/customers/{owing.bo.id}/confirmation/", given).status_code == 422

    def test_that_differs_shows_in_what_and_is_explained(self, owing: Desk, browser: Client) -> None:
        letter = asked(owing)
        with tenant.scope(owing.ctx.tenant_id):
            row = queries.confirmation(letter)
        assert row is not None
        commands.answer_confirmation(
            owing.ctx,
            confirmation_id=letter,
            signature=commands.Signature("Bo Ek", "Owner", row.sha256),
            reply=commands.Reply((Difference(DifferenceKind.NOT_OURS, "X-17", None, 700, None, "in cash"),)),
        )
        at = f"/desk/confirmations/{letter}/"
        page = page_of(browser, at)
        assert "Not in our books" in page
        assert "907.00 SEK" in page
        assert "in cash" in page
        browser.post(f"{at}settle/", {"reason": ""})
        assert "books differ</h2>" in page_of(browser, at)
        browser.post(f"{at}settle/", {"reason": "booked on Tuesday"})
        assert "booked on Tuesday" in page_of(browser, at)

    def test_is_not_there_for_another_company(self, owing: Desk, stranger: Client) -> None:
        at = f"/desk/confirmations/{asked(owing)}/"
        assert stranger.get(at).status_code == 404
        assert [stranger.post(f"{at}{path}/").status_code for path in ("link", "settle")] == [404, 404]


class TestAYearEndRun:
    @pytest.fixture
    def run(self, owing: Desk, browser: Client) -> str:
        given = {"as_of": "2026-02-28", "reply_by": "2030-12-31", "signed_by": "Anna", "only_owing": "on"}
        at = str(browser.post("/desk/confirmations/run/", given)["Location"])
        jobs.make_letters(owing.ctx, LetterRunOpened(int(at.rstrip("/").rsplit("/", 1)[1]), RunKind.CONFIRMATIONS))
        return at

    def test_lists_who_has_not_answered(self, owing: Desk, browser: Client, run: str) -> None:
        assert "Bo Ek" in page_of(browser, f"{run}?state=open")
        assert "Bo Ek" not in page_of(browser, f"{run}?state=confirmed")
        assert "Nobody." in page_of(browser, f"{run}?state=confirmed")

    def test_reminds_them(self, owing: Desk, browser: Client, run: str) -> None:
        assert "1 customers are to be reminded." in browser.post(f"{run}chase/", follow=True).content.decode()

    def test_hands_out_links_for_mailing_that_open(self, browser: Client, anonymous: Client, run: str) -> None:
        response = browser.post(f"{run}links/")
        head, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
        assert (head[0], row[1], row[3:5]) == ("Customer", "Bo Ek", ["900.00", "SEK"])
        found = re.search(r"/c/[A-Za-z0-9_-]+/", row[5])
        assert found is not None
        assert anonymous.get(found[0]).status_code == 200


class TestTheInbox:
    def test_names_the_customer_whose_balance_differs(self, owing: Desk, browser: Client) -> None:
        from simulated_registers import work_off

        letter = asked(owing)
        commands.expire_confirmations(owing.ctx, day=owing.ctx.now.date() + timedelta(days=20))
        work_off(owing.ctx)
        page = page_of(browser, "/desk/")
        assert f"/desk/confirmations/{letter}/" in page
        assert "which confirms nothing" in page
        with tenant.scope(owing.ctx.tenant_id):
            row = queries.confirmation(letter)
        assert row is not None
        assert row.state is ConfirmationState.EXPIRED
