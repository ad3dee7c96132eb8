"""An account's chain, problems of a file, and payment files at the desk."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from bank_files import Pay, Stmt, camt, file
from desk import Desk
from kvit.banking import commands, jobs, queries
from kvit.banking.commands import PaymentFileReady
from kvit.banking.domain.payments import PaymentFileState
from kvit.base import tenant
from kvit.base.login import Role
from payment_orders import SE_IBAN
from payouts import file_of, payout
from receivables import every, open_account
from surfaces import SignIn


def take(office: Desk, *pays: Pay, opening: int = 0, number: str = "") -> int:
    data = camt(Stmt(pays, opening_minor=opening, number=number))
    return jobs.import_file(office.ctx, file(data), name=f"{number or 'bank'}.xml").statements[0].statement_id


class TestAnAccount:
    def test_says_what_is_missing_and_leaves_it_with_a_reason(self, office: Desk, browser: Client) -> None:
        one, three = take(office, Pay(100), number="13"), take(office, Pay(7), opening=350, number="15")
        address = f"/desk/bank/accounts/{office.account_id}/"
        page = browser.get(address).content.decode()
        assert "Statement 14 is missing, between" in page
        assert "One closes with" in page
        assert f'href="{address}"' in browser.get("/desk/").content.decode()
        given = {"before": one, "after": three, "reason": "the bank moved"}
        page = browser.post(f"{address}accept/", given, follow=True).content.decode()
        assert "Nothing is missing" in page
        assert "left the break before it: the bank moved" in page
        assert every(office.ctx, "SELECT state FROM work_item") == [("done",)]

    def test_is_told_why_nothing_is_accepted(self, office: Desk, browser: Client) -> None:
        address = f"/desk/bank/accounts/{office.account_id}/"
        page = browser.post(f"{address}accept/", {"before": "x", "reason": "because"}, follow=True).content.decode()
        assert "Nothing is missing here any more" in page

    def test_says_how_many_bank_days_it_is_behind(self, office: Desk, browser: Client) -> None:
        take(office, Pay(100))
        assert "behind" in browser.get(f"/desk/bank/accounts/{office.account_id}/").content.decode()

    def test_of_another_company_is_not_there(self, office: Desk, stranger: Client) -> None:
        assert stranger.get(f"/desk/bank/accounts/{office.account_id}/").status_code == 404


class TestAProblem:
    def test_is_set_aside_with_a_reason_that_stays_in_sight(self, office: Desk, browser: Client) -> None:
        take(office, Pay(100), Pay(100, currency="???"))
        with tenant.scope(office.ctx.tenant_id):
            intake = queries.intakes(limit=1)[0]
            (problem, *_) = queries.problems_of(intake.id, limit=9)
        address = f"/desk/bank/imports/{intake.id}/"
        assert f'name="problem" value="{problem.id}"' in browser.get(address).content.decode()
        page = browser.post(f"{address}set-aside/", {"reason": "x"}, follow=True).content.decode()
        assert "Choose at least one problem" in page
        given = {"problem": [problem.id], "reason": "not our money"}
        page = browser.post(f"{address}set-aside/", given, follow=True).content.decode()
        assert "set it aside: not our money" in page
        assert f'name="problem" value="{problem.id}"' not in page


class TestAReturnedPayment:
    def test_says_so_on_both_movements_and_is_offered_no_invoice(self, office: Desk, browser: Client) -> None:
        office.invoice(500)
        (paid,) = office.bank(Pay(500, end_to_end_id="E1"))
        (back,) = office.bank(Pay(-500, end_to_end_id="E1", returned="AC04"))
        ((statement_id,),) = every(office.ctx, "SELECT statement_id FROM banking_line WHERE id = %s", [back])
        commands.link_returns(office.ctx, statement_id=statement_id)
        page = browser.get(f"/desk/bank/lines/{paid}/").content.decode()
        assert "The bank took this payment back" in page
        assert "Reason: AC04." in page
        assert f"/desk/bank/lines/{back}/" in page
        assert "What does it pay?" not in page
        assert "takes an earlier payment back" in browser.get(f"/desk/bank/lines/{back}/").content.decode()
        assert browser.get("/desk/bank/lines/").content.decode().count("Came back") == 2


class TestAPaymentFile:
    @pytest.fixture
    def ready(self, office: Desk) -> PaymentFileReady:
        ctx = replace(office.ctx, actor="robot:settling")
        wanted = file_of(open_account(office.ctx, SE_IBAN, "EUR"))
        far = replace(wanted, execution_date=date(2099, 1, 5))  # the pages go by the real clock
        return commands.make_payment_file(ctx, file=far, payments=(payout(1), payout(2)))

    def state(self, office: Desk, ready: PaymentFileReady) -> PaymentFileState:
        with tenant.scope(office.ctx.tenant_id):
            found = queries.payment_file(ready.payment_file_id)
        assert found is not None
        return found.state

    def test_is_signed_by_two_and_handed_over_once(
        self, office: Desk, ready: PaymentFileReady, sign_in: SignIn
    ) -> None:
        owner, accountant = sign_in(office.ctx, role=Role.OWNER), sign_in(office.ctx, role=Role.ACCOUNTANT)
        address = f"/desk/bank/payments/{ready.payment_file_id}/"
        assert ready.message_id in owner.get("/desk/bank/payments/").content.decode()
        page = owner.post(f"{address}sign/", {"sha256": ready.sha256}, follow=True).content.decode()
        assert "somebody else must be the second" in page
        page = owner.post(f"{address}sign/", {"sha256": ready.sha256}, follow=True).content.decode()
        assert "You signed this file already" in page
        accountant.post(f"{address}sign/", {"sha256": ready.sha256})
        assert self.state(office, ready) is PaymentFileState.SIGNED
        owner.post(f"{address}take-out/")
        page = accountant.post(f"{address}take-out/", follow=True).content.decode()
        assert "Somebody else was faster" in page
        accountant.post(f"{address}handed-over/", {"outcome": "sent"})
        assert self.state(office, ready) is PaymentFileState.SENT
        answer = owner.get(f"{address}content/")
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"pain.001" in answer.content

    def test_in_doubt_is_resolved_with_who_said_so(
        self, office: Desk, ready: PaymentFileReady, sign_in: SignIn
    ) -> None:
        owner, accountant = sign_in(office.ctx, role=Role.OWNER), sign_in(office.ctx, role=Role.ACCOUNTANT)
        address = f"/desk/bank/payments/{ready.payment_file_id}/"
        for browser in (owner, accountant):
            browser.post(f"{address}sign/", {"sha256": ready.sha256})
        owner.post(f"{address}take-out/")
        owner.post(f"{address}handed-over/", {"outcome": "who knows"})
        assert self.state(office, ready) is PaymentFileState.SENDING
        owner.post(f"{address}handed-over/", {"outcome": "unknown"})
        assert "Nobody knows whether the bank has it" in owner.get(address).content.decode()
        owner.post(f"{address}resolve/", {"arrived": "yes", "reason": ""})
        assert self.state(office, ready) is PaymentFileState.UNKNOWN
        owner.post(f"{address}resolve/", {"arrived": "yes", "reason": "the bank's help desk"})
        assert self.state(office, ready) is PaymentFileState.SENT

    def test_of_other_content_is_not_signed(self, office: Desk, ready: PaymentFileReady, sign_in: SignIn) -> None:
        owner = sign_in(office.ctx, role=Role.OWNER)
        address = f"/desk/bank/payments/{ready.payment_file_id}/"
        page = owner.post(f"{address}sign/", {"sha256": "0" * 64}, follow=True).content.decode()
        assert "not the one you looked at" in page

    def test_is_shown_to_a_clerk_who_signs_nothing(
        self, office: Desk, ready: PaymentFileReady, browser: Client
    ) -> None:
        address = f"/desk/bank/payments/{ready.payment_file_id}/"
        page = browser.get(address).content.decode()
        assert "Sign it" not in page
        assert browser.post(f"{address}sign/", {"sha256": ready.sha256}).status_code == 403
        with tenant.scope(office.ctx.tenant_id):
            assert queries.payment_files()[0].signed_by == ()

    def test_is_discarded_with_a_reason(self, office: Desk, ready: PaymentFileReady, sign_in: SignIn) -> None:
        owner = sign_in(office.ctx, role=Role.OWNER)
        address = f"/desk/bank/payments/{ready.payment_file_id}/"
        owner.post(f"{address}discard/", {"reason": "wrong day"})
        assert self.state(office, ready) is PaymentFileState.DISCARDED
