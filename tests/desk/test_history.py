"""A firm's own history at the desk: brought in, read about, used and taken back."""

import io

import pytest
from django.test import Client

import past
from cast import keyed
from desk import Desk
from kvit.base import tenant
from kvit.base.login import Role
from kvit.formats.books import link_history
from kvit.matching import commands, jobs, queries
from kvit.matching.domain import Mode, RobotRule
from kvit.matching.events import HistoryGiven
from surfaces import SignIn

PAGE = "/desk/settings/matching/history/"


def upload(content: bytes, name: str = "history.csv") -> dict[str, io.BytesIO]:
    file = io.BytesIO(content)
    file.name = name
    return {"file": file}


@pytest.fixture
def owner(office: Desk, sign_in: SignIn) -> Client:
    """An owner of Anna's company."""
    return sign_in(office.ctx, role=Role.OWNER)


class TestBringingOneIn:
    def test_keeps_it_and_says_that_it_is_being_tried(self, office: Desk, owner: Client) -> None:
        said = owner.post(f"{PAGE}bring/", upload(b"\xff"), follow=True).content.decode()
        assert "The history is being tried." in said
        with tenant.scope(office.ctx.tenant_id):
            (history,) = queries.histories()
        assert (history.name, history.currency, history.report) == ("history.csv", "SEK", None)
        jobs.try_history(keyed(office.ctx, "try"), HistoryGiven(history.id))
        page = owner.get(f"{PAGE}{history.id}/").content.decode()
        assert "The file could not be read" in page
        assert "The file is not UTF-8" in page
        assert "byte 0" in page
        assert "Could not be read" in owner.get(PAGE).content.decode()

    def test_says_which_line_and_column_is_wrong(self, office: Desk, owner: Client) -> None:
        owner.post(f"{PAGE}bring/", upload(past.csv(["31.3.2025;ten;;;;;K1;;F1;1;;;;"])))
        with tenant.scope(office.ctx.tenant_id):
            (history,) = queries.histories()
        jobs.try_history(keyed(office.ctx, "try"), HistoryGiven(history.id))
        page = owner.get(f"{PAGE}{history.id}/").content.decode()
        assert "line 2, amount" in page
        assert "ten is not an amount in SEK." in page
        assert "line 2, payment_date" in page

    def test_is_refused_without_a_file_or_with_one_too_large(
        self, owner: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert owner.post(f"{PAGE}bring/").status_code == 422
        monkeypatch.setattr(link_history, "MAX_BYTES", 3)
        refused = owner.post(f"{PAGE}bring/", upload(b"more"))
        assert refused.status_code == 422
        assert "The file is too large" in refused.content.decode()

    def test_is_for_who_runs_the_company(self, browser: Client) -> None:
        assert browser.post(f"{PAGE}bring/", upload(b"x")).status_code == 403


class TestTheReport:
    def test_says_what_the_robot_would_have_done_and_where_it_would_have_been_wrong(
        self, office: Desk, browser: Client
    ) -> None:
        history = past.reported(office.ctx)
        page = browser.get(f"{PAGE}{history}/").content.decode()
        for text in ("96.875", "F2025-000012", "F2025-000044", "name equal", "3 invoices have no dates", "2025-02"):
            assert text in page
        assert "Calibrate on it" not in page  # a clerk does not run the company
        assert past.REPORT.cases[0].line == 17
        assert ">17<" in page
        assert browser.get(f"{PAGE}{history}/", headers={"HX-Request": "true"}).content.decode().startswith("<div")

    def test_says_what_comes_next_by_the_mode(self, office: Desk, browser: Client) -> None:
        history = past.reported(office.ctx)
        assert "First let it only say" not in browser.get(f"{PAGE}{history}/").content.decode()
        commands.set_rule(office.ctx, rule=RobotRule(mode=Mode.SHADOW), reason="first only looks")
        assert "First let it only say" in browser.get(f"{PAGE}{history}/").content.decode()

    def test_is_not_there_for_others(self, office: Desk, stranger: Client) -> None:
        assert stranger.get(f"{PAGE}{past.reported(office.ctx)}/").status_code == 404


class TestUsingIt:
    def test_calibrates_and_is_taken_back(self, office: Desk, owner: Client) -> None:
        history = past.reported(office.ctx)
        assert "Calibrate on it" in owner.get(f"{PAGE}{history}/").content.decode()
        said = owner.post(f"{PAGE}{history}/use/", follow=True).content.decode()
        assert "The robot is calibrated on this history." in said
        settings = owner.get("/desk/settings/matching/").content.decode()
        assert "Calibrated on payments from" in settings
        said = owner.post("/desk/settings/matching/shipped/", {"reason": "another bank"}, follow=True)
        assert "as much as it was shipped to" in said.content.decode()
        assert "Calibrated on payments from" not in owner.get("/desk/settings/matching/").content.decode()
        again = owner.post("/desk/settings/matching/shipped/", {"reason": "again"}, follow=True).content.decode()
        assert "shipped to already" in again
