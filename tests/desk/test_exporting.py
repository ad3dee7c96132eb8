"""Books out at the desk: seen before it is taken, taken once, answered by the accountant."""

import pytest
from django.test import Client

from desk import Desk
from desk_pages import page_of
from kvit.base.login import Role
from kvit.ledger import jobs
from surfaces import SignIn

PERIOD = "since=2026-02-01&until=2026-02-28"
FORM = {"since": "2026-02-01", "until": "2026-02-28", "formats": ["csv", "sie4"]}


@pytest.fixture
def owing(office: Desk) -> Desk:
    office.invoice(90_000, reference="70090")
    return office


def exported(office: Desk, browser: Client) -> str:
    at = str(browser.post("/desk/books/new/", FORM)["Location"])
    jobs.make(office.ctx, int(at.rstrip("/").rsplit("/", 1)[1]), 1)
    return at


class TestANewExport:
    def test_shows_what_it_would_hold_and_takes_nothing(self, owing: Desk, browser: Client) -> None:
        for _ in range(2):
            page = page_of(browser, f"/desk/books/new/?{PERIOD}")
            assert "Trade receivables" in page
            assert "1510" in page
            assert "900.00 SEK" in page
        assert "Nothing was exported yet" in page_of(browser, "/desk/books/")

    def test_is_made_and_downloaded_the_same_again(self, owing: Desk, browser: Client) -> None:
        at = str(browser.post("/desk/books/new/", FORM)["Location"])
        assert "hx-trigger" in page_of(browser, at)
        jobs.make(owing.ctx, int(at.rstrip("/").rsplit("/", 1)[1]), 1)
        page = page_of(browser, at)
        assert "hx-trigger" not in page
        addresses = {part.split('"')[0] for part in page.split('href="')[1:] if "/files/" in part.split('"')[0]}
        assert len(addresses) == 2
        for address in addresses:
            first, again = (b"".join(browser.get(address).streaming_content) for _ in range(2))  # type: ignore[attr-defined]
            assert first == again
            assert first.startswith(("\ufeffentry".encode(), b"#FLAGGA"))
        assert "Nothing is left to be exported" in page_of(browser, f"/desk/books/new/?{PERIOD}")

    def test_is_refused_without_a_format_and_a_second_time(self, owing: Desk, browser: Client) -> None:
        assert browser.post("/desk/books/new/", FORM | {"formats": []}).status_code == 422
        exported(owing, browser)
        response = browser.post("/desk/books/new/", FORM)
        assert response.status_code == 422
        assert "exported before" in response.content.decode()

    @pytest.mark.parametrize("query", ["since=2026-02-28&until=2026-02-01", "since=x&until=y", "since="])
    def test_of_no_period_says_so(self, owing: Desk, browser: Client, query: str) -> None:
        assert browser.get(f"/desk/books/new/?{query}").status_code == 422

    def test_is_not_there_for_another_company(self, owing: Desk, browser: Client, stranger: Client) -> None:
        at = exported(owing, browser)
        assert stranger.get(at).status_code == 404
        assert stranger.post(f"{at}answer/", {"by": "Cilla", "outcome": "acknowledged"}).status_code == 404


class TestTheAccountantsAnswer:
    def test_is_shown_at_the_export_and_at_each_entry(self, owing: Desk, browser: Client) -> None:
        invoice = owing.invoice(5_000)
        assert "Not exported" in page_of(browser, f"/desk/ledger/invoice/{invoice.id}/")
        at = exported(owing, browser)
        assert "Not acknowledged" in page_of(browser, f"/desk/ledger/invoice/{invoice.id}/")
        browser.post(f"{at}deliver/")
        assert "Handed over" in page_of(browser, at)
        browser.post(f"{at}answer/", {"by": "Ewa", "answer": "A17", "outcome": "acknowledged"})
        assert "Ewa: A17" in page_of(browser, at)
        assert ">Acknowledged" in page_of(browser, f"/desk/ledger/invoice/{invoice.id}/")

    def test_that_refuses_leads_to_new_files(self, owing: Desk, browser: Client, sign_in: SignIn) -> None:
        at = exported(owing, browser)
        browser.post(f"{at}answer/", {"by": "Ewa", "answer": "sales is 3041", "outcome": "refused"})
        assert "Make the files anew" in page_of(browser, at)
        owner = sign_in(owing.ctx, role=Role.OWNER)
        chart = owner.get("/desk/books/chart/").content.decode()
        name = chart.split('value="3001"')[0].rsplit('name="', 1)[1].split('"')[0]
        account = name.removeprefix("number-")
        assert owner.post("/desk/books/chart/change/", {name: "30 41", f"name-{account}": "x"}).status_code == 422
        owner.post("/desk/books/chart/change/", {name: "3041", f"name-{account}": "Tjänster"})
        browser.post(f"{at}remake/")
        jobs.make(owing.ctx, int(at.rstrip("/").rsplit("/", 1)[1]), 2)
        page = page_of(browser, at)
        assert "-v2.csv" in page
        assert "replaced by a later one" in page

    def test_without_a_name_is_refused_in_words(self, owing: Desk, browser: Client) -> None:
        at = exported(owing, browser)
        page = browser.post(f"{at}answer/", {"by": "", "outcome": "acknowledged"}, follow=True).content.decode()
        assert "an answer says who gave it" in page


class TestTheChart:
    def test_is_changed_by_who_runs_the_company_only(self, owing: Desk, browser: Client) -> None:
        assert browser.get("/desk/books/chart/").status_code == 200
        assert browser.post("/desk/books/chart/change/").status_code == 403
