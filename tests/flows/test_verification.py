"""A doubt about a payer's number waits for a person; so does what is out of date and no register renews."""

from dataclasses import replace
from datetime import timedelta

import pytest

from desk import Desk, open_desk
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.parties import commands, queries
from kvit.parties.domain.facts import NewFact
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.registers import Answer, Register, Said
from kvit.work import queries as work
from kvit.work.queries import Item
from simulated_registers import NIP, work_off

DAY = timedelta(days=1)


@pytest.fixture
def desk(anna: Ctx) -> Desk:
    """Anna's company with Bo as its customer, whose number may be asked about."""
    desk = open_desk(anna)
    for register in Register:
        commands.switch_register(anna, register=register, is_on=True)
    return desk


def waiting(ctx: Ctx) -> list[tuple[str, str, int]]:
    with tenant.scope(ctx.tenant_id):
        items: tuple[Item, ...] = work.waiting(now=ctx.now, limit=9)
    return [(item.kind, item.reason_code, item.subject_id) for item in items if item.kind.startswith("parties.")]


def answered(desk: Desk, identity_id: int, answer: Answer) -> None:
    asked = commands.ask_register(desk.ctx, identity_id=identity_id)
    with tenant.scope(desk.ctx.tenant_id):
        (attempts,) = {
            number.inquiry.attempts
            for number in queries.checked_numbers(desk.bo.party_id, today=desk.ctx.now.date())
            if number.inquiry is not None and number.inquiry.id == asked.inquiry_id
        }
    commands.record_answer(desk.ctx, inquiry_id=asked.inquiry_id, attempt=attempts, answer=answer)


class TestADoubt:
    def test_waits_until_a_register_confirms(self, desk: Desk) -> None:
        number = commands.add_identity(
            desk.ctx, party_id=desk.bo.party_id, kind=IdentityKind.NIP, value=NIP
        ).identity_id
        answered(desk, number, Answer(Said.YES, request_id="1", name="HURTOWNIA KOS"))
        work_off(desk.ctx)
        assert waiting(desk.ctx) == [("parties.check", "parties.name_differs", desk.bo.id)]
        answered(desk, number, Answer(Said.YES, request_id="2", name="EK BO USŁUGI"))
        work_off(desk.ctx)
        assert waiting(desk.ctx) == []

    def test_waits_until_a_person_decides(self, desk: Desk) -> None:
        number = commands.add_identity(
            desk.ctx, party_id=desk.bo.party_id, kind=IdentityKind.VAT, value="DE136695976"
        ).identity_id
        answered(desk, number, Answer(Said.NO))
        work_off(desk.ctx)
        assert waiting(desk.ctx) == [("parties.check", "parties.denied", desk.bo.id)]
        commands.decide_number(
            desk.ctx, identity_id=number, outcome=commands.Outcome.REFUTED, evidence="asked the customer"
        )
        work_off(desk.ctx)
        assert waiting(desk.ctx) == []

    @pytest.mark.parametrize(
        "answer", [Answer(Said.NO), Answer(Said.UNAVAILABLE, code="WL-196"), Answer(Said.LIMIT, code="WL-191")]
    )
    def test_is_not_raised_by_who_is_in_no_list_or_by_silence(self, desk: Desk, answer: Answer) -> None:
        number = commands.add_identity(
            desk.ctx, party_id=desk.bo.party_id, kind=IdentityKind.NIP, value=NIP
        ).identity_id
        answered(desk, number, answer)
        work_off(desk.ctx)
        assert waiting(desk.ctx) == []


class TestWhatIsOutOfDate:
    def test_waits_until_it_is_renewed(self, desk: Desk) -> None:
        def learn(ctx: Ctx) -> None:
            fact = NewFact("account_owner", "Bo Ek", "call", renew_after_days=30)
            commands.record_fact(ctx, party_id=desk.bo.party_id, fact=fact)

        learn(desk.ctx)
        for days, expected in ((29, []), (30, [("parties.renew", "parties.out_of_date", desk.bo.id)])):
            then = replace(desk.ctx, now=desk.ctx.now + days * DAY)
            commands.look_over_knowledge(then)
            work_off(then)
            assert waiting(then) == expected
        then = replace(desk.ctx, now=desk.ctx.now + 31 * DAY)
        learn(then)
        commands.look_over_knowledge(then)
        work_off(then)
        assert waiting(then) == []

    def test_of_who_is_no_customer_waits_for_nobody(self, desk: Desk) -> None:
        with tenant.scope(desk.ctx.tenant_id):
            (own,) = queries.own_parties()
        fact = NewFact("account_owner", "x", "call", renew_after_days=1)
        commands.record_fact(desk.ctx, party_id=own, fact=fact)
        then = replace(desk.ctx, now=desk.ctx.now + 9 * DAY)
        commands.look_over_knowledge(then)
        work_off(then)
        assert waiting(then) == []
