"""Questions to registers: the intent, the attempt, what came of it; what is looked over once a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.utils import DatabaseError, IntegrityError

from cast import in_threads
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.parties import commands, queries
from kvit.parties.domain import registers as domain
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.lifecycle import IdentityState, InquiryState
from kvit.parties.domain.register import PartyKind
from kvit.parties.domain.registers import CheckOutcome, Reason, Register, Said
from kvit.world.simulators.registers import Registers
from simulated_registers import (
    NIP,
    NO,
    NRB,
    OWN_VAT,
    SILENCE,
    YES,
    add,
    answered,
    checked,
    inquiry,
    later,
    switch_on,
    work_off,
)
from tables import as_owner, contents, find, run_twice

DAY = timedelta(days=1)


class TestARegister:
    def test_is_off_until_a_company_switches_it_on(self, anna: Ctx, cilla: Ctx, zaklady: int, there: Registers) -> None:
        identity_id = add(anna, zaklady)
        with pytest.raises(commands.RegisterOff):
            commands.ask_register(anna, identity_id=identity_id)
        jobs_done = commands.look_over_knowledge(anna)
        assert jobs_done.asked_count == 0
        work_off(anna)
        assert there.requests == []
        run_twice(commands.switch_register, anna, register=Register.WHITE_LIST, is_on=True)
        commands.ask_register(anna, identity_id=identity_id)
        with tenant.scope(cilla.tenant_id):
            assert not any(switch.is_on for switch in queries.register_switches().values())

    def test_switched_off_is_asked_nothing_more(self, asking: Ctx, zaklady: int, there: Registers) -> None:
        """What was on its way is dropped, and a job that is late finds nothing to ask."""
        commands.ask_register(asking, identity_id=add(asking, zaklady))
        done = commands.switch_register(asking, register=Register.WHITE_LIST, is_on=False)
        assert done.dropped_count == 1
        work_off(asking)
        assert there.requests == []
        assert inquiry(asking, zaklady).state is InquiryState.DROPPED

    def test_of_no_kind_for_a_number_refuses(self, asking: Ctx, zaklady: int) -> None:
        for kind, value in ((IdentityKind.CUSTOMER_NUMBER, "K-1"), (IdentityKind.IBAN, f"PL{NRB}")):
            identity_id = add(asking, zaklady, kind, value)
            before = contents(asking)
            with pytest.raises(commands.NoRegister):
                commands.ask_register(asking, identity_id=identity_id)
            assert contents(asking) == before


class TestAQuestion:
    def test_is_recorded_put_and_answered(self, asking: Ctx, zaklady: int, there: Registers) -> None:
        asked = run_twice(commands.ask_register, asking, identity_id=add(asking, zaklady))
        assert asked.is_new
        assert inquiry(asking, zaklady).state is InquiryState.ASKED
        assert there.requests == []
        work_off(asking)
        found = checked(asking, zaklady)
        assert (found.state, found.source, found.checked_date) == (
            IdentityState.VERIFIED,
            "white_list",
            asking.now.date(),
        )
        last = inquiry(asking, zaklady)
        assert (last.state, last.outcome, last.reason) == (
            InquiryState.ANSWERED,
            CheckOutcome.VERIFIED,
            Reason.CONFIRMED,
        )
        assert last.evidence == "yes; request d2n10-0000001"
        with tenant.scope(asking.tenant_id):
            facts = {fact.name: fact for fact in queries.facts(zaklady, today=asking.now.date())}
        assert facts["vat_status"].value == "active"
        assert facts["registered_name"].value.startswith("ŁÓDZKIE")
        assert facts["vat_status"].stale_from_date == asking.now.date() + 90 * DAY

    def test_about_an_account_names_the_holder(self, asking: Ctx, zaklady: int, there: Registers) -> None:
        add(asking, zaklady)
        commands.ask_register(asking, identity_id=add(asking, zaklady, IdentityKind.IBAN, f"PL{NRB}"))
        work_off(asking)
        assert there.requests[0][1].startswith(f"/api/check/nip/{NIP}/bank-account/{NRB}")
        assert checked(asking, zaklady, IdentityKind.IBAN).state is IdentityState.VERIFIED

    def test_about_somebody_elses_account_is_refuted(self, asking: Ctx, zaklady: int, there: Registers) -> None:
        add(asking, zaklady)
        other = add(asking, zaklady, IdentityKind.IBAN, "PL27114020040000300201355387")
        commands.ask_register(asking, identity_id=other)
        work_off(asking)
        found = checked(asking, zaklady, IdentityKind.IBAN)
        assert found.state is IdentityState.REFUTED
        assert found.is_in_doubt

    def test_to_vies_names_the_company_that_asks(self, asking: Ctx, there: Registers, zaklady: int) -> None:
        own = commands.register_party(
            asking, kind=PartyKind.COMPANY, name="Nordvik AB", country="SE", is_own=True
        ).party_id
        add(asking, own, IdentityKind.VAT, OWN_VAT)
        commands.ask_register(asking, identity_id=add(asking, zaklady, IdentityKind.VAT, "DE136695976"))
        work_off(asking)
        assert there.requests[0][2]["requesterNumber"] == OWN_VAT[2:]
        assert "WAPI" in inquiry(asking, zaklady, IdentityKind.VAT).evidence

    def test_stands_once(self, asking: Ctx, zaklady: int) -> None:
        identity_id = add(asking, zaklady)
        first = commands.ask_register(asking, identity_id=identity_id)
        assert commands.ask_register(asking, identity_id=identity_id) == commands.Asked(first.inquiry_id, is_new=False)

    def test_asked_by_two_at_once_stands_once(self, anna_live: Ctx, register_zaklady: Callable[[Ctx], int]) -> None:
        identity_id = add(switch_on(anna_live), register_zaklady(anna_live))
        answers = in_threads(6, lambda _: commands.ask_register(anna_live, identity_id=identity_id))
        assert sorted(answer.is_new for answer in answers if isinstance(answer, commands.Asked)) == [*[False] * 5, True]

    def test_would_stand_twice_without_its_index(self, anna_live: Ctx, register_zaklady: Callable[[Ctx], int]) -> None:
        """The planted fault: a second live question is refused by the database, and goes in without its index."""
        zaklady = register_zaklady(anna_live)
        commands.ask_register(switch_on(anna_live), identity_id=add(anna_live, zaklady))
        again = (
            "INSERT INTO parties_inquiry (tenant_id, identity_id, register, state, attempts, begun_at, ask_again_at, "
            "reason, evidence, command_id) SELECT tenant_id, identity_id, register, 'waiting', 0, begun_at, begun_at, "
            "'', '', command_id FROM parties_inquiry"
        )
        with pytest.raises(IntegrityError, match="one_live"), tenant.scope(anna_live.tenant_id):
            rows.run(again)
        with as_owner(anna_live) as cursor:
            cursor.execute("DROP INDEX parties_inquiry_one_live")
            cursor.execute(again)
            assert cursor.rowcount == 1

    def test_of_another_company_is_not_there(self, asking: Ctx, cilla: Ctx, zaklady: int) -> None:
        identity_id = add(asking, zaklady)
        asked = commands.ask_register(asking, identity_id=identity_id)
        switch_on(cilla)
        with pytest.raises(commands.NoSuchIdentity):
            commands.ask_register(cilla, identity_id=identity_id)
        with pytest.raises(commands.NoSuchInquiry):
            commands.record_answer(cilla, inquiry_id=asked.inquiry_id, attempt=1, answer=YES)


class TestSilence:
    @pytest.mark.parametrize("said", [Said.UNAVAILABLE, Said.LIMIT])
    def test_refutes_nothing_and_is_asked_again(self, asking: Ctx, zaklady: int, said: Said) -> None:
        commands.ask_register(asking, identity_id=add(asking, zaklady))
        done = answered(asking, zaklady, replace(SILENCE, said=said))
        assert (done.state, done.outcome) == (InquiryState.WAITING, None)
        found = checked(asking, zaklady)
        assert (found.state, found.checked_date, found.is_in_doubt) == (IdentityState.UNVERIFIED, None, False)

    def test_leaves_a_verified_number_verified(self, asking: Ctx, zaklady: int) -> None:
        identity_id = add(asking, zaklady)
        commands.ask_register(asking, identity_id=identity_id)
        answered(asking, zaklady, YES)
        for attempt in range(domain.MOST_ATTEMPTS):
            again = later(asking, attempt * 2 * DAY)
            commands.ask_register(again, identity_id=identity_id)
            done = answered(again, zaklady, SILENCE)
        assert (done.state, done.outcome, done.reason) == (
            InquiryState.ANSWERED,
            CheckOutcome.UNKNOWN,
            Reason.NO_ANSWER,
        )
        assert checked(asking, zaklady).state is IdentityState.VERIFIED

    def test_read_as_a_no_would_refute(self, asking: Ctx, zaklady: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: whatever is no yes is taken for a no, and a register that is down refutes an account."""
        monkeypatch.setattr(domain, "judged", lambda *_a, **_g: domain.Judgement(CheckOutcome.REFUTED, Reason.DENIED))
        monkeypatch.setattr(domain, "ask_again_at", lambda *_a, **_g: None)
        commands.ask_register(asking, identity_id=add(asking, zaklady))
        answered(asking, zaklady, SILENCE)
        assert checked(asking, zaklady).state is IdentityState.REFUTED

    def test_ends_when_the_register_is_back(self, asking: Ctx, zaklady: int, there: Registers) -> None:
        there.troubles.append("WL-196")
        commands.ask_register(asking, identity_id=add(asking, zaklady))
        work_off(asking)
        assert commands.ask_due(later(asking, timedelta(minutes=4))).count == 0
        soon = later(asking, timedelta(minutes=6))
        assert commands.ask_due(soon).count == 1
        work_off(soon)
        assert checked(asking, zaklady).state is IdentityState.VERIFIED
        assert inquiry(asking, zaklady).attempts == 2

    def test_of_a_whole_register_is_heard_once_a_job(
        self, asking: Ctx, zaklady: int, jan: int, there: Registers
    ) -> None:
        there.troubles.extend(["WL-196"] * 5)
        add(asking, zaklady)
        add(asking, jan)
        commands.look_over_knowledge(asking)
        commands.ask_due(asking)
        work_off(asking)
        assert len(there.requests) == 1
        assert {inquiry(asking, one).state for one in (zaklady, jan)} == {InquiryState.WAITING}

    def test_after_the_limit_of_a_day_is_kept_until_the_next(self, asking: Ctx, zaklady: int, there: Registers) -> None:
        """Nobody asks before, neither the job nor a clerk's button."""
        there.searches_a_day = 0
        identity_id = add(asking, zaklady)
        commands.ask_register(asking, identity_id=identity_id)
        work_off(asking)
        commands.ask_register(later(asking, timedelta(hours=2)), identity_id=identity_id)
        work_off(later(asking, timedelta(hours=2)))
        assert len(there.requests) == 1
        there.searches_a_day = 100
        tomorrow = later(asking, DAY)
        assert commands.ask_due(tomorrow).count == 1
        work_off(tomorrow)
        assert checked(asking, zaklady).state is IdentityState.VERIFIED

    def test_of_a_worker_that_was_lost_is_asked_again(self, asking: Ctx, zaklady: int, there: Registers) -> None:
        commands.ask_register(asking, identity_id=add(asking, zaklady))
        late = later(asking, timedelta(minutes=61))
        assert commands.ask_due(later(asking, timedelta(minutes=59))).count == 0
        assert commands.ask_due(late).count == 1
        done = answered(late, zaklady, YES)
        assert done.outcome is CheckOutcome.VERIFIED
        stale = commands.record_answer(late, inquiry_id=done.inquiry_id, attempt=1, answer=NO)
        assert stale.outcome is None
        assert checked(asking, zaklady).state is IdentityState.VERIFIED


class TestAnAnswer:
    def test_about_a_number_of_somebody_else_is_for_a_person(self, asking: Ctx, zaklady: int, jan: int) -> None:
        first, second = add(asking, zaklady), add(asking, jan)
        commands.decide_number(asking, identity_id=first, outcome=commands.Outcome.VERIFIED, evidence="paper")
        commands.ask_register(asking, identity_id=second)
        done = answered(asking, jan, replace(YES, name=""))
        assert (done.outcome, done.reason) == (CheckOutcome.UNKNOWN, Reason.TAKEN)
        assert checked(asking, jan).state is IdentityState.UNVERIFIED

    def test_under_another_name_is_for_a_person_who_decides(self, asking: Ctx, zaklady: int) -> None:
        identity_id = add(asking, zaklady)
        commands.ask_register(asking, identity_id=identity_id)
        done = answered(asking, zaklady, replace(YES, name="HURTOWNIA KOS"))
        assert done.reason is Reason.NAME_DIFFERS
        assert checked(asking, zaklady).is_in_doubt
        decided = run_twice(
            commands.decide_number,
            asking,
            identity_id=identity_id,
            outcome=commands.Outcome.VERIFIED,
            evidence="renamed",
        )
        assert decided.state is IdentityState.VERIFIED
        assert not checked(asking, zaklady).is_in_doubt

    REWRITTEN = ("UPDATE parties_inquiry SET evidence = 'better'", "DELETE FROM parties_inquiry")

    def test_once_recorded_stays(self, anna_live: Ctx, register_zaklady: Callable[[Ctx], int]) -> None:
        self._recorded(anna_live, register_zaklady(anna_live))
        for change in self.REWRITTEN:
            with pytest.raises(DatabaseError), tenant.scope(anna_live.tenant_id):
                rows.run(change)
            with as_owner(anna_live) as cursor, pytest.raises(DatabaseError, match=r"stays as it was|refused"):
                cursor.execute(change)

    def test_would_be_rewritten_but_for_the_guards(
        self, anna_live: Ctx, register_zaklady: Callable[[Ctx], int]
    ) -> None:
        """The planted fault: the triggers are taken away, and what a register said is changed and deleted."""
        self._recorded(anna_live, register_zaklady(anna_live))
        with as_owner(anna_live) as cursor:
            for trigger in ("answer_stays", "kept"):
                cursor.execute(f"ALTER TABLE parties_inquiry DISABLE TRIGGER {trigger}")
            for change in self.REWRITTEN:
                cursor.execute(change)
                assert cursor.rowcount == 1

    def _recorded(self, ctx: Ctx, party_id: int) -> None:
        commands.ask_register(switch_on(ctx), identity_id=add(ctx, party_id))
        answered(ctx, party_id, YES)

    def test_leaves_nothing_of_a_person_who_is_erased(self, asking: Ctx, jan: int) -> None:
        commands.ask_register(asking, identity_id=add(asking, jan))
        answered(asking, jan, replace(YES, name="JAN KOWALSKI USŁUGI"))
        assert find(asking, "KOWALSKI USŁUGI")
        other = add(asking, jan, IdentityKind.VAT, "DE136695976")
        commands.ask_register(asking, identity_id=other)
        commands.erase_person(asking, party_id=jan, reason="asked")
        assert find(asking, "KOWALSKI USŁUGI") == []
        assert find(asking, "136695976") == []
        assert inquiry_states(asking) == ["answered", "dropped"]


def inquiry_states(ctx: Ctx) -> list[str]:
    with tenant.scope(ctx.tenant_id):
        return [row[0] for row in rows.select("SELECT state FROM parties_inquiry ORDER BY id")]
