"""A booked statement is matched by a job: at least once run, once effective, and continued after a crash."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bank_files import Pay, Stmt, camt, file
from desk import Desk, open_desk
from kvit.banking import commands as banking
from kvit.banking import jobs
from kvit.banking import queries as bank_queries
from kvit.banking.commands import PaymentAnswer, PaymentFileReady
from kvit.banking.domain import StatementState
from kvit.banking.domain.payments import PaymentState, SendingOutcome
from kvit.banking.events import StatementBooked
from kvit.base import event, job, rows, tenant
from kvit.base.command import Ctx
from kvit.flows import matching as flow
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.matching.commands import PayFrom
from kvit.matching.domain import Mode, RobotRule
from kvit.parties import commands as parties
from kvit.work import queries as work
from leftovers import drop_jobs
from payment_orders import BO_IBAN
from payouts import signed
from receivables import books, counts, every, problems

NAME = "matching.match_statement"


@pytest.fixture
def desk(own_queue: None, anna_live: Ctx) -> Desk:
    """Anna's desk with real commits, and no job of another test in the queue."""
    return open_desk(anna_live)


def pays(count: int) -> list[Pay]:
    return [Pay(100 + number, f"7001{number}", bank_id=str(number)) for number in range(count)]


def six_invoices_and_six_payments(desk: Desk) -> list[int]:
    for pay in pays(6):
        desk.invoice(pay.amount_minor, reference=pay.reference)
    return desk.bank(*pays(6))


def jobs_of(desk: Desk, *subscribers: str) -> list[tuple[str, str]]:
    """(subscriber, status) of this company's jobs; of statements unless others are named."""
    return rows.select(
        "SELECT args->>'subscriber', status::text FROM procrastinate_jobs "
        "WHERE args->>'tenant_id' = %s AND args->>'subscriber' = ANY(%s) ORDER BY id",
        [str(desk.ctx.tenant_id), list(subscribers or (NAME,))],
    )


def run_job(desk: Desk) -> None:
    """What the worker does with the job of the first booked statement."""
    ((event_id,),) = every(
        desk.ctx, "SELECT id FROM base_event WHERE type = 'banking.StatementBooked' ORDER BY id LIMIT 1"
    )
    job.handle_event(tenant_id=desk.ctx.tenant_id, event_id=event_id, subscriber=NAME)


def matchings(desk: Desk) -> int:
    """How many times a chunk was matched, by the audit."""
    ((count,),) = every(desk.ctx, "SELECT count(*) FROM base_command WHERE name = 'matching.match_lines'")
    return int(count)


def crash_at_the_third(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the third chunk end the worker; the keys of all that were asked for."""
    match: Callable[..., matching.Matched] = matching.match_lines
    asked: list[str] = []

    def crash(ctx: Ctx, *, line_ids: list[int]) -> matching.Matched:
        asked.append(ctx.key or "")
        if len(asked) == 3:
            raise RuntimeError("the worker is gone")
        return match(ctx, line_ids=line_ids)

    monkeypatch.setattr(matching, "match_lines", crash)
    return asked


class TestABookedStatement:
    def test_puts_one_job_into_the_queue_with_its_booking(self, desk: Desk) -> None:
        desk.bank(*pays(3))
        assert jobs_of(desk) == [(NAME, "todo")]

    def test_is_matched_by_the_robot(self, desk: Desk) -> None:
        lines = six_invoices_and_six_payments(desk)
        job.run_until_empty()
        assert jobs_of(desk) == []
        assert [link.by_robot for line in lines for link in desk.links(line)] == [True] * 6
        assert every(desk.ctx, "SELECT DISTINCT actor FROM base_command WHERE name = 'matching.match_lines'") == [
            (f"robot:{NAME}",)
        ]
        assert problems(desk.ctx) == ()

    def test_is_matched_once_though_its_job_runs_twice(self, desk: Desk) -> None:
        six_invoices_and_six_payments(desk)
        run_job(desk)
        before, count = books(desk.ctx), counts(desk.ctx)
        run_job(desk)
        job.run_until_empty()
        assert (books(desk.ctx), counts(desk.ctx), matchings(desk)) == (before, count, 1)

    def test_would_be_matched_at_each_run_without_its_key(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: the handler drops the key."""
        six_invoices_and_six_payments(desk)
        match: Callable[..., matching.Matched] = matching.match_lines
        monkeypatch.setattr(
            matching, "match_lines", lambda ctx, *, line_ids: match(replace(ctx, key=None), line_ids=line_ids)
        )
        run_job(desk)
        run_job(desk)
        assert matchings(desk) == 2

    def test_in_chunks_is_matched_whole(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(flow, "CHUNK", 4)
        six_invoices_and_six_payments(desk)
        run_job(desk)
        assert matchings(desk) == 2
        assert every(desk.ctx, "SELECT count(*) FROM matching_link") == [(6,)]
        keys = every(desk.ctx, "SELECT key FROM base_command WHERE name = 'matching.match_lines' ORDER BY id")
        assert [key.rpartition(":")[2] for (key,) in keys] == ["0+4", "4+4"]

    def test_goes_on_after_a_crash_where_it_was(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(flow, "CHUNK", 2)
        six_invoices_and_six_payments(desk)
        asked = crash_at_the_third(monkeypatch)
        with pytest.raises(RuntimeError, match="gone"):
            run_job(desk)
        assert every(desk.ctx, "SELECT count(*) FROM matching_link") == [(4,)]
        run_job(desk)
        assert asked[3:] == asked[:3]
        assert matchings(desk) == 3
        assert every(desk.ctx, "SELECT count(*) FROM matching_link") == [(6,)]
        assert problems(desk.ctx) == ()

    def test_goes_on_after_a_crash_in_chunks_of_another_size(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """As after an upgrade: what was matched is known, and no key means two things."""
        monkeypatch.setattr(flow, "CHUNK", 2)
        six_invoices_and_six_payments(desk)
        crash_at_the_third(monkeypatch)
        with pytest.raises(RuntimeError, match="gone"):
            run_job(desk)
        monkeypatch.setattr(flow, "CHUNK", 5)
        run_job(desk)
        assert every(desk.ctx, "SELECT count(*) FROM matching_link") == [(6,)]
        assert problems(desk.ctx) == ()

    def test_that_a_person_released_is_matched_as_well(self, desk: Desk) -> None:
        desk.invoice(100, reference="70010")
        data = camt(Stmt(pays(1), off_minor=5))
        (held,) = jobs.import_file(desk.ctx, file(data), name="held.xml").statements
        assert (held.state, jobs_of(desk)) == (StatementState.HELD, [])
        banking.release_statement(desk.ctx, statement_id=held.statement_id, reason="confirmed")
        assert jobs_of(desk) == [(NAME, "todo")]
        job.run_until_empty()
        assert every(desk.ctx, "SELECT count(*) FROM matching_link") == [(1,)]

    def test_without_lines_is_matched_in_no_chunk(self, desk: Desk) -> None:
        desk.bank()
        job.run_until_empty()
        assert (jobs_of(desk), matchings(desk)) == ([], 0)


class TestABookingThatIsRolledBack:
    def test_leaves_no_job(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """The queue is written in the booking's own transaction."""
        defer: Callable[..., int] = job.handle_event.defer

        def defer_and_crash(**given: int | str) -> None:
            defer(**given)
            raise RuntimeError("the connection is gone")

        monkeypatch.setattr(job.handle_event, "defer", defer_and_crash)
        with pytest.raises(RuntimeError, match="gone"):
            desk.bank(*pays(2))
        assert jobs_of(desk) == []
        assert every(desk.ctx, "SELECT state FROM banking_statement") == [("received",)]


class TestTheSubscription:
    def test_is_made_at_start_under_a_name_that_never_changes(self) -> None:
        """Keys of jobs that are under way are made of it."""
        assert event._subscribers[event.name_of(StatementBooked)] == [NAME]


class TestWhatWaits:
    def test_is_matched_when_its_invoice_is_issued(self, desk: Desk) -> None:
        lines = desk.bank(*pays(2))
        job.run_until_empty()
        assert [desk.links(line) for line in lines] == [(), ()]
        desk.invoice(100, reference="70010")
        desk.invoice(101, reference="70011")
        assert jobs_of(desk, flow.ISSUED) == [(flow.ISSUED, "todo")] * 2
        job.run_until_empty()
        assert [len(desk.links(line)) for line in lines] == [1, 1]
        assert jobs_of(desk, flow.ISSUED) == []
        assert problems(desk.ctx) == ()

    def test_is_left_to_the_last_of_several_events(self, desk: Desk) -> None:
        """One look for all that was issued before it, and the last job always looks."""
        desk.bank(*pays(2))
        job.run_until_empty()
        before = matchings(desk)
        for number in range(3):
            desk.invoice(100 + number, reference=f"7001{number}")
        job.run_until_empty()
        assert matchings(desk) == before + 1

    def test_would_be_looked_at_by_each_of_them_otherwise(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: nobody asks whether a later job waits."""
        desk.bank(Pay(999_999, bank_id="x"))
        job.run_until_empty()
        before = matchings(desk)
        monkeypatch.setattr(job, "awaits", lambda *_, **__: False)
        for number in range(3):
            desk.invoice(100 + number, reference=f"7001{number}")
        job.run_until_empty()
        assert matchings(desk) == before + 3

    def test_is_looked_at_anew_when_its_payer_is_learnt(self, desk: Desk) -> None:
        desk.invoice(123_456)
        (line,) = desk.bank(Pay(123_456, name="Okänd Betalare AB", text="hyra"))
        job.run_until_empty()
        matching.learn_payer(desk.ctx, party_id=desk.bo.party_id, account="", name="Okänd Betalare AB")
        job.run_until_empty()
        with tenant.scope(desk.ctx.tenant_id):
            found = queries.explain(line)
        assert found is not None
        assert "name_learnt" in {code for code, _ in found.evidence.reasons}

    def test_is_looked_at_anew_under_another_rule(self, desk: Desk) -> None:
        matching.set_rule(desk.ctx, rule=RobotRule(mode=Mode.SHADOW), reason="look first")
        desk.invoice(100, reference="70010")
        (line,) = desk.bank(*pays(1))
        job.run_until_empty()
        assert desk.links(line) == ()
        matching.set_rule(desk.ctx, rule=RobotRule(), reason="go live")
        job.run_until_empty()
        assert len(desk.links(line)) == 1

    def test_is_settled_when_the_link_that_took_its_invoice_is_undone(self, desk: Desk) -> None:
        invoice = desk.invoice(100, reference="70010")
        (wrong,) = desk.bank(Pay(100, name="Eva Lind"))
        desk.link(wrong, (invoice, 100))
        matching.set_rule(desk.ctx, rule=RobotRule(mode=Mode.OFF), reason="look away")
        (line,) = desk.bank(*pays(1))
        job.run_until_empty()
        matching.set_rule(desk.ctx, rule=RobotRule(), reason="look again")
        drop_jobs()
        desk.undo(desk.links(wrong)[0].id)
        assert jobs_of(desk, flow.REOPENED) == [(flow.REOPENED, "todo")]
        job.run_until_empty()
        assert [link.by_robot for link in desk.links(line)] == [True]
        assert desk.open(invoice) == 0
        assert problems(desk.ctx) == ()

    def test_is_looked_at_anew_when_what_it_may_be_is_paid_by_another(self, desk: Desk) -> None:
        matching.set_rule(desk.ctx, rule=RobotRule(mode=Mode.SHADOW), reason="look first")
        first, second = desk.invoice(900), desk.invoice(900)
        (line,) = desk.bank(Pay(900, name="Bo Ek", text="for Bo"))
        job.run_until_empty()
        seen = desk.seen(line)
        with tenant.scope(desk.ctx.tenant_id):
            items = queries.receivables([first.id, second.id])
            assert queries.outdated() == ()
        taken = first if seen.items[0].item_id == items[first.id].id else second
        (other,) = desk.bank(Pay(900, name="Eva Lind", bank_id="2"))
        desk.link(other, (taken, 900))
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.outdated() == (line,)
        job.run_until_empty()
        left = second if taken is first else first
        assert [item.item_id for item in desk.seen(line).items] == [items[left.id].id]
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.outdated() == ()

    def test_is_looked_at_once_for_several_links_undone(self, desk: Desk) -> None:
        lines = six_invoices_and_six_payments(desk)
        job.run_until_empty()
        before = matchings(desk)
        for line in lines[:3]:
            desk.undo(desk.links(line)[0].id)
        assert jobs_of(desk, flow.REOPENED) == [(flow.REOPENED, "todo")] * 3
        job.run_until_empty()
        assert matchings(desk) == before + 1
        assert [len(desk.links(line)) for line in lines] == [1] * 6


class TestARefundInAPaymentFile:
    def paid_too_much(self, desk: Desk) -> tuple[int, PaymentFileReady]:
        (line,) = desk.bank(Pay(1500, account=BO_IBAN))
        link = desk.link(line, (desk.invoice(1000), 1000)).link_id
        refund = matching.ask_refund(desk.ctx, link_id=link, amount_minor=500, reason="too much").refund_id
        pay_from = PayFrom(desk.account_id, desk.ctx.now.date() + timedelta(days=1))
        return refund, matching.pay_refunds(desk.ctx, refund_ids=(refund,), pay_from=pay_from)

    def test_waits_again_when_the_file_is_discarded(self, desk: Desk) -> None:
        refund, ready = self.paid_too_much(desk)
        banking.discard_payment_file(desk.ctx, payment_file_id=ready.payment_file_id, reason="not now")
        job.run_until_empty()
        assert self.reasons(desk, refund) == ["matching.refund_not_sent"]

    def test_waits_again_when_the_bank_rejects_it(self, desk: Desk) -> None:
        refund, ready = self.paid_too_much(desk)
        self.send(desk, ready)
        answer = PaymentAnswer(self.number(desk, ready), PaymentState.REJECTED, "AC04")
        banking.record_payment_answers(desk.ctx, payment_file_id=ready.payment_file_id, answers=(answer,))
        job.run_until_empty()
        assert self.reasons(desk, refund) == ["matching.refund_rejected"]

    def test_is_settled_by_the_statement_on_which_it_went_out(self, desk: Desk) -> None:
        refund, ready = self.paid_too_much(desk)
        self.send(desk, ready)
        (out, other) = desk.bank(Pay(-500, end_to_end_id=self.number(desk, ready)), Pay(-7, bank_id="fee"))
        job.run_until_empty()
        assert [link.evidence_code for link in desk.links(out)] == ["own_payment"]
        assert desk.links(other) == ()
        assert (self.reasons(desk, refund), desk.advance()) == ([], 0)
        assert problems(desk.ctx) == ()

    def send(self, desk: Desk, ready: PaymentFileReady) -> None:
        """Signed by two, and handed over."""
        signed(desk.ctx, ready)
        anna = replace(desk.ctx, actor="user:anna", key=None)
        banking.begin_sending(anna, payment_file_id=ready.payment_file_id)
        banking.record_sending(anna, payment_file_id=ready.payment_file_id, outcome=SendingOutcome.SENT, evidence="-")

    def number(self, desk: Desk, ready: PaymentFileReady) -> str:
        with tenant.scope(desk.ctx.tenant_id):
            return bank_queries.payments_of(ready.payment_file_id)[0].end_to_end_id

    def reasons(self, desk: Desk, refund: int) -> list[str]:
        with tenant.scope(desk.ctx.tenant_id):
            return [i.reason_code for i in work.items_about("refund", refund) if i.closed_at is None]


class TestALinkThatWasWrong:
    def test_counts_against_the_robot_at_once(self, desk: Desk) -> None:
        desk.invoice(100, reference="70010")
        (line,) = desk.bank(*pays(1))
        job.run_until_empty()
        desk.undo(desk.links(line)[0].id)
        job.run_until_empty()
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.state_of_the_robot().is_stricter


class TestAnErasedPerson:
    def test_is_forgotten_as_one_for_whom_somebody_paid(self, desk: Desk) -> None:
        matching.learn_payer(desk.ctx, party_id=desk.bo.party_id, account="SE1", name="Mor Ek")
        parties.erase_person(desk.ctx, party_id=desk.bo.party_id, reason="asked")
        job.run_until_empty()
        assert every(desk.ctx, "SELECT account, name, name_key, state FROM matching_payer") == [("", "", "", "removed")]
