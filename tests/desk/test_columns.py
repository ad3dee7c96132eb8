"""A bank file in columns of its own, from the upload to the next file that is read by itself."""

import html
import io
import re
from collections.abc import Mapping

import pytest
from django.test import Client

from bank_files import file
from desk import Desk
from kvit.banking import jobs
from kvit.base.login import Role
from kvit.formats.bank.tabular import guide
from receivables import every, open_account
from surfaces import SignIn

FIRST = b"Datum;Belopp;Namn\n2026-03-02;100,50;Bo\n2026-03-03;-20,00;Butik\n"
NEXT = b"Datum;Belopp;Namn\n2026-03-04;7,00;Eva\n"
MARKED = (
    "Datum;Belopp;Typ;Namn\n2026-03-02;100,50;Wpływ;Bo\n2026-03-03;20,00;Wydatek;Butik\n2026-03-04;5,00;Wpływ;Eva\n"
).encode()


def upload(browser: Client, data: bytes, name: str = "own.csv", **given: str) -> str:
    sent = io.BytesIO(data)
    sent.name = name
    answer = browser.post("/desk/bank/upload/", {"file": sent, **given})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def chosen(office: Desk, **given: str) -> dict[str, str]:
    """What the form of `FIRST` sends."""
    return {
        "profile_name": "Our bank",
        "of_account": str(office.account_id),
        "date_format": "YYYY-MM-DD",
        "decimal": ",",
        "sign": "minus",
        "booking_date": "Datum",
        "amount": "Belopp",
        "name": "Namn",
        **given,
    }


def keep(browser: Client, office: Desk, data: bytes = FIRST, **given: str) -> None:
    """Bring a file in, keep its profile and let it be taken in."""
    answer = browser.post(upload(browser, data), {**chosen(office, **given), "do": "keep"})
    assert answer.status_code == 302, answer.content.decode()
    jobs.import_file(office.ctx, file(data), name="own.csv")


def amounts(office: Desk) -> list[int]:
    """The amounts that are booked."""
    found = every(
        office.ctx,
        "SELECT l.amount_minor FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id"
        " WHERE s.state = 'booked' ORDER BY l.id",
    )
    return [row[0] for row in found]


def shown_amounts(page: str) -> list[str]:
    """The amounts of the preview, without what is between the figures."""
    cells = re.findall(r'<td class="num"[^>]*>(.*?)</td>', page)
    return ["".join(html.unescape(re.sub(r"<[^>]*>", "", cell)).split()) for cell in cells]


class TestAFileInColumnsOfItsOwn:
    def test_is_read_by_the_profile_that_is_kept_and_so_is_the_next(self, office: Desk, browser: Client) -> None:
        address = upload(browser, FIRST)
        assert address.endswith("/columns/")
        page = browser.get(address).content.decode()
        assert "Butik" in page
        wrong = browser.post(address, {**chosen(office, amount="Namn", name=""), "do": "keep"})
        assert wrong.status_code == 422
        assert "Namn, row 2: &#34;Bo&#34; is not an amount." in wrong.content.decode()
        assert every(office.ctx, "SELECT count(*) FROM banking_csvprofile") == [(0,)]
        kept = browser.post(address, {**chosen(office), "do": "keep"})
        assert kept.status_code == 302, kept.content.decode()
        (first,) = jobs.import_file(office.ctx, file(FIRST), name="own.csv").statements
        (second,) = jobs.import_file(office.ctx, file(NEXT), name="next.csv").statements
        assert (first.state, first.taken, second.state, second.taken) == ("booked", 2, "booked", 1)

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("en", "Namn, row 2: &#34;Bo&#34; is not an amount."),
            ("sv", "Namn, rad 2: &#34;Bo&#34; är inget belopp."),
            ("pl", "Namn, wiersz 2: &#34;Bo&#34; nie jest kwotą."),
            ("ro", "Namn, rândul 2: &#34;Bo&#34; nu este o sumă."),
        ],
    )
    def test_says_what_does_not_fit_in_the_readers_language(
        self, office: Desk, sign_in: SignIn, language: str, sentence: str
    ) -> None:
        browser = sign_in(office.ctx, language=language)
        page = browser.post(upload(browser, FIRST), chosen(office, amount="Namn", name="")).content.decode()
        assert sentence in page

    def test_has_a_part_alone_for_a_browser_that_asks_for_it(self, office: Desk, browser: Client) -> None:
        address = upload(browser, FIRST)
        part = browser.post(address, chosen(office), headers={"hx-request": "true"}).content.decode()
        assert part.lstrip().startswith('<div id="columns"')
        assert shown_amounts(part) == ["100.50SEK", "−20.00SEK"]

    def test_needs_an_account_before_it_is_kept(self, office: Desk, browser: Client) -> None:
        open_account(office.ctx, "5020-1842")
        address = upload(browser, FIRST)
        answer = browser.post(address, {**chosen(office, of_account=""), "do": "keep"})
        assert (answer.status_code, b"Say which account this file is of." in answer.content) == (422, True)

    def test_is_not_kept_with_a_column_chosen_twice(self, office: Desk, browser: Client) -> None:
        answer = browser.post(upload(browser, FIRST), {**chosen(office, text="Namn"), "do": "keep"})
        assert (answer.status_code, "is chosen for “Name of the other side” already." in answer.content.decode()) == (
            422,
            True,
        )

    def test_of_which_nothing_has_columns_is_said_to_have_none(self, office: Desk, browser: Client) -> None:
        address = upload(browser, b"hello\n", name="hello.txt")
        assert not address.endswith("columns/")
        assert "No columns were found" in browser.get(f"{address}columns/").content.decode()

    def test_is_shown_by_its_first_rows_where_it_is_large(self, office: Desk, browser: Client) -> None:
        data = b"Datum;Belopp;Namn\n" + b"".join(b"2026-03-02;1,00;Number %030d\n" % n for n in range(50_000))
        assert len(data) > 2_000_000
        address = upload(browser, data)
        assert address.endswith("/columns/")
        page = browser.get(address).content.decode()
        assert "The file is larger than what is looked at here" in page
        assert "No columns were found" not in page
        assert browser.post(address, {**chosen(office), "do": "keep"}).status_code == 302
        (taken,) = jobs.import_file(office.ctx, file(data), name="own.csv").statements
        assert (taken.state, taken.taken) == ("booked", 50_000)

    def test_cut_inside_a_row_would_be_seen(self) -> None:
        """The planted fault: half a row at the end of the head does not fit its columns."""
        data = b"Datum;Belopp;Namn\n" + b"2026-03-02;1,00;N\n" * 20_000
        found = guide.propose(data, key="own", name="own", country="SE", currency="SEK")
        assert found.profile is not None
        assert guide.preview(guide.head([data]), found.profile).is_usable
        half = guide.SAMPLE // 18 * 18 - len("1,00;N\n")
        assert not guide.preview(data[:half], found.profile).is_usable


class TestTheSign:
    @pytest.mark.parametrize(
        ("data", "given", "expected"),
        [
            (FIRST, {}, [10050, -2000]),
            (FIRST, {"sign": "plus"}, [-10050, 2000]),
            (MARKED, {"mark": "Typ"}, [10050, -2000, 500]),
            (MARKED, {"mark": "Typ", "mark_2_0": "debit", "mark_2_1": "credit"}, [-10050, 2000, -500]),
        ],
    )
    def test_is_booked_as_the_preview_shows_it(
        self, office: Desk, browser: Client, data: bytes, given: Mapping[str, str], expected: list[int]
    ) -> None:
        page = browser.post(upload(browser, data), chosen(office, **given)).content.decode()
        wanted = [f"{'−' if minor < 0 else ''}{abs(minor) / 100:.2f}SEK" for minor in expected]
        assert shown_amounts(page) == wanted
        keep(browser, office, data, **given)
        assert amounts(office) == expected

    def test_of_marks_is_proposed_from_the_data(self, office: Desk, browser: Client) -> None:
        page = browser.get(upload(browser, MARKED)).content.decode()
        assert "“Wpływ”" in page
        assert '<option value="credit" selected>money in' in page
        assert shown_amounts(page) == ["100.50SEK", "−20.00SEK", "5.00SEK"]

    def test_is_asked_for_of_a_mark_that_nobody_knows(self, office: Desk, browser: Client) -> None:
        data = MARKED.replace(b"Wydatek", b"Xyz")
        answer = browser.post(upload(browser, data), chosen(office, mark="Typ"))
        assert (answer.status_code, b"Say whether it means money in or money out." in answer.content) == (422, True)

    def test_is_not_taken_from_a_column_of_many_values(self, office: Desk, browser: Client) -> None:
        data = b"Datum;Belopp;Namn\n" + b"".join(b"2026-03-02;1,00;Number %d\n" % n for n in range(20))
        answer = browser.post(upload(browser, data), chosen(office, mark="Namn", name=""))
        assert (answer.status_code, b"too many different values" in answer.content) == (422, True)


class TestTheProfilesOfACompany:
    def test_are_listed_and_retired_by_a_clerk(self, office: Desk, browser: Client) -> None:
        keep(browser, office)
        page = browser.get("/desk/bank/profiles/").content.decode()
        assert "Our bank" in page
        (address,) = re.findall(r'action="(/desk/bank/profiles/\d+/retire/)"', page)
        assert browser.post(address).status_code == 302
        assert "Our bank" not in browser.get("/desk/bank/profiles/").content.decode()
        assert jobs.import_file(office.ctx, file(NEXT), name="next.csv").statements == ()
        assert amounts(office) == [10050, -2000]

    def test_are_shown_to_who_may_only_look(self, office: Desk, browser: Client, sign_in: SignIn) -> None:
        keep(browser, office)
        page = sign_in(office.ctx, role=Role.AUDITOR).get("/desk/bank/profiles/").content.decode()
        assert ("Our bank" in page, "/retire/" in page) == (True, False)

    def test_are_reached_from_the_bank(self, browser: Client) -> None:
        for page in ("/desk/bank/", "/desk/bank/imports/"):
            assert 'href="/desk/bank/profiles/"' in browser.get(page).content.decode()

    def test_name_the_files_that_nothing_read(self, office: Desk, browser: Client) -> None:
        address = upload(browser, FIRST)
        assert f'href="{address}"' in browser.get("/desk/bank/profiles/").content.decode()


class TestAFileOfNobodyKnowsWhichAccount:
    def second(self, office: Desk, browser: Client) -> tuple[int, str]:
        """A second account, and the address of the statement that asks."""
        second = open_account(office.ctx, "5020-1842")
        keep(browser, office)
        upload(browser, NEXT, name="next.csv")
        (asked,) = jobs.import_file(office.ctx, file(NEXT), name="next.csv").statements
        return second, f"/desk/bank/statements/{asked.statement_id}/"

    def test_asks_a_person_and_books_nothing_before(self, office: Desk, browser: Client) -> None:
        second, address = self.second(office, browser)
        page = browser.get(address).content.decode()
        assert "Which account is this file of?" in page
        assert "Eva" in page
        assert amounts(office) == [10050, -2000]
        assert browser.post(f"{address}account/", {"account": str(second)}).status_code == 302
        jobs.import_file(office.ctx, file(NEXT), name="next.csv")
        assert every(office.ctx, f"SELECT amount_minor FROM banking_line WHERE account_id = {second}") == [(700,)]

    def test_changes_nothing_while_no_account_is_chosen(self, office: Desk, browser: Client) -> None:
        _, address = self.second(office, browser)
        said = browser.post(f"{address}account/", {}, follow=True).content.decode()
        assert "The file cannot be of this account" in said
        assert "Which account is this file of?" in said

    def test_is_named_on_the_page_of_the_file(self, office: Desk, browser: Client) -> None:
        _, address = self.second(office, browser)
        ((intake,),) = every(office.ctx, "SELECT max(id) FROM banking_intake")
        page = browser.get(f"/desk/bank/imports/{intake}/").content.decode()
        assert f'href="{address}"' in page
        assert "Choose the account" in page

    def test_is_of_the_account_from_whose_page_it_comes(self, office: Desk, browser: Client) -> None:
        second = open_account(office.ctx, "5020-1842")
        keep(browser, office)
        assert (
            f'href="/desk/bank/imports/?account={second}"'
            in browser.get(f"/desk/bank/accounts/{second}/").content.decode()
        )
        page = browser.get(f"/desk/bank/imports/?account={second}").content.decode()
        assert f'name="account" value="{second}"' in page
        upload(browser, NEXT, name="next.csv", account=str(second))
        (taken,) = jobs.import_file(office.ctx, file(NEXT), name="next.csv").statements
        assert taken.state == "booked"
        assert every(office.ctx, f"SELECT amount_minor FROM banking_line WHERE account_id = {second}") == [(700,)]

    def test_is_refused_for_an_account_of_another_company(self, office: Desk, browser: Client) -> None:
        sent = io.BytesIO(NEXT)
        sent.name = "next.csv"
        answer = browser.post("/desk/bank/upload/", {"file": sent, "account": str(office.account_id + 1000)})
        assert (answer.status_code, b"There is no such account at a bank any more." in answer.content) == (422, True)
