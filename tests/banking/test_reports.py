"""Reports on our own orders, brought in like any bank file: what they say is recorded once."""

import datetime
from dataclasses import replace

import pytest

from bank_files import file
from kvit.banking import commands, jobs, queries
from kvit.banking.commands import NewPaymentFile
from kvit.banking.domain.payments import PaymentFileState, PaymentFormat, PaymentState, PaymentToMake, SendingOutcome
from kvit.banking.events import PaymentFileSending
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.formats.bank.lb import read as lb
from kvit.formats.bank.lb.records import LbFile
from kvit.formats.bank.pain import order
from kvit.kernel.money import Money
from payment_orders import BO, NORDVIK, SE_IBAN
from payouts import DAY, content, made, payout, signed
from receivables import every, open_account

BANKGIRO = "9912346"


class Channel:
    """A bank that takes everything."""

    def hand_over(self, *, message_id: str, name: str, content: bytes) -> SendingOutcome:
        return SendingOutcome.SENT


def pain_002(message_id: str, *payments: tuple[str, str]) -> bytes:
    """A status report; RJCT carries AC04."""
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        + ("<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>" if status == "RJCT" else "")
        + "</TxInfAndSts>"
        for name, status in payments
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId>'
        "<CreDtTm>2026-03-03T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message_id}-1</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def states(ctx: Ctx, payment_file_id: int) -> list[PaymentState]:
    with tenant.scope(ctx.tenant_id):
        return [one.state for one in queries.payments_of(payment_file_id)]


class TestAStatusReport:
    def test_brought_in_as_a_file_answers_for_the_payments(self, books_open: Ctx) -> None:
        ready = signed(books_open, made(books_open, open_account(books_open, SE_IBAN), payout(1), payout(2)))
        jobs.send_payment_file(books_open, payment_file_id=ready.payment_file_id, channel=Channel())
        with tenant.scope(books_open.tenant_id):
            one, two = (p.end_to_end_id for p in queries.payments_of(ready.payment_file_id))
        data = pain_002(ready.message_id, (one, "ACSC"), (two, "RJCT"))
        report = jobs.import_file(books_open, file(data), name="status.xml")
        assert (report.format, report.problems) == ("pain.002", ())
        assert report.told == ("payment status report: ACSC 1, RJCT 1",)
        assert states(books_open, ready.payment_file_id) == [PaymentState.ACCEPTED, PaymentState.REJECTED]
        assert jobs.import_file(books_open, file(data), name="again.xml").repeated

    def test_about_a_file_that_never_went_out_changes_nothing_and_asks(self, books_open: Ctx) -> None:
        ready = signed(books_open, made(books_open, open_account(books_open, SE_IBAN), payout(1)))
        with tenant.scope(books_open.tenant_id):
            (one,) = (p.end_to_end_id for p in queries.payments_of(ready.payment_file_id))
        data = pain_002(ready.message_id, (one, "ACSC"))
        report = jobs.import_file(books_open, file(data), name="status.xml")
        assert [p.reason for p in report.problems] == [f"{ready.message_id} is signed; the bank cannot know it"]
        assert states(books_open, ready.payment_file_id) == [PaymentState.OPEN]
        assert every(books_open, "SELECT kind FROM work_item WHERE state = 'open'") == [("banking.look_at_file",)]


class TestAReportOnLbPayments:
    @pytest.fixture
    def sent(self, books_open: Ctx) -> commands.PaymentFileReady:
        account_id = open_account(books_open, BANKGIRO)
        wanted = NewPaymentFile(
            account_id=account_id,
            format=PaymentFormat.LB,
            scheme=order.Scheme.SWEDEN,
            execution_date=DAY,
            payer=replace(NORDVIK, name="Nordvik AB"),
        )
        payments = tuple(
            PaymentToMake(
                subject_kind="settlement",
                subject_id=number,
                amount=Money(minor, "SEK"),
                payee=BO,
                account=order.Bankgiro("3783511"),
                remittance=order.Message(f"invoice {number}"),
            )
            for number, minor in ((1, 10_000), (2, 25_000))
        )
        ready = signed(books_open, commands.make_payment_file(books_open, file=wanted, payments=payments))
        jobs.send_payment_file(books_open, payment_file_id=ready.payment_file_id, channel=Channel())
        return ready

    def rejected(self, ctx: Ctx, sent: commands.PaymentFileReady, *, off_minor: int = 0) -> bytes:
        """Bankgirot's list of rejected payments with the second one, as the file itself names it."""
        lines = content(ctx, sent.sha256).decode("latin-1").split("\r\n")
        payment = [line for line in lines if line.startswith("14")][1]
        amount = f"{25_000 + off_minor:012d}"
        told = payment.replace(f"{25_000:012d}", amount)
        head = "11" + BANKGIRO.zfill(10) + "260303" + "LEVERANTÖRSBETALNINGAR" + "2603036"
        total = "29" + BANKGIRO.zfill(10) + f"{1:08d}{25_000 + off_minor:012d} "
        remark = "49" + "0101" + "Bankgironumret saknas"
        return "".join(f"{line:<80.80}\r\n" for line in (head, told, remark, total)).encode("latin-1")

    def test_rejects_the_payments_it_names(self, books_open: Ctx, sent: commands.PaymentFileReady) -> None:
        data = self.rejected(books_open, sent)
        (section,) = [one for one in lb.records([data]) if isinstance(one, LbFile)]
        assert section.kind.value == "rejected"
        report = jobs.import_file(books_open, file(data), name="lb.txt")
        assert report.problems == ()
        assert states(books_open, sent.payment_file_id) == [PaymentState.OPEN, PaymentState.REJECTED]

    def test_of_another_amount_is_not_ours(self, books_open: Ctx, sent: commands.PaymentFileReady) -> None:
        report = jobs.import_file(books_open, file(self.rejected(books_open, sent, off_minor=1)), name="lb.txt")
        assert "is no payment of this amount made here" in report.problems[0].reason
        assert states(books_open, sent.payment_file_id) == [PaymentState.OPEN, PaymentState.OPEN]


class TestALostSender:
    def test_is_looked_for_ten_minutes_later(self, books_open: Ctx) -> None:
        ready = signed(books_open, made(books_open, open_account(books_open, SE_IBAN), payout(1)))
        before = datetime.datetime.now(datetime.UTC)
        commands.begin_sending(books_open, payment_file_id=ready.payment_file_id)
        ((at,),) = every(
            books_open,
            "SELECT scheduled_at FROM procrastinate_jobs WHERE args->>'subscriber' = 'banking.doubt_sending'"
            " ORDER BY id DESC LIMIT 1",
        )
        assert abs((at - before).total_seconds() - jobs.LONGEST_SENDING_SECONDS) < 120
        event = PaymentFileSending(ready.payment_file_id)
        jobs.doubt_sending(books_open, event)
        assert self.state(books_open, ready.payment_file_id) is PaymentFileState.SENDING
        later = replace(books_open, now=books_open.now + datetime.timedelta(seconds=jobs.LONGEST_SENDING_SECONDS))
        jobs.doubt_sending(later, event)
        assert self.state(books_open, ready.payment_file_id) is PaymentFileState.UNKNOWN

    @staticmethod
    def state(ctx: Ctx, payment_file_id: int) -> PaymentFileState:
        with tenant.scope(ctx.tenant_id):
            found = queries.payment_file(payment_file_id)
        assert found is not None
        return found.state
