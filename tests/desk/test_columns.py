"""A bank file in columns of its own, from the upload to the next file that is read by itself."""

import io

from django.test import Client

from bank_files import file
from desk import Desk
from kvit.banking import jobs
from kvit.base.login import Role
from receivables import every
from surfaces import SignIn

FIRST = b"Datum;Belopp;Namn\n2026-03-02;100,50;Bo\n2026-03-03;-20,00;Butik\n"
NEXT = b"Datum;Belopp;Namn\n2026-03-04;7,00;Eva\n"


def upload(browser: Client, data: bytes) -> str:
    sent = io.BytesIO(data)
    sent.name = "own.csv"
    answer = browser.post("/desk/bank/upload/", {"file": sent})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


class TestAFileInColumnsOfItsOwn:
    def test_is_read_by_the_profile_that_is_kept_and_so_is_the_next(self, office: Desk, sign_in: SignIn) -> None:
        browser = sign_in(office.ctx, role=Role.OWNER)
        address = upload(browser, FIRST)
        assert address.endswith("/columns/")
        page = browser.get(address).content.decode()
        assert "Butik" in page
        given = {
            "profile_name": "Our bank",
            "of_account": str(office.account_id),
            "date_format": "YYYY-MM-DD",
            "decimal": ",",
            "booking_date": "Datum",
            "amount": "Belopp",
            "name": "Namn",
        }
        wrong = browser.post(address, {**given, "amount": "Namn", "name": "", "do": "keep"})
        assert wrong.status_code == 422
        assert "Namn, line 2" in wrong.content.decode()
        assert every(office.ctx, "SELECT count(*) FROM banking_csvprofile") == [(0,)]
        kept = browser.post(address, {**given, "do": "keep"})
        assert kept.status_code == 302, kept.content.decode()
        (first,) = jobs.import_file(office.ctx, file(FIRST), name="own.csv").statements
        (second,) = jobs.import_file(office.ctx, file(NEXT), name="next.csv").statements
        assert (first.state, first.taken, second.state, second.taken) == ("booked", 2, "booked", 1)
        settings = browser.get("/desk/settings/accounts/").content.decode()
        assert "Our bank" in settings
