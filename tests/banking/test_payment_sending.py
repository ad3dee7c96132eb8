"""Payment files on their way to the bank: once, whatever breaks; and what the bank answers."""

import datetime
import threading
from dataclasses import dataclass, field, replace

import pytest

import patience
from cast import in_threads, keyed
from kvit.banking import commands, jobs, queries
from kvit.banking.commands import PaymentAnswer, payment_sending
from kvit.banking.domain.payments import PaymentFileState, PaymentState, SendingOutcome
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.base.lifecycle import NotMovable
from kvit.formats.bank.pain.records import Level, OrderStatus, Reason
from payment_orders import SE_IBAN
from payouts import content, made, payout, signed
from receivables import every, open_account, open_books
from tables import contents, run_twice

ACCEPTED, REJECTED = PaymentState.ACCEPTED, PaymentState.REJECTED


@dataclass
class Bank:
    """A bank that counts what it gets, and answers as it is told."""

    outcome: SendingOutcome = SendingOutcome.SENT
    breaks_off: bool = False
    got: list[tuple[str, bytes]] = field(default_factory=list)

    def hand_over(self, *, message_id: str, name: str, content: bytes) -> SendingOutcome:
        self.got.append((message_id, content))
        if self.breaks_off:
            raise TimeoutError("the line is dead")
        return self.outcome


@dataclass(frozen=True)
class Case:
    """A signed file of three payouts."""

    ctx: Ctx
    account_id: int
    id: int
    message_id: str
    sha256: str
    ids: tuple[str, ...]

    def state(self) -> PaymentFileState:
        with tenant.scope(self.ctx.tenant_id):
            found = queries.payment_file(self.id)
        assert found is not None
        return found.state

    def payments(self) -> list[PaymentState]:
        with tenant.scope(self.ctx.tenant_id):
            return [one.state for one in queries.payments_of(self.id)]

    def send(self, outcome: SendingOutcome = SendingOutcome.SENT) -> PaymentFileState:
        return jobs.send_payment_file(self.ctx, payment_file_id=self.id, channel=Bank(outcome))

    def answer(self, *states: PaymentState | None, reason: str = "AC04") -> commands.PaymentAnswersRecorded:
        given = tuple(
            PaymentAnswer(name, state, reason if state is REJECTED else "")
            for name, state in zip(self.ids, states, strict=False)
            if state is not None
        )
        return commands.record_payment_answers(self.ctx, payment_file_id=self.id, answers=given)


def case_of(ctx: Ctx) -> Case:
    account_id = open_account(ctx, SE_IBAN, "EUR")
    ready = signed(ctx, made(ctx, account_id, payout(1), payout(2), payout(3)))
    with tenant.scope(ctx.tenant_id):
        ids = tuple(one.end_to_end_id for one in queries.payments_of(ready.payment_file_id))
    return Case(ctx, account_id, ready.payment_file_id, ready.message_id, ready.sha256, ids)


@pytest.fixture
def case(books_open: Ctx) -> Case:
    return case_of(books_open)


class TestSending:
    def test_hands_the_signed_bytes_over_once(self, case: Case) -> None:
        bank = Bank()
        assert jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank) is PaymentFileState.SENT
        assert bank.got == [(case.message_id, content(case.ctx, case.sha256))]
        with pytest.raises(NotMovable):
            jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank)
        assert len(bank.got) == 1

    def test_under_a_key_that_comes_again_hands_nothing_over_again(self, case: Case) -> None:
        """A job that is run again after a crash comes with its key."""
        bank = Bank()
        jobs.send_payment_file(keyed(case.ctx, "job"), payment_file_id=case.id, channel=bank)
        with pytest.raises(NotMovable):
            jobs.send_payment_file(keyed(case.ctx, "job"), payment_file_id=case.id, channel=bank)
        assert len(bank.got) == 1

    def test_would_hand_it_over_again_if_the_intent_were_keyed(self, case: Case) -> None:
        """Planted fault: the stored answer of the first intent is taken for leave to send."""
        first = commands.begin_sending(keyed(case.ctx, "job"), payment_file_id=case.id)
        assert commands.begin_sending(keyed(case.ctx, "job"), payment_file_id=case.id) == first

    def test_that_breaks_off_is_in_doubt_and_asks_a_person(self, case: Case) -> None:
        bank = Bank(breaks_off=True)
        with pytest.raises(TimeoutError):
            jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank)
        assert case.state() is PaymentFileState.UNKNOWN
        with pytest.raises(NotMovable):
            jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank)
        assert len(bank.got) == 1
        assert every(case.ctx, "SELECT kind FROM work_item WHERE state = 'open'") == [("banking.resolve_payment_file",)]
        assert every(case.ctx, "SELECT count(*) FROM base_event WHERE type = 'banking.PaymentFileDoubted'") == [(1,)]

    def test_in_doubt_holds_what_it_pays(self, case: Case) -> None:
        case.send(SendingOutcome.UNKNOWN)
        with pytest.raises(commands.AlreadyBeingPaid):
            made(case.ctx, case.account_id, payout(1))

    def test_that_certainly_did_not_take_place_may_be_tried_again(self, case: Case) -> None:
        assert case.send(SendingOutcome.NOT_SENT) is PaymentFileState.SIGNED
        assert case.send() is PaymentFileState.SENT

    def test_is_refused_after_the_day_of_payment(self, case: Case) -> None:
        late = replace(case.ctx, now=case.ctx.now + datetime.timedelta(days=2))
        with pytest.raises(commands.TooLateToSend):
            jobs.send_payment_file(late, payment_file_id=case.id, channel=Bank())
        assert case.state() is PaymentFileState.SIGNED

    def test_of_a_content_that_is_not_the_one_signed_does_not_take_place(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bank = Bank()
        monkeypatch.setattr("kvit.base.files.read_parts", lambda sha256: iter([b"something else"]))
        state = jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank)
        assert (state, bank.got) == (PaymentFileState.SIGNED, [])

    def test_is_refused_to_another_tenant(self, case: Case, cilla: Ctx) -> None:
        with pytest.raises(commands.NoSuchPaymentFile):
            jobs.send_payment_file(cilla, payment_file_id=case.id, channel=Bank())

    def test_ends_once(self, case: Case) -> None:
        case.send()
        with pytest.raises(NotMovable, match="is not being sent"):
            commands.record_sending(
                case.ctx, payment_file_id=case.id, outcome=SendingOutcome.NOT_SENT, evidence="second thoughts"
            )


class TestASenderThatIsLost:
    def test_leaves_the_file_in_doubt_after_a_while(self, case: Case) -> None:
        commands.begin_sending(case.ctx, payment_file_id=case.id)
        soon = case.ctx.now
        assert commands.doubt_sendings(case.ctx, begun_before_at=soon).payment_file_ids == ()
        later = soon + datetime.timedelta(minutes=5)
        assert run_twice(commands.doubt_sendings, case.ctx, begun_before_at=later).payment_file_ids == (case.id,)
        assert case.state() is PaymentFileState.UNKNOWN

    def test_that_comes_back_too_late_changes_nothing(self, case: Case) -> None:
        commands.begin_sending(case.ctx, payment_file_id=case.id)
        commands.doubt_sendings(case.ctx, begun_before_at=case.ctx.now + datetime.timedelta(minutes=5))
        with pytest.raises(NotMovable):
            commands.record_sending(
                case.ctx, payment_file_id=case.id, outcome=SendingOutcome.NOT_SENT, evidence="never began"
            )


class TestAFileInDoubt:
    def test_that_has_arrived_is_sent(self, case: Case) -> None:
        case.send(SendingOutcome.UNKNOWN)
        given = {"payment_file_id": case.id, "has_arrived": True, "evidence": "seen in the bank"}
        moved = run_twice(commands.resolve_payment_file, case.ctx, **given)
        assert moved.state is case.state() is PaymentFileState.SENT
        assert every(case.ctx, "SELECT DISTINCT state FROM work_item") == [("done",)]

    def test_that_never_arrived_is_rejected_and_frees_what_it_paid(self, case: Case) -> None:
        case.send(SendingOutcome.UNKNOWN)
        commands.resolve_payment_file(case.ctx, payment_file_id=case.id, has_arrived=False, evidence="bank says no")
        assert case.state() is PaymentFileState.REJECTED
        assert case.payments() == [REJECTED] * 3
        made(case.ctx, case.account_id, payout(1), payout(2), payout(3))

    def test_is_decided_by_a_person(self, case: Case) -> None:
        case.send(SendingOutcome.UNKNOWN)
        with pytest.raises(commands.NotAPerson):
            commands.resolve_payment_file(
                replace(case.ctx, actor="robot:x"), payment_file_id=case.id, has_arrived=False, evidence="a guess"
            )

    def test_is_resolved_by_the_banks_own_answer(self, case: Case) -> None:
        case.send(SendingOutcome.UNKNOWN)
        assert case.answer(ACCEPTED).state is PaymentFileState.SENT
        assert every(case.ctx, "SELECT outcome FROM work_item WHERE kind = 'banking.resolve_payment_file'") == [
            ("answered",)
        ]

    def test_alone_is_resolved(self, case: Case, cilla: Ctx) -> None:
        for ctx, refusal in ((case.ctx, NotMovable), (cilla, commands.NoSuchPaymentFile)):
            with pytest.raises(refusal):
                commands.resolve_payment_file(ctx, payment_file_id=case.id, has_arrived=True, evidence="?")


class TestTheBanksAnswer:
    def test_that_all_is_well_acknowledges_the_file(self, case: Case) -> None:
        case.send()
        answered = case.answer(ACCEPTED, ACCEPTED, ACCEPTED)
        assert answered == commands.PaymentAnswersRecorded(PaymentFileState.ACKNOWLEDGED, 3, 0, 0)
        assert case.state() is PaymentFileState.ACKNOWLEDGED

    def test_may_come_in_parts(self, case: Case) -> None:
        case.send()
        assert case.answer(ACCEPTED).state is PaymentFileState.SENT
        assert case.answer(None, REJECTED).state is PaymentFileState.PARTLY_REJECTED
        assert case.answer(None, None, ACCEPTED).state is PaymentFileState.PARTLY_REJECTED
        assert case.payments() == [ACCEPTED, REJECTED, ACCEPTED]

    def test_given_again_changes_nothing(self, case: Case) -> None:
        case.send()
        case.answer(ACCEPTED, REJECTED)
        before = every(case.ctx, "SELECT * FROM banking_payment"), every(case.ctx, "SELECT * FROM base_statechange")
        again = case.answer(ACCEPTED, REJECTED)
        assert (again.accepted, again.rejected) == (0, 0)
        after = every(case.ctx, "SELECT * FROM banking_payment"), every(case.ctx, "SELECT * FROM base_statechange")
        assert after == before

    def test_frees_a_rejected_payment_and_no_other(self, case: Case) -> None:
        case.send()
        case.answer(ACCEPTED, REJECTED, reason="AC04 account closed")
        with tenant.scope(case.ctx.tenant_id):
            assert queries.payments_for("settlement", 2)[0].reason == "AC04 account closed"
        made(case.ctx, case.account_id, payout(2))
        for subject in (1, 3):
            with pytest.raises(commands.AlreadyBeingPaid):
                made(case.ctx, case.account_id, payout(subject))
        assert every(case.ctx, "SELECT kind FROM work_item WHERE state = 'open' ORDER BY kind") == [
            ("banking.rejected_payments",),
            ("banking.sign_payment_file",),
        ]

    def test_may_reject_what_was_accepted(self, case: Case) -> None:
        case.send()
        case.answer(ACCEPTED, ACCEPTED, ACCEPTED)
        assert case.answer(None, REJECTED).state is PaymentFileState.PARTLY_REJECTED
        assert case.answer(REJECTED, None, REJECTED).state is PaymentFileState.REJECTED

    def test_that_accepts_what_was_rejected_asks_a_person_and_pays_nothing_twice_in_silence(self, case: Case) -> None:
        case.send()
        case.answer(REJECTED)
        answered = case.answer(ACCEPTED)
        assert (answered.contradicted, case.payments()[0]) == (1, REJECTED)
        assert ("banking.contradicted_payments",) in every(case.ctx, "SELECT kind FROM work_item")

    def test_about_a_strange_payment_is_refused_as_a_whole(self, case: Case) -> None:
        case.send()
        before = contents(case.ctx)
        with pytest.raises(commands.NoSuchPayment, match="P0: not in payment file"):
            commands.record_payment_answers(
                case.ctx,
                payment_file_id=case.id,
                answers=(PaymentAnswer(case.ids[0], ACCEPTED), PaymentAnswer("P0", ACCEPTED)),
            )
        assert contents(case.ctx) == before

    def test_to_a_file_that_was_never_sent_is_refused(self, case: Case) -> None:
        with pytest.raises(NotMovable, match="the bank cannot know it"):
            case.answer(ACCEPTED)

    def test_of_another_tenant_is_refused(self, case: Case, cilla: Ctx) -> None:
        case.send()
        with pytest.raises(commands.NoSuchPaymentFile):
            replace(case, ctx=cilla).answer(ACCEPTED)


class TestAStatusReport:
    def report(self, case: Case, *payments: tuple[str, str]) -> tuple[OrderStatus, ...]:
        return tuple(
            OrderStatus(
                place="line 1",
                level=Level.PAYMENT,
                status=code,
                original_message_id=case.message_id,
                end_to_end_id=name,
                reasons=(Reason("AC04", "closed"),) if code == "RJCT" else (),
            )
            for name, code in payments
        )

    def test_is_recorded_payment_by_payment(self, case: Case) -> None:
        case.send()
        first, second, third = case.ids
        statuses = self.report(case, (first, "ACSP"), (second, "RJCT"), (third, "PDNG"))
        assert jobs.take_status_report(case.ctx, statuses=statuses) == ()
        assert case.payments() == [ACCEPTED, REJECTED, PaymentState.OPEN]
        assert case.state() is PaymentFileState.PARTLY_REJECTED

    def test_about_strange_files_and_payments_says_so(self, case: Case) -> None:
        case.send()
        statuses = (
            *self.report(case, ("P0", "ACSP")),
            OrderStatus(place="", level=Level.FILE, status="RJCT", original_message_id="other"),
        )
        problems = jobs.take_status_report(case.ctx, statuses=statuses)
        assert [one.reason for one in problems] == [
            f"'P0' is no payment in {case.message_id}",
            "'other' is no payment file that was made here",
        ]


@pytest.mark.race
class TestRaces:
    def test_of_senders_hand_a_file_over_once(self, anna_live: Ctx) -> None:
        case, bank = case_of(open_books(anna_live)), Bank()
        found = in_threads(8, lambda _: jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank))
        assert len(bank.got) == 1
        assert sorted(type(one).__name__ for one in found) == ["NotMovable"] * 7 + ["PaymentFileState"]

    def test_of_senders_would_hand_it_over_more_often_without_the_intent(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the state is looked at, and set only after the hand-over."""
        case, bank = case_of(open_books(anna_live)), Bank()
        all_looked = threading.Barrier(4)
        monkeypatch.setattr(payment_sending, "move", lambda *_, **__: None)
        monkeypatch.setattr(commands, "record_sending", lambda *_, **__: all_looked.wait(timeout=patience.SECONDS))

        def send(_: int) -> object:
            try:
                return jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank)
            except AttributeError:  # what came back is no state
                return None

        in_threads(4, send)
        assert len(bank.got) == 4

    def test_of_files_pay_a_subject_once(self, anna_live: Ctx) -> None:
        account_id = open_account(open_books(anna_live), SE_IBAN, "EUR")
        orders = [(1, 2), (2, 1), (2, 3), (3, 1), (1, 3), (3, 2)]
        found = in_threads(6, lambda n: made(anna_live, account_id, *(payout(one) for one in orders[n])))
        assert {type(one).__name__ for one in found} == {"PaymentFileReady", "AlreadyBeingPaid"}
        assert every(
            anna_live,
            "SELECT max(count) FROM (SELECT count(*) FROM banking_payment GROUP BY subject_kind, subject_id) s",
        ) == [(1,)]

    def test_of_signatures_by_one_person_count_once(self, anna_live: Ctx) -> None:
        account_id = open_account(open_books(anna_live), SE_IBAN, "EUR")
        ready = made(anna_live, account_id, payout(1))
        found = in_threads(
            4,
            lambda _: commands.sign_payment_file(anna_live, payment_file_id=ready.payment_file_id, sha256=ready.sha256),
        )
        assert sorted(type(one).__name__ for one in found) == ["PaymentFileStanding"] + ["SignedAlready"] * 3
        assert every(anna_live, "SELECT state FROM banking_paymentfile") == [("made",)]

    def test_of_a_discard_and_a_sender_end_in_one_of_both(self, anna_live: Ctx) -> None:
        case, bank = case_of(open_books(anna_live)), Bank()

        def discard_or_send(number: int) -> object:
            if number == 0:
                return commands.discard_payment_file(case.ctx, payment_file_id=case.id, reason="stop")
            return jobs.send_payment_file(case.ctx, payment_file_id=case.id, channel=bank)

        in_threads(2, discard_or_send)
        assert (case.state(), len(bank.got)) in [(PaymentFileState.DISCARDED, 0), (PaymentFileState.SENT, 1)]
        with tenant.scope(anna_live.tenant_id):
            assert queries.verify() == ()


class TestTheWayOfAFile:
    def test_stands_step_by_step_in_its_history(self, case: Case) -> None:
        case.send()
        case.answer(ACCEPTED, REJECTED, ACCEPTED)
        assert every(
            case.ctx, "SELECT from_state, to_state FROM base_statechange WHERE kind = 'bank_payment_file' ORDER BY id"
        ) == [("made", "signed"), ("signed", "sending"), ("sending", "sent"), ("sent", "partly_rejected")]
