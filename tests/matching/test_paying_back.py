"""Refunds through payment files: made, signed, sent, paid, rejected, and everything that must not happen meanwhile."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from bank_files import Pay
from desk import Desk
from kvit.banking import commands as bank
from kvit.banking import queries as banking
from kvit.banking.commands import AlreadyBeingPaid, PaymentAnswer, PaymentFileReady
from kvit.banking.domain.payments import PaymentState, SendingOutcome
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.formats.bank.pain import order, order_reader
from kvit.ledger import queries as ledger
from kvit.matching import commands, queries
from kvit.matching.commands import PayFrom, refunding
from kvit.matching.domain import UndoneAs
from kvit.matching.domain.paying_back import SCHEMES, ksef_of, payee_account, words_for
from kvit.parties.domain.register import Language
from payment_orders import BO_IBAN
from payouts import content, signed
from receivables import books, every, problems
from tables import run_twice

TOMORROW = date(2026, 3, 3)


class TestThePayersAccount:
    @pytest.mark.parametrize(
        ("written", "currency", "named"),
        [
            ("SE45 5000 0000 0583 9825 7466", "SEK", order.Iban("SE4550000000058398257466")),
            ("61109010140000071219812874", "PLN", order.Iban("PL61109010140000071219812874")),
            ("61109010140000071219812874", "EUR", None),
            ("991-2346", "SEK", order.Bankgiro("9912346")),
            ("991-2346", "EUR", None),
            ("991-2347", "SEK", None),
            ("8327-9 123 456 789", "SEK", None),
            ("SE4550000000058398257467", "SEK", None),
            ("", "SEK", None),
        ],
    )
    def test_is_named_where_it_is_certain(self, written: str, currency: str, named: order.Account | None) -> None:
        assert payee_account(written, currency) == named

    def test_is_paid_by_the_rules_of_its_currency_in_the_payers_language(self) -> None:
        assert [ksef_of(SCHEMES[c]) for c in ("SEK", "PLN")] == [None, order.KsefExemption.NO_INVOICE]
        assert {words_for(each, "70010") for each in Language} == {
            "Refund 70010",
            "Zwrot 70010",
            "Återbetalning 70010",
            "Rambursare 70010",
        }


@dataclass(frozen=True)
class Case:
    """Somebody paid 500 too much, and it is to go back."""

    desk: Desk
    link: int
    refund: int

    def file(self, ctx: Ctx | None = None) -> PaymentFileReady:
        """The refund in a file of tomorrow."""
        return commands.pay_refunds(
            ctx or self.desk.ctx, refund_ids=(self.refund,), pay_from=PayFrom(self.desk.account_id, TOMORROW)
        )

    def at_the_bank(self) -> PaymentFileReady:
        """Signed by two and handed over."""
        ready = signed(self.desk.ctx, self.file())
        anna = replace(self.desk.ctx, actor="user:anna", key=None)
        bank.begin_sending(anna, payment_file_id=ready.payment_file_id)
        bank.record_sending(
            anna, payment_file_id=ready.payment_file_id, outcome=SendingOutcome.SENT, evidence="uploaded"
        )
        return ready

    def number(self, ready: PaymentFileReady) -> str:
        """What the bank calls the payment."""
        with tenant.scope(self.desk.ctx.tenant_id):
            return banking.payments_of(ready.payment_file_id)[0].end_to_end_id

    def waits(self) -> list[str]:
        """Why the refund waits for a person."""
        found = every(
            self.desk.ctx,
            "SELECT reason_code FROM work_item WHERE subject_kind = 'refund' AND state IN ('open', 'snoozed')",
        )
        return [row[0] for row in found]

    def asked(self) -> list[int]:
        with tenant.scope(self.desk.ctx.tenant_id):
            return [one.id for one in queries.refunds_asked()]


@pytest.fixture
def case(desk: Desk) -> Case:
    """Bo paid from a known account."""
    return too_much(desk, BO_IBAN)


def owed(desk: Desk) -> int:
    """What Bo owes in all; below zero is his."""
    with tenant.scope(desk.ctx.tenant_id):
        items = ledger.open_items(desk.bo.party_id)
    return sum(item.open_minor if item.side == "debit" else -item.open_minor for item in items)


def too_much(desk: Desk, account: str) -> Case:
    invoice = desk.invoice(1000)
    (paid,) = desk.bank(Pay(1500, "4711", account=account))
    link = desk.link(paid, (invoice, 1000)).link_id
    asked = commands.ask_refund(desk.ctx, link_id=link, amount_minor=500, reason="paid too much")
    return Case(desk, link, asked.refund_id)


class TestARefundInAPaymentFile:
    def test_names_payer_account_and_payment_and_books_nothing(self, case: Case) -> None:
        entries = every(case.desk.ctx, "SELECT count(*) FROM ledger_entry")
        ready = run_twice(
            commands.pay_refunds,
            case.desk.ctx,
            refund_ids=(case.refund,),
            pay_from=PayFrom(case.desk.account_id, TOMORROW),
        )
        read = order_reader.read_transfers(content(case.desk.ctx, ready.sha256))
        (transfer,) = read.records[0].batches[0].transfers
        assert (transfer.creditor.name, transfer.account) == ("Bo Ek", order.Iban(BO_IBAN))
        assert (transfer.amount.minor, transfer.remittance) == (500, order.Message("Refund 4711"))
        assert every(case.desk.ctx, "SELECT count(*) FROM ledger_entry") == entries
        assert (case.waits(), case.asked()) == ([], [case.refund])
        assert problems(case.desk.ctx) == ()

    def test_is_in_no_second_one(self, case: Case) -> None:
        case.file()
        with pytest.raises(AlreadyBeingPaid):
            case.file()

    def test_is_neither_withdrawn_nor_undone_until_the_file_is_discarded(self, case: Case) -> None:
        ready = case.file()
        with pytest.raises(commands.RefundBeingPaid):
            commands.withdraw_refund(case.desk.ctx, refund_id=case.refund, reason="keeps it")
        with pytest.raises(commands.RefundBeingPaid):
            case.desk.undo(case.link)
        bank.discard_payment_file(case.desk.ctx, payment_file_id=ready.payment_file_id, reason="not now")
        assert commands.reopen_refunds(case.desk.ctx, payment_file_id=ready.payment_file_id).count == 1
        assert case.waits() == ["matching.refund_not_sent"]
        commands.withdraw_refund(case.desk.ctx, refund_id=case.refund, reason="keeps it")
        assert case.waits() == []

    def test_would_be_paid_though_its_payment_is_undone_without_that_guard(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: nobody asks whether a file pays it."""
        ready = signed(case.desk.ctx, case.file())
        monkeypatch.setattr(refunding, "_require_not_being_paid", lambda _: None)
        case.desk.undo(case.link)
        anna = replace(case.desk.ctx, actor="user:anna", key=None)
        assert bank.begin_sending(anna, payment_file_id=ready.payment_file_id)
        assert case.asked() == []

    def test_of_a_payment_that_the_bank_took_back_asks_to_stop_the_file(self, case: Case) -> None:
        case.file()
        commands.undo_link(
            case.desk.ctx, link_id=case.link, reason="bounced", on_date=TOMORROW, undone_as=UndoneAs.RETURNED
        )
        assert case.waits() == ["matching.refund_of_returned"]
        assert problems(case.desk.ctx) == ()


class TestARefundAtTheBank:
    def test_is_settled_by_the_line_that_names_its_number_and_undone_exactly(self, case: Case) -> None:
        number = case.number(case.at_the_bank())
        (out,) = case.desk.bank(Pay(-500, name="Bo Ek", end_to_end_id=number))
        before = books(case.desk.ctx)
        (link,) = commands.settle_refunds(case.desk.ctx, line_ids=(out,)).link_ids
        (row,) = case.desk.links(out)
        assert (row.id, row.by_robot, row.evidence_code) == (link, True, "own_payment")
        assert (case.asked(), case.desk.advance(), problems(case.desk.ctx)) == ([], 0, ())
        case.desk.undo(link)
        assert books(case.desk.ctx) == before
        assert case.asked() == [case.refund]

    def test_leaves_the_customer_owing_it_while_its_payment_is_not_linked(self, case: Case) -> None:
        number = case.number(case.at_the_bank())
        (out,) = case.desk.bank(Pay(-500, name="Bo Ek", end_to_end_id=number))
        commands.settle_refunds(case.desk.ctx, line_ids=(out,))
        before = owed(case.desk)
        line = case.desk.undo(case.link).line_id
        assert (before, owed(case.desk), problems(case.desk.ctx)) == (0, 1500, ())
        terms = commands.Terms(advance_party_id=case.desk.bo.party_id)
        commands.link_payment(case.desk.ctx, line_id=line, targets=(), terms=terms)
        assert (owed(case.desk), problems(case.desk.ctx)) == (0, ())

    @pytest.mark.parametrize("fault", ["amount", "number", "used", "off"])
    def test_waits_for_a_person_where_anything_is_odd(self, case: Case, fault: str) -> None:
        number = case.number(case.at_the_bank())
        amount = -499 if fault == "amount" else -500
        (out,) = case.desk.bank(Pay(amount, end_to_end_id="K0P0" if fault == "number" else number))
        if fault == "used":
            commands.link_refund(case.desk.ctx, line_id=case.desk.bank(Pay(-500))[0], refund_id=case.refund)
        if fault == "off":
            from kvit.matching.domain import Mode, RobotRule

            commands.set_rule(case.desk.ctx, rule=RobotRule(mode=Mode.SHADOW), reason="look first")
        assert commands.settle_refunds(case.desk.ctx, line_ids=(out,)).link_ids == ()
        assert case.desk.links(out) == ()

    def test_that_it_rejects_waits_again_and_may_go_into_another_file(self, case: Case) -> None:
        ready = case.at_the_bank()
        answer = PaymentAnswer(case.number(ready), PaymentState.REJECTED, "AC04")
        bank.record_payment_answers(case.desk.ctx, payment_file_id=ready.payment_file_id, answers=(answer,))
        commands.reopen_refunds(case.desk.ctx, payment_file_id=ready.payment_file_id)
        assert case.waits() == ["matching.refund_rejected"]
        case.file()
        assert case.waits() == []
        assert commands.reopen_refunds(case.desk.ctx, payment_file_id=ready.payment_file_id).count == 0


class TestWhatNoFileCanPay:
    @pytest.mark.parametrize("account", ["", "12345"])
    def test_is_refused_where_the_payers_account_is_not_known(self, desk: Desk, account: str) -> None:
        case = too_much(desk, account)
        with pytest.raises(commands.NotPayable, match="from which account"):
            case.file()
        assert case.waits() == ["matching.refund_asked"]

    def test_is_refused_once_it_was_withdrawn(self, case: Case, cilla: Ctx) -> None:
        with pytest.raises(commands.NoSuchRefund):
            case.file(cilla)
        commands.withdraw_refund(case.desk.ctx, refund_id=case.refund, reason="keeps it")
        with pytest.raises(commands.NoSuchRefund):
            case.file()
