"""What is known is looked over once a day: asked about anew, no longer relied on, or left to a person."""

from datetime import timedelta

import pytest

from kvit.base import clock, rows, tenant
from kvit.base.command import Ctx
from kvit.parties import commands, jobs, queries
from kvit.parties.domain import registers as domain
from kvit.parties.domain.facts import NewFact
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.domain.register import PartyKind
from kvit.parties.domain.registers import Register
from kvit.world.simulators.registers import Registers
from simulated_registers import (
    NRB,
    YES,
    add,
    answered,
    checked,
    later,
    work_off,
)
from tables import run_twice

DAY = timedelta(days=1)


class TestLookingOver:
    def test_asks_what_was_never_asked_and_what_is_old(self, asking: Ctx, zaklady: int, jan: int) -> None:
        add(asking, zaklady)
        run = run_twice(commands.look_over_knowledge, asking)
        assert run.asked_count == 1
        commands.ask_due(asking)
        answered(asking, zaklady, YES)
        for days, asked in ((1, 0), (89, 0), (90, 1), (91, 0)):
            assert commands.look_over_knowledge(later(asking, days * DAY)).asked_count == asked, days

    def test_asks_no_more_than_a_register_takes(
        self, asking: Ctx, zaklady: int, jan: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(domain, "MOST_A_DAY", {Register.VIES: 9, Register.WHITE_LIST: 1})
        add(asking, zaklady)
        add(asking, jan)
        assert commands.look_over_knowledge(asking).asked_count == 1
        assert commands.look_over_knowledge(later(asking, DAY)).asked_count == 1

    def test_asks_nobody_about_the_company_itself_or_an_account_alone(self, asking: Ctx, zaklady: int) -> None:
        own = commands.register_party(asking, kind=PartyKind.COMPANY, name="Own", country="PL", is_own=True).party_id
        add(asking, own)
        add(asking, zaklady, IdentityKind.IBAN, f"PL{NRB}")
        assert commands.look_over_knowledge(asking).asked_count == 0

    def test_no_longer_relies_on_a_check_that_nobody_renews(self, anna: Ctx, zaklady: int) -> None:
        identity_id = add(anna, zaklady)
        commands.decide_number(anna, identity_id=identity_id, outcome=commands.Outcome.VERIFIED, evidence="paper")
        for days, state, is_old, asks in (
            (89, IdentityState.VERIFIED, False, 0),
            (90, IdentityState.VERIFIED, True, 0),
            (121, IdentityState.EXPIRED, True, 1),
        ):
            then = later(anna, days * DAY)
            assert commands.look_over_knowledge(then).out_of_date_count == asks
            found = checked(then, zaklady)
            assert (found.state, found.is_out_of_date, found.age_days) == (state, is_old, days)

    def test_finds_facts_that_no_register_renews(self, asking: Ctx, zaklady: int, jan: int) -> None:
        for party_id, source in ((zaklady, "call"), (jan, "white_list")):
            commands.record_fact(
                asking, party_id=party_id, fact=NewFact("account_owner", "x", source, renew_after_days=1)
            )
        then = later(asking, 2 * DAY)
        commands.look_over_knowledge(then)
        with tenant.scope(asking.tenant_id):
            assert queries.out_of_date(today=then.now.date(), limit=9) == (zaklady,)
        commands.switch_register(then, register=Register.WHITE_LIST, is_on=False)
        with tenant.scope(asking.tenant_id):
            assert queries.out_of_date(today=then.now.date(), limit=9) == (zaklady, jan)

    def test_happens_once_a_day_and_puts_what_is_due(
        self, asking: Ctx, zaklady: int, there: Registers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add(asking, zaklady)
        monkeypatch.setattr(clock, "current", lambda: clock.FixedClock(asking.now))
        for _ in range(2):
            jobs.pass_over(asking.tenant_id)
        work_off(asking)
        assert len(there.requests) == 1
        with tenant.scope(asking.tenant_id):
            ((count,),) = rows.select("SELECT count(*) FROM base_command WHERE name = 'parties.look_over_knowledge'")
        assert count == 1
