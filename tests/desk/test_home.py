"""Home: what needs a person, with the reason in words; what the robot did; work put off, taken, set aside."""

from django.test import Client

from bank_files import Pay
from desk import Desk
from kvit.base.login import Role
from surfaces import SignIn


class TestHome:
    def test_says_what_waits_and_why(self, office: Desk, browser: Client) -> None:
        office.match(office.bank(Pay(700, "99999", name="Bo Ek")))
        page = browser.get("/desk/").content.decode()
        assert "Bo Ek" in page
        assert "No invoice carries the reference of the payment." in page

    def test_says_it_in_the_language_of_the_reader(self, office: Desk, sign_in: SignIn) -> None:
        office.match(office.bank(Pay(700, "99999", name="Bo Ek")))
        page = sign_in(office.ctx, language="sv").get("/desk/").content.decode()
        assert '<html lang="sv"' in page
        assert "7,00" in page.replace('<span class="cents">', "").replace("</span>", "")

    def test_shows_what_the_robot_linked_and_why(self, office: Desk, browser: Client) -> None:
        office.invoice(900, reference="70009")
        office.match(office.bank(Pay(900, "70009")))
        page = browser.get("/desk/").content.decode()
        assert "reference equal, amount equal" in page

    def test_shows_what_is_open_and_overdue(self, office: Desk, browser: Client) -> None:
        office.invoice(123400)
        page = browser.get("/desk/").content.decode()
        assert page.count("1,234") == 2
        assert "1 invoice" in page

    def test_has_a_next_step_where_nothing_waits(self, browser: Client) -> None:
        assert b"Nothing waits for a person" in browser.get("/desk/").content

    def test_of_another_company_shows_nothing_of_this_one(self, office: Desk, stranger: Client) -> None:
        office.match(office.bank(Pay(700, "99999", name="Secret Bo")))
        assert b"Secret Bo" not in stranger.get("/desk/").content


class TestAnItem:
    def waits(self, office: Desk) -> tuple[int, int]:
        (line,) = office.bank(Pay(700, "99999"))
        office.match([line])
        return line, office.waits(line)[0].id

    def test_put_off_comes_back_by_itself(self, office: Desk, browser: Client) -> None:
        _line, item = self.waits(office)
        assert browser.post(f"/desk/work/{item}/put-off/", {"days": "7"}).status_code == 302
        assert b"Nothing waits for a person" in browser.get("/desk/").content

    def test_taken_stands_on_the_list_of_who_took_it(self, office: Desk, browser: Client) -> None:
        _line, item = self.waits(office)
        me = browser.session["_auth_user_id"]
        browser.post(f"/desk/work/{item}/assign/", {"user": me})
        assert b"With Anna Berg" in browser.get("/desk/?whose=mine").content

    def test_set_aside_needs_a_reason(self, office: Desk, browser: Client) -> None:
        line, item = self.waits(office)
        answer = browser.post(f"/desk/work/{item}/drop/", {"reason": " "}, follow=True)
        assert b"This cannot wait for a person" in answer.content
        assert office.waits(line)
        browser.post(f"/desk/work/{item}/drop/", {"reason": "a refund of ours"})
        assert not office.waits(line)

    def test_is_not_touched_by_who_only_looks_on(self, office: Desk, sign_in: SignIn) -> None:
        line, item = self.waits(office)
        auditor = sign_in(office.ctx, role=Role.AUDITOR)
        assert auditor.post(f"/desk/work/{item}/drop/", {"reason": "x"}).status_code == 403
        assert office.waits(line)
        assert b"Set aside" not in auditor.get(f"/desk/bank/lines/{line}/").content
