"""Refunds at the desk: what waits to be paid back, and the payment file that two persons sign for it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from bank_files import Pay
from desk import Desk
from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.base.login import Role
from kvit.matching import commands as matching
from payment_orders import BO_IBAN
from surfaces import SignIn

TOMORROW = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
"""Pages go by the machine's clock."""


class TestRefunds:
    def asked(self, office: Desk, account: str = BO_IBAN) -> int:
        """Bo paid 400 too much."""
        (line,) = office.bank(Pay(900, account=account))
        link = office.link(line, (office.invoice(500), 500)).link_id
        return matching.ask_refund(office.ctx, link_id=link, amount_minor=400, reason="too much").refund_id

    def test_go_into_a_payment_file_that_waits_for_two_signatures(self, office: Desk, sign_in: SignIn) -> None:
        refund, browser = self.asked(office), sign_in(office.ctx, role=Role.ACCOUNTANT)
        page = browser.get("/desk/cash/refunds/").content.decode()
        assert f'name="refund" value="{refund}" checked' in page
        given = {
            "refund": str(refund),
            "account": str(office.account_id),
            "day": TOMORROW,
            "format": "pain.001.001.09",
        }
        answer = browser.post("/desk/cash/refunds/pay/", given, follow=True)
        page = answer.content.decode()
        assert "Waits for signatures" in page
        assert f"Refund {refund}" in page
        page = browser.get("/desk/cash/refunds/").content.decode()
        assert "Waits for signatures" in page
        assert 'name="refund"' not in page
        assert browser.post("/desk/cash/refunds/pay/", given).status_code == 422

    def test_without_an_account_are_paid_by_hand(self, office: Desk, sign_in: SignIn) -> None:
        refund, browser = self.asked(office, ""), sign_in(office.ctx, role=Role.ACCOUNTANT)
        page = browser.get("/desk/cash/refunds/").content.decode()
        assert "The bank did not say from which account it came" in page
        given = {
            "refund": str(refund),
            "account": str(office.account_id),
            "day": TOMORROW,
            "format": "pain.001.001.09",
        }
        answer = browser.post("/desk/cash/refunds/pay/", given)
        assert answer.status_code == 422
        assert "No payment file can pay this back" in answer.content.decode()

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"refund": "x"}, "Tick what is to be paid back."),
            ({"day": "2026-03-02"}, "The earliest day is"),
            ({"format": "lb"}, "This cannot be written into a file for the bank"),
        ],
    )
    def test_are_refused_with_what_is_wrong(
        self, office: Desk, sign_in: SignIn, changed: dict[str, str], said: str
    ) -> None:
        refund, browser = self.asked(office), sign_in(office.ctx, role=Role.OWNER)
        given = {"refund": str(refund), "account": str(office.account_id), "day": TOMORROW}
        answer = browser.post("/desk/cash/refunds/pay/", {**given, "format": "pain.001.001.09", **changed})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        with tenant.scope(office.ctx.tenant_id):
            assert banking.payment_files() == ()

    def test_are_seen_but_not_paid_by_a_clerk(self, office: Desk, browser: Client) -> None:
        self.asked(office)
        page = browser.get("/desk/cash/refunds/").content.decode()
        assert "An owner, a manager or an accountant puts them into a payment file." in page
        assert browser.post("/desk/cash/refunds/pay/", {}).status_code == 403
