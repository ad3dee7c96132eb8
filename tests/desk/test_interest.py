"""Interest on a late invoice at the desk: seen before it is asked for, with each rate's source; then drafted once."""

from datetime import date, timedelta

import pytest
from django.test import Client

from bank_files import Pay
from desk import Desk
from drafted import TODAY, saved
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import queries
from kvit.invoicing.domain import Kind
from kvit.kernel import late_interest
from kvit.kernel.late_interest import Bank
from surfaces import SignIn

UNTIL = {"through": "2026-03-31", "flat": "on"}


@pytest.fixture
def where(office: Desk) -> str:
    """1 000 kronor of Bo, due on 3 March 2026: late from the 4th."""
    return f"/desk/invoices/{office.invoice(100_000).id}/interest/"


class TestTheDayItIsLate:
    def test_the_invoice_leads_there(self, office: Desk, browser: Client, where: str) -> None:
        assert where in browser.get(where.removesuffix("interest/")).content.decode()

    def test_one_that_was_paid_late_leads_there_too_and_one_in_time_does_not(
        self, office: Desk, browser: Client
    ) -> None:
        late, early = office.invoice(5_000), office.invoice(7_000)
        paid_late, paid_early = office.bank(Pay(5_000, day=date(2026, 3, 20)), Pay(7_000, day=date(2026, 2, 10)))
        office.link(paid_late, (late, 5_000))
        office.link(paid_early, (early, 7_000))
        assert "Interest note" in browser.get(f"/desk/invoices/{late.id}/").content.decode()
        assert "Interest note" not in browser.get(f"/desk/invoices/{early.id}/").content.decode()


class TestWhatWouldBeCharged:
    def test_is_shown_with_each_rate_and_its_source(self, browser: Client, where: str) -> None:
        """Riksbanken's 2 % and 8 points, for 28 days: 1 000 x 10 % x 28 / 365 = 7.67."""
        page = browser.post(where, UNTIL | {"look": "1"}).content.decode()
        text = page_of_text(page)
        for shown in ("7.67", "28 days", "10%", "Riksbanken 2% on 1 Jan 2026, and 8 points", "räntelagen", "30 Jun"):
            assert shown in text
        assert "not verified" not in text
        assert "A consumer owes no flat sum." in text

    def test_says_which_rate_is_newer_than_the_last_check(self, browser: Client, where: str) -> None:
        text = page_of_text(browser.post(where, UNTIL | {"through": "2026-07-10", "look": "1"}).content.decode())
        assert text.count("not verified") == 1
        assert "A rate used here is newer than our last check of the law." in text

    def test_until_today_is_what_it_opens_with(self, browser: Client, where: str) -> None:
        assert f'value="{TODAY.isoformat()}"' in browser.get(where).content.decode()

    @pytest.mark.parametrize(
        ("through", "said"),
        [("2026-03-03", "bears no interest for these days"), ("", "This field is required"), ("x", "valid date")],
    )
    def test_is_nothing_where_there_is_none(self, browser: Client, where: str, through: str, said: str) -> None:
        text = page_of_text(browser.post(where, UNTIL | {"through": through, "draft": "1"}).content.decode())
        assert said in text
        assert "Draft the note" not in text

    def test_is_refused_in_words_where_the_table_gives_no_rate(
        self, browser: Client, where: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(late_interest.REFERENCE, Bank.RIKSBANK, ())
        text = page_of_text(browser.post(where, UNTIL | {"look": "1"}).content.decode())
        assert "Nothing can be charged" in text
        assert "The rate of interest for late payment of that day is not known here." in text


class TestTheNote:
    def test_is_drafted_and_opened_and_asks_for_the_same_days_once(
        self, office: Desk, browser: Client, where: str
    ) -> None:
        answer = browser.post(where, UNTIL | {"draft": "1"})
        assert answer.status_code == 302
        with tenant.scope(office.ctx.tenant_id):
            found = queries.document(saved(answer["Location"]))
        assert found is not None
        assert (found.row.kind, found.row.state, found.row.gross_minor) == (Kind.FEE_NOTE, "draft", 767)
        again = browser.post(where, UNTIL | {"draft": "1"})
        assert again.status_code == 422
        text = page_of_text(again.content.decode())
        assert "all of it was asked for already" in text
        assert "Asked for before" in text
        later = page_of_text(browser.post(where, UNTIL | {"through": "2026-04-10", "look": "1"}).content.decode())
        assert "10 days" in later

    def test_is_of_ones_own_issued_invoices(self, office: Desk, browser: Client, stranger: Client, where: str) -> None:
        assert stranger.get(where).status_code == 404
        assert stranger.post(where, UNTIL | {"draft": "1"}).status_code == 404
        assert browser.get("/desk/invoices/1/interest/").status_code == 404

    def test_is_not_for_who_only_looks(self, office: Desk, where: str, sign_in: SignIn) -> None:
        from kvit.base import login

        auditor = sign_in(office.ctx, role=login.Role.AUDITOR)
        assert auditor.post(where, UNTIL | {"draft": "1"}).status_code == 403


class TestTheFlatSum:
    """A Polish business owes 70 euro beside interest, in złoty by the NBP's rate of 28 February 2025."""

    @pytest.fixture
    def warsaw(self, anna: Ctx, sign_in: SignIn) -> tuple[Client, str]:
        from invoicing.issued_cases import open_firm

        firm = open_firm(anna, "PL")
        invoice_id = firm.issue(firm.line("10000", rate="0"), terms_days=30, on=date(2025, 3, 1))
        return sign_in(anna), f"/desk/invoices/{invoice_id}/interest/"

    UNTIL = UNTIL | {"through": "2025-05-30"}

    def test_needs_a_rate_which_can_be_written_down(self, warsaw: tuple[Client, str]) -> None:
        browser, where = warsaw
        text = page_of_text(browser.post(where, self.UNTIL | {"draft": "1"}).content.decode())
        assert "The flat sum of 70.00 EUR needs an exchange rate" in text.replace("€70.00", "70.00 EUR")
        rate = self.UNTIL | {"keep_rate": "1", "rate": "4,1575", "source": "NBP"}
        wrong = browser.post(where, rate | {"rate_date": "2025-03-14"})
        assert wrong.status_code == 422
        assert "another day" in page_of_text(wrong.content.decode())
        text = page_of_text(browser.post(where, rate | {"rate_date": "2025-02-28"}).content.decode())
        assert "291.03" in text
        assert "258.90" in text
        assert "549.93" in text
        assert browser.post(where, self.UNTIL | {"draft": "1"}).status_code == 302

    def test_can_be_left_out_and_the_rule_be_another(self, warsaw: tuple[Client, str]) -> None:
        browser, where = warsaw
        form = {"through": "2025-05-30", "regime": "PL_B2B_MEDICAL"}
        text = page_of_text(browser.post(where, form | {"look": "1"}).content.decode())
        assert "13.75%" in text
        assert "Flat sum" not in text
        assert browser.post(where, form | {"draft": "1"}).status_code == 302
        odd = browser.post(where, form | {"regime": "SE_6", "look": "1"})
        assert "the law&#39;s table gives none" in odd.content.decode()


def page_of_text(page: str) -> str:
    """The page as text, without tags inside of amounts."""
    import re

    page = page.replace("\u00a0", " ").replace("&nbsp;", " ").replace("\u202f", " ")
    return re.sub(r'<span class="(money|cents|currency)">|</span>|<time[^>]*>|</time>', "", page)


def test_the_days_of_this_file_have_passed() -> None:
    """The browser's today is the machine's: what is late here must be so."""
    assert date(2026, 4, 10) + timedelta(days=1) < TODAY
